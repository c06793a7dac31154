package search_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
)

// The database folds stored names, and the domain folds terms.
func TestTheDatabaseAndTheDomainFoldNamesIntoTheSameTokens(t *testing.T) {
	t.Parallel()
	_, conn := testdb.New(t)
	var texts []string
	for r := rune(0xa0); r < 0x30000; r++ {
		sampled := r < 0x3400 || r >= 0xd7a4 && r < 0x20000 || r%16 == 0 // the others are alike
		assigned := unicode.IsPrint(r) || unicode.In(r, unicode.Cf, unicode.Mn, unicode.Zs)
		if assigned && sampled {
			c := string(r)
			texts = append(texts, "A"+c+"b", "C-"+c+"d", "e"+c+"-"+c+"f", c+" g'h"+c+"'"+c, "\u738b"+c+"\u674e \uae40 i"+c)
		}
	}
	texts = append(texts, "Siobhán O’Brien-Łuk", "王小明", "Anne-Marie d'Arc", "佐々木 がく", "김철수 Kim",
		"สมชาย ใจดี", "ΟΔΥΣΣΕΑΣ", "İstanbul", "مُحَمَّد", "Ёлкин-Й", "a--b '' c'",
		"\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "山田　太郎 Taro 金 大 中",
		"山\u30fb田-太郎", "\u3131\u314f \u1112\u200d\u1161\u11ab", "\uff76\uff9e\uff77", "हिन्दी सिन्हा",
		"\u0d28\u0d4d\u200d", "Jean\u2010Luc", "Mar\u00adta")
	if differ := foldedOtherwise(t, conn, texts); len(differ) > 0 {
		t.Errorf("%d of %d differ, such as %v", len(differ), len(texts), differ[:min(len(differ), 20)])
	}
}

// Servers have Unicode in several versions: in normalize, in ICU and in the C library.
func TestEveryCodePointIsFoldedAlikeWhateverUnicodeTheServerHas(t *testing.T) {
	t.Parallel()
	const together = 64
	_, conn := testdb.New(t)
	var texts []string
	for first := rune(0); first <= unicode.MaxRune; first += together {
		var words []string
		for r := max(first, 1); r < first+together; r++ {
			if utf8.ValidRune(r) {
				words = append(words, "A"+string(r)+"b")
			}
		}
		texts = append(texts, strings.Join(words, " "))
	}
	var suspects []string
	for _, f := range foldedOtherwise(t, conn, texts) {
		suspects = append(suspects, strings.Split(f.text, " ")...)
	}
	for _, f := range foldedOtherwise(t, conn, suspects) {
		t.Error(f)
	}
}

// unlike is a text that has other tokens in the database than in the domain.
type unlike struct {
	text             string
	database, domain []string
}

func (u unlike) String() string {
	return fmt.Sprintf("%q (%U) has the tokens %q in the database, and %q in the domain", u.text, []rune(u.text)[1], u.database, u.domain)
}

func foldedOtherwise(t *testing.T, conn *pgx.Conn, texts []string) (differ []unlike) {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT t, roster.search_text('u', 'u@e.x', t) FROM unnest($1::text[]) t`, texts)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text, stored string
		if err := rows.Scan(&text, &stored); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(stored, " u | u @e.x | e x | ")
		got := strings.Fields(strings.ReplaceAll(name, "|", " "))
		if want := domain.Words(text); strings.Join(got, " ") != strings.Join(want, " ") {
			differ = append(differ, unlike{text, got, want})
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return differ
}

func TestPostingsFollowTheUsersThatAStatementChanges(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	testdb.CreateUsers(t, users, 0, 20)
	for _, change := range []string{
		"UPDATE roster.users SET display_name = 'Ada ' || username || ' Ada ' || left(email, 4) WHERE username < 'user15'",
		`UPDATE roster.users SET display_name = CASE WHEN username < 'user12' THEN 'Grace Ada' ELSE display_name END,
			status = 'suspended'`,
		`UPDATE roster.users SET username = 'x' || username, email = 'x.' || email, created_at = created_at + interval '1 hour'
			WHERE username > 'user13'`,
		"UPDATE roster.users SET version = version + 1",
		`UPDATE roster.users u SET created_at = o.created_at FROM roster.users o
			WHERE u.username = 'user0' AND o.username = 'user1' OR u.username = 'user1' AND o.username = 'user0'`,
		"UPDATE roster.users SET id = '09000000-0000-0000-0000-000000000000' WHERE username = 'user1'",
		"DELETE FROM roster.users WHERE username IN ('user0', 'user10', 'user11')",
	} {
		pgtest.Execute(t, c, change)
		const tokens = `SELECT w.token, u.created_at, u.id
			FROM roster.users u, unnest(string_to_array(u.search, ' ')) w (token) WHERE w.token NOT IN ('', '|')`
		const wrong = "SELECT count(*) FROM ((TABLE roster.postings EXCEPT " + tokens + ")" +
			" UNION ALL (" + tokens + " EXCEPT TABLE roster.postings)) d"
		if n := pgtest.Scalar[int64](t, c, wrong); n != 0 {
			t.Errorf("after %s %d postings are wrong", change, n)
		}
		const unknown = `SELECT count(*) FROM roster.postings w WHERE w.token ~ '^[a-z]{3,}$'
			AND NOT EXISTS (SELECT FROM roster.vocabulary k WHERE k.token = w.token)`
		if n := pgtest.Scalar[int64](t, c, unknown); n != 0 {
			t.Errorf("after %s %d tokens are not in the vocabulary", change, n)
		}
	}
}
