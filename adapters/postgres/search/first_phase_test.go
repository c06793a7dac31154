package search_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/search"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// The beginnings of several searches are one statement, in which each has its
// own words, phrases, exclusions and limit; what it finds is what each finds by
// itself.
func TestBeginningsOfSearchesThatShareAStatementAreEachTheirOwn(t *testing.T) {
	d, conn := testdb.New(t)
	if _, err := conn.Exec(t.Context(), longLists); err != nil {
		t.Fatal(err)
	}
	all := everybody(t, postgres.NewUsers(d))
	searches := []struct {
		term  string
		limit int
		ended bool // in the beginning
	}{
		{"last u9298", 20, true},
		{`"rare" last`, 3, true},
		{"first u12 -tenth", 20, true},
		{"u12 first -thirdly -tenth", 20, true},
		{`"even third" u60`, 20, true},
		{"even third", 20, false}, // many have them
		{"even nobody", 20, false},
		{"evenly", 5, true}, // one word
	}
	var together []ports.SearchUsers
	for _, s := range searches {
		in := ports.SearchUsers{Term: domain.MustParse(domain.ParseSearchTerm(s.term)), Limit: domain.MustParse(domain.ParsePageSize(s.limit))}
		together = append(together, in)
		want := []string{}
		if s.ended {
			want = described(in.Term, all)
			want = want[:min(len(want), s.limit)]
		}
		if got := foundAtOnce(t, d, in)[0]; !slices.Equal(got, want) || s.ended && len(got) == 0 {
			t.Errorf("%s, alone: found %v, want %v", s.term, got, want)
		}
	}
	address := ports.SearchUsers{Term: domain.MustParse(domain.ParseSearchTerm("u9298@e.x")), Limit: domain.MustParse(domain.ParsePageSize(20))}
	if got := foundAtOnce(t, d, address)[0]; !slices.Equal(got, []string{"u9298" + domain.MatchExact.String()}) {
		t.Errorf("of an address: found %v", got)
	}
	for i, got := range foundAtOnce(t, d, append(together, address)...)[:len(together)] {
		if want := foundAtOnce(t, d, together[i])[0]; !slices.Equal(got, want) {
			t.Errorf("%s, with others: found %v, want %v", searches[i].term, got, want)
		}
	}
}

// foundAtOnce are the users whom searches find in their beginnings, where those are
// enough.
func foundAtOnce(t *testing.T, d *postgres.Database, in ...ports.SearchUsers) [][]string {
	t.Helper()
	found, ended, err := search.FirstPhases(t.Context(), postgres.NewUsers(d).Engine, in)
	if err != nil {
		t.Fatal(err)
	}
	all := make([][]string, len(in))
	for i := range in {
		for _, each := range found[i].Items {
			if ended[i] {
				all[i] = append(all[i], each.Username.String()+each.Match.String())
			}
		}
	}
	return all
}

// Whoever is named by a term has all of its words, which is why the beginning of
// a search of several words finds him with the others. Of an address at a number
// in brackets nobody has the words, so that its search does not end there.
func TestWhomATermNamesHasItsWords(t *testing.T) {
	_, conn := testdb.New(t)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test's data
	text := func(letters string, most int) string {
		var b strings.Builder
		for range 1 + random.IntN(most) {
			b.WriteByte(letters[random.IntN(len(letters))])
		}
		return b.String()
	}
	hosts := []string{"example.com", "Mail-2.Example.co.uk", "xn--bcher-kva.example", "x.y"}
	for range 2_000 {
		username, errName := domain.ParseUsername(text("aZ9", 1) + text("abCZ019._-", 12))
		email, errEmail := domain.ParseEmail(text("aB1!#$%&'*+/=?^_`{|}~.-", 10) + "@" + hosts[random.IntN(len(hosts))])
		if errName != nil || errEmail != nil {
			continue // it is nobody's
		}
		search := pgtest.Scalar[string](t, conn, "SELECT roster.search_text($1, $2, 'x')", username.String(), email.String())
		for _, name := range []string{username.String(), email.String()} {
			term, err := domain.ParseSearchTerm(name)
			if err != nil {
				continue // it has no words
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
