package search_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/search"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// Several first phases are one statement, in which each has its own tokens, phrases,
// exclusions and limit. Each must find what it finds by itself.
func TestFirstPhasesThatShareAStatementFindWhatTheyFindAlone(t *testing.T) {
	t.Parallel()
	users, conn := testdb.NewUsers(t)
	pgtest.Execute(t, conn, longLists)
	all := allUsers(t, users)
	searches := []struct {
		term  string
		limit int
		full  bool // the first phase fills the page
	}{
		{"last u9298", 20, true},
		{`"rare" last`, 3, true},
		{"first u12 -tenth", 20, true},
		{"u12 first -thirdly -tenth", 20, true},
		{`"even third" u60`, 20, true},
		{"even third", 20, false}, // common tokens
		{"even nobody", 20, false},
		{"evenly", 5, true}, // one token
	}
	var together []ports.SearchUsers
	for _, s := range searches {
		in := searchFor(s.term, s.limit)
		together = append(together, in)
		want := []string{}
		if s.full {
			want = matching(in.Term, all)
			want = want[:min(len(want), s.limit)]
		}
		if got := firstPhases(t, users, in)[0]; !slices.Equal(got, want) || s.full && len(got) == 0 {
			t.Errorf("%s, alone: found %v, want %v", s.term, got, want)
		}
	}
	address := searchFor("u9298@e.x", 20)
	if got := firstPhases(t, users, address)[0]; !slices.Equal(got, []string{"u9298" + domain.MatchExact.String()}) {
		t.Errorf("of an address: found %v", got)
	}
	for i, got := range firstPhases(t, users, append(together, address)...)[:len(together)] {
		if want := firstPhases(t, users, together[i])[0]; !slices.Equal(got, want) {
			t.Errorf("%s, with others: found %v, want %v", searches[i].term, got, want)
		}
	}
}

func searchFor(term string, limit int) ports.SearchUsers {
	return ports.SearchUsers{Term: domain.MustParse(domain.ParseSearchTerm(term)), Limit: domain.MustParse(domain.ParsePageSize(limit))}
}

// firstPhases returns what first phases find that fill their page, and nothing for
// the others.
func firstPhases(t *testing.T, users *postgres.Users, in ...ports.SearchUsers) [][]string {
	t.Helper()
	found, full, err := search.FirstPhases(t.Context(), users.Engine, in)
	if err != nil {
		t.Fatal(err)
	}
	all := make([][]string, len(in))
	for i := range in {
		if full[i] {
			all[i] = hits(found[i])
		}
	}
	return all
}

// So the first phase of several tokens finds the user of tier 1 with the others. An
// address at a number in brackets has tokens that its user lacks; its search goes on
// to the second phase.
func TestAUserHasAllTokensOfItsNames(t *testing.T) {
	t.Parallel()
	_, conn := testdb.New(t)
	random := testdb.Random(1, 2)
	text := func(letters string, longest int) string {
		var b strings.Builder
		for range 1 + random.IntN(longest) {
			b.WriteByte(letters[random.IntN(len(letters))])
		}
		return b.String()
	}
	hosts := []string{"example.com", "Mail-2.Example.co.uk", "xn--bcher-kva.example", "x.y"}
	for range 2_000 {
		username, errName := domain.ParseUsername(text("aZ9", 1) + text("abCZ019._-", 12))
		email, errEmail := domain.ParseEmail(text("aB1!#$%&'*+/=?^_`{|}~.-", 10) + "@" + hosts[random.IntN(len(hosts))])
		if errName != nil || errEmail != nil {
			continue
		}
		search := pgtest.Scalar[string](t, conn, "SELECT roster.search_text($1, $2, 'x')", username.String(), email.String())
		for _, name := range []string{username.String(), email.String()} {
			term, err := domain.ParseSearchTerm(name)
			if err != nil {
				continue // it has no tokens
			}
			for _, part := range term.Required() {
				for _, word := range part.Words {
					if !strings.Contains(search, " "+word) {
						t.Fatalf("%s and %s are stored as %q: %s lacks %q", username, email, search, name, word)
					}
				}
			}
		}
	}
}
