package porttest

import (
	"fmt"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func (f *fixture) full(name string) domain.User {
	f.Helper()
	user := f.newUser(name)
	user.ExternalID = must[domain.ExternalID](f)(domain.ParseExternalID("hr/" + name))
	user.DisplayName = displayName(f, "Nguyễn O'Neil 李小龍 "+name)
	user.Attributes = must[domain.Attributes](f)(domain.ParseAttributes([]byte(`{"team":"sëarch"}`)))
	user.Status = domain.Suspended
	return user
}

func (f *fixture) replace(in ports.ReplaceUser) domain.User {
	f.Helper()
	if in.At.IsZero() {
		_, in.At = f.next()
	}
	return must[domain.User](f)(f.Users.ReplaceUser(f.Context(), in))
}

// rename is a command that gives a user the names of a new user.
func (f *fixture) rename(user domain.User, name string) ports.ReplaceUser {
	f.Helper()
	names := f.newUser(name)
	return ports.ReplaceUser{ID: user.ID, Username: names.Username, Email: names.Email, At: names.CreatedAt}
}

func userCreations() []testCase {
	return []testCase{
		{"a user is stored as it is", func(f *fixture) {
			for _, user := range []domain.User{f.newUser("plain"), f.full("full")} {
				same(f, "the result", must[domain.User](f)(f.create(user)), user)
				f.stores(user)
			}
		}},
		{"a name in use is a conflict that names the field", namesAreUnique},
		{"a deleted user's names are free, its id is not", func(f *fixture) {
			gone := must[domain.User](f)(f.create(f.full("ada")))
			f.remove(gone.ID)
			again := f.full("ada")
			must[domain.User](f)(f.create(again))
			reused := f.newUser("ben")
			reused.ID = gone.ID
			_, err := f.create(reused)
			f.refused(err, domain.Conflict, domain.ReasonTaken, "id")
		}},
		{"when 100 users want one address at once, one gets it", func(f *fixture) {
			users := make([]domain.User, 100)
			for i := range users {
				users[i] = f.newUser(fmt.Sprintf("user%d", i))
				users[i].Email = users[0].Email
			}
			faults := atOnce(len(users), func(i int) error {
				_, err := f.create(users[i])
				return err
			})
			counts := f.count(faults)
			same(f, "successes", counts[""], 1)
			same(f, "conflicts", counts[domain.ReasonTaken], len(users)-1)
			for _, err := range faults {
				if err != nil {
					f.refused(err, domain.Conflict, domain.ReasonTaken, "email")
				}
			}
		}},
	}
}

func namesAreUnique(f *fixture) {
	first := must[domain.User](f)(f.create(f.full("ada")))
	upper := must[domain.Username](f)(domain.ParseUsername("ADA"))
	shout := must[domain.Email](f)(domain.ParseEmail("ADA@example.com"))
	for field, change := range map[string]func(*domain.User){
		"username":    func(u *domain.User) { u.Username = upper },
		"email":       func(u *domain.User) { u.Email = shout },
		"external_id": func(u *domain.User) { u.ExternalID = first.ExternalID },
		"id":          func(u *domain.User) { u.ID = first.ID },
	} {
		user := f.full("ben")
		change(&user)
		_, err := f.create(user)
		f.refused(err, domain.Conflict, domain.ReasonTaken, field)
	}
	sameList(f, "users", must[[]domain.User](f)(f.listed(ports.ListUsers{Limit: domain.DefaultListSize})), []domain.User{first})
}

func userReplacements() []testCase {
	return []testCase{
		{"a replacement changes the names and leaves absent fields", func(f *fixture) {
			user := must[domain.User](f)(f.create(f.full("ada")))
			in := f.rename(user, "Countess")
			want := user
			want.Username, want.Email, want.UpdatedAt, want.Version = in.Username, in.Email, in.At, 2
			same(f, "the result", f.replace(in), want)
			same(f, "the stored value", must[domain.User](f)(f.Users.UserByID(f.Context(), user.ID)), want)
		}},
		{"a replacement changes the given fields", func(f *fixture) {
			user, full := f.user("ada"), f.full("ben")
			in := ports.ReplaceUser{
				ID: user.ID, IfMatch: 1, Username: full.Username, Email: full.Email, ExternalID: full.ExternalID,
				DisplayName: full.DisplayName, Attributes: &full.Attributes, Status: full.Status, At: full.UpdatedAt,
			}
			full.ID, full.CreatedAt, full.Version = user.ID, user.CreatedAt, 2
			same(f, "the result", f.replace(in), full)
			in.Attributes, in.Status = new(domain.Attributes{}), domain.Active
			full.Attributes, full.Status, full.Version, in.IfMatch = domain.Attributes{}, domain.Active, 3, 2
			same(f, "emptied and active again", f.replace(in), full)
		}},
		{"a replacement of an unknown user is not found", func(f *fixture) {
			gone := f.user("gone")
			f.remove(gone.ID)
			for _, version := range []domain.Version{0, 1, 2} {
				in := f.rename(gone, "new")
				in.IfMatch = version
				_, err := f.Users.ReplaceUser(f.Context(), in)
				f.absent(err)
				in.ID = nobody
				_, err = f.Users.ReplaceUser(f.Context(), in)
				f.absent(err)
			}
		}},
		{"a replacement of another version is stale", func(f *fixture) {
			user := f.user("ada")
			in := f.rename(user, "new")
			in.IfMatch = 2
			_, err := f.Users.ReplaceUser(f.Context(), in)
			f.refused(err, domain.Stale, domain.ReasonVersion, "")
			f.stores(user)
		}},
	}
}

func replacementConflicts() []testCase {
	return []testCase{
		{"a replacement with a name in use is a conflict that names the field", func(f *fixture) {
			must[domain.User](f)(f.create(f.full("ada")))
			ben, full := f.user("ben"), f.full("ADA")
			for field, in := range map[string]ports.ReplaceUser{
				"username": {ID: ben.ID, Username: full.Username, Email: ben.Email},
				"email":    {ID: ben.ID, Username: ben.Username, Email: full.Email},
				"external_id": {
					ID: ben.ID, Username: ben.Username, Email: ben.Email,
					ExternalID: must[domain.ExternalID](f)(domain.ParseExternalID("hr/ada")),
				},
			} {
				in.At = full.CreatedAt
				_, err := f.Users.ReplaceUser(f.Context(), in)
				f.refused(err, domain.Conflict, domain.ReasonTaken, field)
			}
		}},
		{"a user may keep its names in another case", func(f *fixture) {
			user := f.user("ada")
			in := f.rename(user, "ADA")
			same(f, "the username", f.replace(in).Username, in.Username)
		}},
		{"of 50 replacements of one version at once, one succeeds", func(f *fixture) {
			user := f.user("ada")
			in := f.rename(user, "new")
			in.IfMatch = user.Version
			counts := f.count(atOnce(50, func(int) error {
				_, err := f.Users.ReplaceUser(f.Context(), in)
				return err
			}))
			same(f, "successes", counts[""], 1)
			same(f, "stale", counts[domain.ReasonVersion], 49)
		}},
		{"50 replacements of any version at once each count", func(f *fixture) {
			user := f.user("ada")
			in := f.rename(user, "new")
			same(f, "successes", f.count(atOnce(50, func(int) error {
				_, err := f.Users.ReplaceUser(f.Context(), in)
				return err
			}))[""], 50)
			same(f, "the version", must[domain.User](f)(f.Users.UserByID(f.Context(), user.ID)).Version, 51)
		}},
	}
}

func userDeletions() []testCase {
	return []testCase{
		{"a deleted user is found nowhere", func(f *fixture) {
			gone, kept := f.user("gone"), f.user("kept")
			f.remove(gone.ID)
			_, err := f.Users.UserByID(f.Context(), gone.ID)
			f.absent(err)
			_, err = f.Users.UserByUsername(f.Context(), gone.Username)
			f.absent(err)
			_, err = f.Users.UserByEmail(f.Context(), gone.Email)
			f.absent(err)
			sameList(f, "many users", must[[]domain.User](f)(f.Users.UsersByID(f.Context(), []domain.UserID{gone.ID, kept.ID})), []domain.User{kept})
			f.finds("gone")
		}},
		{"a deletion of an unknown user is not found", func(f *fixture) {
			gone := f.user("gone")
			f.remove(gone.ID)
			for _, in := range []ports.DeleteUser{{ID: nobody}, {ID: gone.ID}, {ID: gone.ID, IfMatch: 1}, {ID: nobody, IfMatch: 1}} {
				in.At = gone.CreatedAt
				f.absent(f.Users.DeleteUser(f.Context(), in))
			}
		}},
		{"a deletion of another version is stale, of this one it is done", func(f *fixture) {
			user := f.user("ada")
			in := ports.DeleteUser{ID: user.ID, IfMatch: 2, At: user.CreatedAt}
			f.refused(f.Users.DeleteUser(f.Context(), in), domain.Stale, domain.ReasonVersion, "")
			in.IfMatch = 1
			if err := f.Users.DeleteUser(f.Context(), in); err != nil {
				f.Error(err)
			}
		}},
	}
}
