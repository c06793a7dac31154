package search_test

import (
	"slices"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/internal/testdb"
)

// named has users with a name and a number. Some of them are renamed or deleted.
const named = `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at, deleted_at)
	SELECT lpad(to_hex(i), 32, '0')::uuid, 'u' || i, 'u' || i || '@e.x', CASE
		WHEN i = 3001 THEN 'renamed' WHEN i % 2 = 0 THEN 'turing ' || i ELSE 'lovelace ' || i END ||
		CASE WHEN i IN (3002, 3003) THEN ' gone' WHEN i IN (3004, 3006) THEN ' quixotic' ELSE '' END,
		'2024-01-01'::timestamptz + i * interval '1 minute', now(), CASE WHEN i IN (3002, 3003, 3004) THEN now() END
	FROM generate_series(2001, 4000) i`

// A search that finds nobody sends no statement that can't find anybody.
func TestSearchesThatFindNobodyEndEarly(t *testing.T) {
	t.Parallel()
	sent := new(recorder)
	config := testdb.Config(testdb.URL(t))
	config.Tracer = sent
	users := postgres.NewUsers(testdb.Open(t, config))
	conn := pgtest.Connect(t, config.URL)
	pgtest.Execute(t, conn, named, "ANALYZE")
	for _, s := range []struct {
		term, of string
		want     []string
	}{
		{"lovelace 3001", "a renamed user", []string{"rare"}},
		{"turing 3002", "a deleted user", []string{"rare"}},
		{"turing gone", "deleted users, in a word like no other", []string{"rare", "vocabulary"}},
		{"u3001x lovelace", "no user, in a word with a number", []string{"rare"}},
		{"xenophon lovelace", "no user, in a word like no other", []string{"rare", "vocabulary"}},
		{"xenophon", "no user, in a word like no other", []string{"name", "words", "counts", "vocabulary"}},
		{"u3001x", "no user, in a word with a number", []string{"name", "words", "counts"}},
		{"-u2001 lovelace 2001", "an excluded user", []string{"rare"}},
		{"turing 3007", "a user of another name", []string{"rare", "vocabulary"}},
		{`"lovelace turing" 3007`, "no user, in a phrase", []string{"rare"}},
	} {
		sent.forget()
		found, err := users.SearchUsers(t.Context(), searchFor(s.term, 20))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, statement := range sent.forget() {
			if name, ok := sqlcheck.NameOf(statement.text); ok {
				got = append(got, name)
			}
		}
		for i := range s.want {
			s.want[i] = "users.search_" + s.want[i]
		}
		if len(found.Items) > 0 || found.More || !slices.Equal(got, s.want) {
			t.Errorf("%s, the name of %s: found %v by %v, want nobody by %v", s.term, s.of, hits(found), got, s.want)
		}
	}
	for term, want := range map[string]string{"turign 3000": "u3000similar", "quixotik": "u3006similar", "quixotik 3006": "u3006similar"} {
		found, err := users.SearchUsers(t.Context(), searchFor(term, 20))
		if err != nil || !slices.Equal(hits(found), []string{want}) {
			t.Errorf("%s: found %v, %v; want %s", term, hits(found), err, want)
		}
	}
}
