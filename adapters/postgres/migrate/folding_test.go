package migrate_test

import (
	"slices"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
)

// downTo takes migrations back, up to the one with a number.
func downTo(t *testing.T, url string, number int64) {
	t.Helper()
	m := migrator(t, url)
	for {
		step, err := m.Down(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if step.Version == number {
			return
		}
	}
}

const wrongTokens = `SELECT u.username FROM roster.users u WHERE u.search <> roster.search_text(u.username, u.email, u.display_name)
	OR EXISTS (SELECT FROM roster.search_tokens(u.search) t (token)
		WHERE NOT EXISTS (SELECT FROM roster.postings p WHERE p.token = t.token AND p.user_id = u.id))`

func TestStoredNamesAreFoldedAgain(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	c := pgtest.Connect(t, url)
	downTo(t, url, 120)
	pgtest.Execute(t, c, `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		SELECT gen_random_uuid(), 'user' || i, 'user' || i || '@e.x',
			(ARRAY['Ada', U&'\0639\0644\06cc', U&'\5c71\7530 \592a\90ce'])[1 + i % 3], now(), now()
		FROM generate_series(0, 2999) i`)
	tokens := func(username string) []string {
		t.Helper()
		return pgtest.Column[string](t, c, "SELECT p.token FROM roster.postings p JOIN roster.users u ON u.id = p.user_id"+
			" WHERE u.username = '"+username+"' AND octet_length(p.token) > char_length(p.token) ORDER BY p.token")
	}
	before := tokens("user1")
	if _, err := migrator(t, url).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := tokens("user1"); slices.Equal(got, before) || !slices.Equal(got, []string{"\u0639\u0644\u064a"}) {
		t.Errorf("the tokens were %+q and are %+q", before, got)
	}
	if got := tokens("user2"); !slices.Contains(got, "田太") {
		t.Errorf("the tokens are %q", got)
	}
	if wrong := pgtest.Column[string](t, c, wrongTokens); len(wrong) > 0 {
		t.Errorf("%d users have other tokens than their names", len(wrong))
	}
	const unused = "SELECT v.token FROM roster.vocabulary v WHERE NOT EXISTS (SELECT FROM roster.postings p WHERE p.token = v.token)"
	if tokens := pgtest.Column[string](t, c, unused); len(tokens) > 0 {
		t.Errorf("the vocabulary has %+q, which no user has", tokens)
	}
	downTo(t, url, 120)
	if got := tokens("user1"); !slices.Equal(got, before) {
		t.Errorf("after the way back the tokens are %+q, not %+q", got, before)
	}
	if wrong := pgtest.Column[string](t, c, wrongTokens); len(wrong) > 0 {
		t.Errorf("after the way back %d users have other tokens than their names", len(wrong))
	}
}

func TestInvisibleNamesOfBeforeBecomeVisible(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	c := pgtest.Connect(t, url)
	downTo(t, url, 122)
	pgtest.Execute(t, c,
		`INSERT INTO roster.users (id, username, email, display_name, external_id, created_at, updated_at) VALUES
			(gen_random_uuid(), 'ada', 'ada@e.x', U&'\200b', U&'\2060', now(), now()),
			(gen_random_uuid(), 'ben', 'ben@e.x', 'Ben', U&'\00ad', now(), now()),
			(gen_random_uuid(), 'eve', 'eve@e.x', U&'Eve\200b', 'e', now(), now())`,
		`INSERT INTO roster.plans (code, name) VALUES ('free', U&'\3164')`,
		`INSERT INTO roster.organizations (id, name, slug, plan, created_at) VALUES (gen_random_uuid(), U&'\2800', 'acme', 'free', now())`)
	if _, err := migrator(t, url).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := pgtest.Column[string](t, c, `SELECT concat_ws(' ', username, display_name, external_id, version) FROM roster.users
		UNION ALL SELECT name FROM roster.plans UNION ALL SELECT name FROM roster.organizations`)
	slices.Sort(got)
	want := []string{"acme", "ada ada 2", "ben Ben 2", "eve Eve\u200b e 1", "free"}
	if !slices.Equal(got, want) {
		t.Errorf("got %+q, want %+q", got, want)
	}
	for _, statement := range []string{
		`UPDATE roster.users SET display_name = U&'\200b' WHERE username = 'ada'`, `UPDATE roster.users SET external_id = U&'\3164'`,
		`UPDATE roster.plans SET name = U&'\00ad'`, `UPDATE roster.organizations SET name = U&'\2800'`,
	} {
		if _, err := c.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s is allowed", statement)
		}
	}
}

func TestTheDatabaseAndTheDomainAgreeOnWhatIsVisible(t *testing.T) {
	t.Parallel()
	c := pgtest.Connect(t, migrated(t))
	invisible := pgtest.Column[int32](t, c,
		"SELECT i FROM generate_series(1, 1114111) i WHERE i NOT BETWEEN 55296 AND 57343 AND NOT roster.is_visible(chr(i))")
	var want []int32
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || unicode.IsControl(r) || !norm.NFC.IsNormalString(string(r)) {
			continue
		}
		if _, err := domain.ParsePlanName(string(r)); err != nil {
			want = append(want, r)
		}
	}
	invisible = slices.DeleteFunc(invisible, func(r rune) bool { return unicode.IsControl(r) || !norm.NFC.IsNormalString(string(r)) })
	if !slices.Equal(invisible, want) {
		t.Errorf("in the database %U are invisible, in the domain %U", invisible, want)
	}
}
