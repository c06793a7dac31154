package postgres_test

import (
	"slices"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// The beginnings of several searches are one statement, in which each has its
// own words, phrases, exclusions and limit; what it finds is what each finds by
// itself.
func TestBeginningsOfSearchesThatShareAStatementAreEachTheirOwn(t *testing.T) {
	d, conn := migrated(t)
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
	for i, got := range foundAtOnce(t, d, together...) {
		if want := foundAtOnce(t, d, together[i])[0]; !slices.Equal(got, want) {
			t.Errorf("%s, with others: found %v, want %v", searches[i].term, got, want)
		}
	}
}

// foundAtOnce are the users whom searches find in their beginnings, where those are
// enough.
func foundAtOnce(t *testing.T, d *postgres.Database, in ...ports.SearchUsers) [][]string {
	t.Helper()
	found, ended, err := postgres.BeginSearches(t.Context(), d, in)
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
