package porttest

import (
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
	cases = append(cases, takenNames()...)
	cases = append(cases, erasureStates()...)
	cases = append(cases, userHolds()...)
	cases = append(cases, userKeys()...)
	if whole(open(t)) {
		cases = append(cases, memberLists()...)
		cases = append(cases, lastOwners()...)
		cases = append(cases, memberWrites()...)
		cases = append(cases, membersWithin()...)
	}
	runCases(t, open, cases)
}

func userReads() []testCase {
	return []testCase{
		{"a user is found by its id, and by its names in any case", usersAreFound},
		{"unknown records are not found", func(f *fixture) {
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
			sameList(f, "users that do not exist", must[[]domain.User](f)(f.Users.UsersByID(f.Context(), []domain.UserID{nobody})), nil)
		}},
		{"the newest are listed first, up to the limit", usersAreListed},
	}
}

func usersAreFound(f *fixture) {
	ada := f.user("Ada.Lovelace")
	f.user("grace")
	same(f, "by id", must[domain.User](f)(f.Users.UserByID(f.Context(), ada.ID)), ada)
	for _, spelling := range []string{"Ada.Lovelace", "ada.lovelace", "ADA.LOVELACE"} {
		name := must[domain.Username](f)(domain.ParseUsername(spelling))
		same(f, "by username "+spelling, must[domain.User](f)(f.Users.UserByUsername(f.Context(), name)), ada)
		email := must[domain.Email](f)(domain.ParseEmail(spelling + "@Example.COM"))
		same(f, "by address "+spelling, must[domain.User](f)(f.Users.UserByEmail(f.Context(), email)), ada)
	}
}

func usersAreListed(f *fixture) {
	sameList(f, "no ids", must[[]domain.User](f)(f.listed(ports.ListUsers{Limit: domain.DefaultListSize})), nil)

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
	sameList(f, "three users", must[[]domain.User](f)(f.listed(ports.ListUsers{Limit: f.size(3)})), []domain.User{other, twin, young})
}

func displayName(f *fixture, text string) domain.DisplayName {
	f.Helper()
	return must[domain.DisplayName](f)(domain.ParseDisplayName(text))
}
