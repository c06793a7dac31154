package search_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Lists of words of all lengths, few or many of which have users in common, are
// each read in a way of their own.
const longLists = `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
	SELECT lpad(to_hex(i), 32, '0')::uuid, 'u' || i, 'u' || i || '@e.x', concat_ws(' ',
		CASE i % 2 WHEN 0 THEN 'even' ELSE 'evenly' END,
		CASE i % 3 WHEN 0 THEN 'third' WHEN 1 THEN 'thirdly' END,
		CASE i % 10 WHEN 3 THEN 'tenth' WHEN 5 THEN 'tenthly' END,
		CASE i % 900 WHEN 1 THEN 'rare' END,
		CASE WHEN i <= 4700 THEN 'first' END,
		CASE WHEN i > 4650 THEN 'last' END), '2024-01-01'::timestamptz + i / 3 * interval '1 minute', now()
	FROM generate_series(1, 9300) i`

func TestLongListsOfWordsAreReadInOrder(t *testing.T) {
	d, conn := testdb.New(t)
	if _, err := conn.Exec(t.Context(), longLists); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	users := postgres.NewUsers(d)
	all := everybody(t, users)
	for _, term := range []string{
		"even", "eve", "even third", "third even", "even tenth", "tenth third", "tenthly third", "rare tenth", "rar ten", "first last", "fir las",
		"even first", "eve thi", "third last rare", "third last tenth even", `"even third"`, `"third tenth" even`, "even -third tenth", "last u9", "first x",
	} {
		parsed := domain.MustParse(domain.ParseSearchTerm(term))
		want := described(parsed, all)
		in := ports.SearchUsers{Term: parsed, Limit: domain.MustParse(domain.ParsePageSize(45))}
		for from := 0; from < min(len(want), 450); from += 45 {
			found, err := users.SearchUsers(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, each := range found.Items {
				got = append(got, each.Username.String()+each.Match.String())
			}
			if page := want[from:min(len(want), from+45)]; !slices.Equal(got, page) || found.More != (len(want) > from+45) {
				t.Fatalf("%s, from the %dth on: got %v, want %v", term, from, got, page)
			}
			at := found.Items[len(found.Items)-1].Position()
			in.After = &at
		}
	}
}

func everybody(t *testing.T, users *postgres.Users) []domain.User {
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

// described are the users, the newest first, whom a term describes: those with
// all words before those with words that testdb.Begin so.
func described(term domain.SearchTerm, all []domain.User) []string {
	var found [2][]string
	for _, user := range all {
		name := " " + user.Username.String() + " " + user.DisplayName.String() + " "
		whole, begun := true, true
		for _, part := range term.Required() {
			words := " " + strings.Join(part.Words, " ")
			whole = whole && strings.Contains(name, words+" ")
			begun = begun && strings.Contains(name, words) && (!part.Quoted || strings.Contains(name, words+" "))
		}
		for _, part := range term.Excluded() {
			begun = begun && !strings.Contains(name, " "+strings.Join(part.Words, " ")+" ")
		}
		switch {
		case whole && begun:
			found[0] = append(found[0], user.Username.String()+"words")
		case begun:
			found[1] = append(found[1], user.Username.String()+"prefix")
		}
	}
	return append(found[0], found[1]...)
}
