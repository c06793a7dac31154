package search_test

import (
	"fmt"
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

// longLists has posting lists of all lengths, and pairs that share few or many users.
// The search reads each kind in another way.
const longLists = `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
	SELECT lpad(to_hex(i), 32, '0')::uuid, 'u' || i, 'u' || i || '@e.x', concat_ws(' ',
		CASE i % 2 WHEN 0 THEN 'even' ELSE 'evenly' END,
		CASE i % 3 WHEN 0 THEN 'third' WHEN 1 THEN 'thirdly' END,
		CASE i % 10 WHEN 3 THEN 'tenth' WHEN 5 THEN 'tenthly' END,
		CASE i % 900 WHEN 1 THEN 'rare' END,
		CASE WHEN i <= 4700 THEN 'first' END,
		CASE WHEN i > 4650 THEN 'last' END), '2024-01-01'::timestamptz + i / 3 * interval '1 minute', now()
	FROM generate_series(1, 9300) i`

var longTerms = []string{
	"even", "eve", "even third", "third even", "even tenth", "tenth third", "tenthly third", "rare tenth", "rar ten",
	"first last", "fir las", "even first", "eve thi", "third last rare", "third last tenth even",
	`"even third"`, `"third tenth" even`, "even -third tenth", "last u9",
}

func TestPagesThatEndEarlyLoseNoUser(t *testing.T) {
	t.Parallel()
	users, conn := testdb.NewUsers(t)
	pgtest.Execute(t, conn, longLists, "ANALYZE")
	all := allUsers(t, users)
	search.Shrink(users.Engine, 10)
	for _, term := range longTerms {
		in := searchFor(term, 100)
		if got, want := allPages(t, users, in), matching(in.Term, all); !slices.Equal(got, want) {
			t.Errorf("%s: found %d, want %d:\n%s", term, len(got), len(want), difference(got, want))
		}
	}
}

func TestLongPostingListsAreReadInPageOrder(t *testing.T) {
	t.Parallel()
	users, conn := testdb.NewUsers(t)
	pgtest.Execute(t, conn, longLists, "ANALYZE")
	all := allUsers(t, users)
	for _, term := range longTerms {
		in := searchFor(term, 45)
		want := matching(in.Term, all)
		for from := 0; from < min(len(want), 450); from += 45 {
			found, err := users.SearchUsers(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			got := hits(found)
			if page := want[from:min(len(want), from+45)]; !slices.Equal(got, page) || found.More != (len(want) > from+45) {
				t.Fatalf("%s, from hit %d on: got %v, want %v", term, from, got, page)
			}
			at := found.Items[len(found.Items)-1].Position()
			in.After = &at
		}
	}
}

// difference shows where two results part.
func difference(a, b []string) string {
	from := 0
	for from < min(len(a), len(b)) && a[from] == b[from] {
		from++
	}
	return fmt.Sprintf("at %d: %v and %v", from, a[from:min(len(a), from+3)], b[from:min(len(b), from+3)])
}

// hits returns the username and the tier of each hit.
func hits(found ports.FoundUsers) []string {
	var all []string
	for _, hit := range found.Items {
		all = append(all, hit.Username.String()+hit.Match.String())
	}
	return all
}

func allUsers(t *testing.T, users *postgres.Users) []domain.User {
	t.Helper()
	var all []domain.User
	in := ports.ListUsers{Limit: domain.MustParse(domain.ParsePageSize(1000))}
	for {
		page, err := users.ListUsers(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Items...)
		if !page.More {
			return all
		}
		at := in.Order.Position(all[len(all)-1])
		in.After = &at
	}
}

// matching returns the hits of a term as a search must find them: the users with all
// tokens before those with all prefixes, the newest first in each tier.
func matching(term domain.SearchTerm, all []domain.User) []string {
	var found [2][]string
	for _, user := range all {
		name := " " + user.Username.String() + " " + user.DisplayName.String() + " "
		tokens, prefixes := true, true
		for _, part := range term.Required() {
			words := " " + strings.Join(part.Words, " ")
			tokens = tokens && strings.Contains(name, words+" ")
			prefixes = prefixes && strings.Contains(name, words) && (!part.Quoted || strings.Contains(name, words+" "))
		}
		for _, part := range term.Excluded() {
			prefixes = prefixes && !strings.Contains(name, " "+strings.Join(part.Words, " ")+" ")
		}
		switch {
		case tokens && prefixes:
			found[0] = append(found[0], user.Username.String()+"words")
		case prefixes:
			found[1] = append(found[1], user.Username.String()+"prefix")
		}
	}
	return append(found[0], found[1]...)
}
