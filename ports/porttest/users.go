package porttest

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Users checks an implementation of ports.Users.
func Users(t *testing.T, open Open) {
	t.Helper()
	cases := userReads()
	cases = append(cases, userLists()...)
	cases = append(cases, userWalks()...)
	cases = append(cases, userChanges()...)
	cases = append(cases, changesSince()...)
	cases = append(cases, userSearches()...)
	cases = append(cases, userCreations()...)
	cases = append(cases, userReplacements()...)
	cases = append(cases, replacementConflicts()...)
	cases = append(cases, userDeletions()...)
	cases = append(cases, userPatches()...)
	cases = append(cases, userRestorations()...)
	cases = append(cases, userErasures()...)
	cases = append(cases, userKeys()...)
	if open(t).whole() {
		cases = append(cases, memberLists()...)
		cases = append(cases, lastOwners()...)
		cases = append(cases, memberRemains()...)
	}
	runCases(t, open, cases)
}

func userReads() []testCase {
	return []testCase{
		{"a user is found by its id, and by its names in any case", usersAreFound},
		{"what does not exist is not found", func(f *fixture) {
			f.user("ada")
			_, err := f.Users.UserByID(f.Context(), nobody)
			f.absent(err)
			_, err = f.Users.UserByUsername(f.Context(), f.newUser("grace").Username)
			f.absent(err)
			_, err = f.Users.UserByEmail(f.Context(), f.newUser("grace").Email)
			f.absent(err)
		}},
		{"many users come once each, in the order first asked for", func(f *fixture) {
			a, b, c := f.user("ada"), f.user("ben"), f.user("cho")
			got, err := f.Users.UsersByID(f.Context(), []domain.UserID{c.ID, a.ID, nobody, c.ID, b.ID, a.ID})
			sameList(f, "users", must[[]domain.User](f)(got, err), []domain.User{c, a, b})
			got, err = f.Users.UsersByID(f.Context(), []domain.UserID{nobody})
			sameList(f, "users that do not exist", must[[]domain.User](f)(got, err), nil)
		}},
		{"the newest are listed first, up to the limit", usersAreListed},
	}
}

func usersAreFound(f *fixture) {
	ada := f.user("Ada.Lovelace")
	f.user("grace")
	byID, err := f.Users.UserByID(f.Context(), ada.ID)
	same(f, "by id", must[domain.User](f)(byID, err), ada)
	for _, spelling := range []string{"Ada.Lovelace", "ada.lovelace", "ADA.LOVELACE"} {
		name := must[domain.Username](f)(domain.ParseUsername(spelling))
		byName, err := f.Users.UserByUsername(f.Context(), name)
		same(f, "by username "+spelling, must[domain.User](f)(byName, err), ada)
		email := must[domain.Email](f)(domain.ParseEmail(spelling + "@Example.COM"))
		byEmail, err := f.Users.UserByEmail(f.Context(), email)
		same(f, "by address "+spelling, must[domain.User](f)(byEmail, err), ada)
	}
}

func usersAreListed(f *fixture) {
	empty, err := f.listed(ports.ListUsers{Limit: domain.DefaultListSize})
	sameList(f, "users of nobody", must[[]domain.User](f)(empty, err), nil)

	old, young := f.user("old"), f.user("young")
	twin, other := f.newUser("twin"), f.newUser("other")
	other.CreatedAt, other.UpdatedAt = twin.CreatedAt, twin.CreatedAt
	for _, user := range []domain.User{other, twin} {
		must[domain.User](f)(f.create(user))
	}
	gone := f.user("gone")
	f.remove(gone.ID)
	got, err := f.listed(ports.ListUsers{Limit: domain.DefaultListSize})
	sameList(f, "all users", must[[]domain.User](f)(got, err), []domain.User{other, twin, young, old})
	got, err = f.listed(ports.ListUsers{Limit: f.size(3)})
	sameList(f, "three users", must[[]domain.User](f)(got, err), []domain.User{other, twin, young})
}

func userSearches() []testCase {
	return []testCase{
		{"a search finds every word, in any order and case", searchFindsWords},
		{"a search puts the exact username or address first, then the newest", searchIsOrdered},
		{"a search leaves out who is suspended or deleted", func(f *fixture) {
			active, suspended, gone := f.user("ada.one"), f.newUser("ada.two"), f.user("ada.three")
			suspended.Status = domain.Suspended
			must[domain.User](f)(f.create(suspended))
			f.remove(gone.ID)
			f.finds("ada", active)
		}},
		{"a search sees what was written before it", func(f *fixture) {
			ada := f.user("ada")
			f.finds("ada", ada)
			renamed := f.replace(ports.ReplaceUser{ID: ada.ID, Username: f.newUser("countess").Username, Email: f.newUser("countess").Email, DisplayName: displayName(f, "Zoë O'Neil")})
			f.finds("ada")
			f.finds("zoë", renamed)
			f.finds("countess", renamed)
		}},
		{"a search of marks alone finds nobody", func(f *fixture) {
			f.user("ada")
			for _, term := range []string{"!", "&|", "' '", `\`, ":*", "%", strings.Repeat("(", 1000)} {
				f.finds(term)
			}
		}},
	}
}

func displayName(f *fixture, text string) domain.DisplayName {
	f.Helper()
	return must[domain.DisplayName](f)(domain.ParseDisplayName(text))
}

func (f *fixture) finds(term string, want ...domain.User) {
	f.Helper()
	parsed := must[domain.SearchTerm](f)(domain.ParseSearchTerm(term))
	got, err := f.Users.SearchUsers(f.Context(), ports.SearchUsers{Term: parsed, Limit: domain.DefaultSearchSize})
	sameList(f, "found by "+term, must[[]domain.User](f)(got, err), want)
}

func searchFindsWords(f *fixture) {
	ada := f.newUser("ada.lovelace-1815")
	ada.DisplayName = displayName(f, "Ada King, Countess of Lovelace")
	must[domain.User](f)(f.create(ada))
	li := f.newUser("li")
	li.DisplayName = displayName(f, "李小龍 Nguyễn")
	must[domain.User](f)(f.create(li))
	for _, term := range []string{
		"ada", "ADA", "lovelace ada", "countess 1815", "ada.lovelace-1815", "ada lovelace 1815 of",
		"ada.lovelace-1815@example.com", "Ada.Lovelace-1815@EXAMPLE.com",
	} {
		f.finds(term, ada)
	}
	f.finds("李小龍", li)
	f.finds("nguyễn li", li)
	f.finds("example", li, ada)
	for _, term := range []string{"grace", "ada grace", "adalovelace", "ada.lovelace@example.org"} {
		f.finds(term)
	}
}

func searchIsOrdered(f *fixture) {
	turing := f.user("Turing")
	older, newer := f.newUser("alan.turing"), f.newUser("turing.a")
	for _, user := range []domain.User{newer, older} {
		must[domain.User](f)(f.create(user))
	}
	f.finds("turing", turing, newer, older)
	f.finds("turing@example.com", turing, newer, older)
	f.finds("ALAN.turing", older)
	term := must[domain.SearchTerm](f)(domain.ParseSearchTerm("turing"))
	got, err := f.Users.SearchUsers(f.Context(), ports.SearchUsers{Term: term, Limit: f.size(2)})
	sameList(f, "the two best", must[[]domain.User](f)(got, err), []domain.User{turing, newer})
}
