package porttest

import (
	"errors"
	"strings"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// takenNames are the writes that may give a user the names of others.
func takenNames() []testCase {
	return []testCase{
		{"a creation names all names that are taken", func(f *fixture) {
			f.namesAllTaken(func(user domain.User) error {
				_, err := f.create(user)
				return err
			})
		}},
		{"a replacement names all names that are taken", func(f *fixture) {
			own := must[domain.User](f)(f.create(f.full("own")))
			f.namesAllTaken(func(user domain.User) error {
				_, err := f.Users.ReplaceUser(f.Context(), ports.ReplaceUser{
					ID: own.ID, Username: user.Username, Email: user.Email, ExternalID: user.ExternalID, At: user.CreatedAt,
				})
				return err
			})
		}},
		{"a patch names all names that are taken", func(f *fixture) {
			own := must[domain.User](f)(f.create(f.full("own")))
			f.namesAllTaken(func(user domain.User) error {
				_, err := f.Users.PatchUser(f.Context(), ports.PatchUser{
					ID: own.ID, Username: user.Username, Email: user.Email, ExternalID: user.ExternalID, At: user.CreatedAt,
				})
				return err
			})
		}},
		{"a restoration names all names that are taken", func(f *fixture) {
			gone := must[domain.User](f)(f.create(f.full("ada")))
			f.remove(gone.ID)
			heir := f.full("ADA") // its external id is another one
			must[domain.User](f)(f.create(heir))
			_, err := f.restored(ports.RestoreUser{ID: gone.ID})
			f.taken(err, "username", "email")
			other := f.newUser("other")
			other.ExternalID = gone.ExternalID
			must[domain.User](f)(f.create(other))
			_, err = f.restored(ports.RestoreUser{ID: gone.ID})
			f.taken(err, "username", "email", "external_id")
		}},
	}
}

// namesAllTaken checks a write of the names of a user, some of which are taken: by
// one other user, by several, and by none that is not deleted.
func (f *fixture) namesAllTaken(write func(domain.User) error) {
	f.Helper()
	gone := must[domain.User](f)(f.create(f.full("gone")))
	f.remove(gone.ID)
	f.taken(write(f.full("gone")))
	ada, ben, cho := f.full("ada"), f.full("ben"), f.full("cho")
	for _, user := range []domain.User{ada, ben, cho} {
		must[domain.User](f)(f.create(user))
	}
	mixed := f.full("ADA")
	mixed.ExternalID = ada.ExternalID
	f.taken(write(mixed), "username", "email", "external_id")
	mixed.Email, mixed.ExternalID = ben.Email, cho.ExternalID
	f.taken(write(mixed), "username", "email", "external_id")
	mixed.Username = f.newUser("dan").Username
	f.taken(write(mixed), "email", "external_id")
	mixed.Username, mixed.Email = ada.Username, f.newUser("dan").Email
	f.taken(write(mixed), "username", "external_id")
}

// taken checks that err is a conflict about each of the fields, and about no other.
func (f *fixture) taken(err error, fields ...string) {
	f.Helper()
	if (len(fields) == 0) != (err == nil) {
		f.Errorf("the error is %v; %q are taken", err, fields)
		return
	}
	missing := map[string]bool{}
	for _, field := range fields {
		missing[field] = true
	}
	for _, fault := range domain.Failures(err) {
		f.refused(fault, domain.Conflict, domain.ReasonTaken, "")
		if !missing[fault.Field] {
			f.Errorf("%q is named, of %q: %v", fault.Field, fields, err)
		}
		delete(missing, fault.Field)
	}
	if len(missing) > 0 {
		f.Errorf("%v are not named, of %s: %v", missing, strings.Join(fields, ", "), err)
	}
	if len(fields) > 0 && !errors.Is(err, domain.Conflict) {
		f.Errorf("%v is no conflict", err)
	}
}
