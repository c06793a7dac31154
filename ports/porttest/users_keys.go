package porttest

import (
	"fmt"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func userCommands() []keyedCommand {
	return []keyedCommand{
		{
			"a creation of a user",
			func(f *fixture) sending { return f.creatingUser() },
			func(f *fixture) (sending, func()) {
				first := f.user("ada")
				return f.creatingUser(), func() { f.remove(first.ID) }
			},
		},
		{
			"a replacement of a user",
			func(f *fixture) sending {
				return f.replacingUser(f.rename(must[domain.User](f)(f.create(f.full("ada"))), "countess"))
			},
			func(f *fixture) (sending, func()) {
				ada, ben := f.user("ada"), f.user("ben")
				return f.replacingUser(f.rename(ada, "ben")), func() { f.remove(ben.ID) }
			},
		},
		{
			"a patch of a user",
			func(f *fixture) sending {
				ada := must[domain.User](f)(f.create(f.full("ada")))
				return f.patchingUser(ports.PatchUser{ID: ada.ID, Attributes: f.attributesPatch(`{"a":"<b>","c":[1.50]}`), At: ada.CreatedAt})
			},
			func(f *fixture) (sending, func()) {
				ada, ben := f.user("ada"), f.user("ben")
				return f.patchingUser(ports.PatchUser{ID: ada.ID, Username: ben.Username, At: ben.CreatedAt}), func() { f.remove(ben.ID) }
			},
		},
		{
			"a patch of a user at a version",
			func(f *fixture) sending {
				return f.patchingUser(ports.PatchUser{ID: f.user("ada").ID, IfMatch: 1, NoExternalID: true, At: begin})
			},
			func(f *fixture) (sending, func()) {
				ada := f.user("ada")
				return f.patchingUser(ports.PatchUser{ID: ada.ID, IfMatch: 2, At: begin}), func() { f.replace(f.rename(ada, "countess")) }
			},
		},
	}
}

// creatingUser sends a creation with a new id each time, as a client does that got
// no response. The names must not be created twice.
func (f *fixture) creatingUser() sending {
	made := make(chan domain.User, 100)
	for range cap(made) {
		made <- f.full("ada")
	}
	return func(key *ports.Idempotency) (string, error) {
		got, err := f.Users.CreateUser(f.Context(), ports.CreateUser{User: <-made, Idempotency: key})
		return fmt.Sprintf("%+v", got), err
	}
}

func (f *fixture) replacingUser(in ports.ReplaceUser) sending {
	return func(key *ports.Idempotency) (string, error) {
		in := in
		in.Idempotency = key
		got, err := f.Users.ReplaceUser(f.Context(), in)
		return fmt.Sprintf("%+v", got), err
	}
}

func (f *fixture) patchingUser(in ports.PatchUser) sending {
	return func(key *ports.Idempotency) (string, error) {
		in := in
		in.Idempotency = key
		got, err := f.Users.PatchUser(f.Context(), in)
		return fmt.Sprintf("%+v", got), err
	}
}

func userKeys() []testCase {
	return append(keyCases(userCommands()),
		testCase{"a key returns the first result, even after the user was changed", func(f *fixture) {
			user := f.full("ada")
			first := must[domain.User](f)(f.Users.CreateUser(f.Context(), ports.CreateUser{User: user, Idempotency: key()}))
			f.replace(f.rename(user, "countess"))
			f.remove(user.ID)
			same(f, "the result", must[domain.User](f)(f.Users.CreateUser(f.Context(), ports.CreateUser{User: user, Idempotency: key()})), first)
			_, err := f.Users.UserByID(f.Context(), user.ID)
			f.absent(err)
		}},
		testCase{"an erasure removes the results under keys, which stay used", keysForgetTheErased},
		testCase{"of 100 creations at once under as many keys of as many callers, all are done", func(f *fixture) {
			users := make([]domain.User, 100)
			for i := range users {
				users[i] = f.newUser(fmt.Sprintf("user%d", i))
			}
			same(f, "successes", f.count(atOnce(len(users), func(i int) error {
				mine := key()
				mine.Caller = users[i].Username.String()
				_, err := f.Users.CreateUser(f.Context(), ports.CreateUser{User: users[i], Idempotency: mine})
				return err
			}))[""], len(users))
		}},
	)
}

func keysForgetTheErased(f *fixture) {
	user, other := f.full("ada"), f.full("ben")
	must[domain.User](f)(f.Users.CreateUser(f.Context(), ports.CreateUser{User: user, Idempotency: key()}))
	others := key()
	others.Key = "other"
	kept := must[domain.User](f)(f.Users.CreateUser(f.Context(), ports.CreateUser{User: other, Idempotency: others}))
	f.erase(ports.EraseUser{ID: user.ID})
	for range 2 {
		_, err := f.Users.CreateUser(f.Context(), ports.CreateUser{User: user, Idempotency: key()})
		f.refused(err, domain.Invalid, domain.ReasonReused, "Idempotency-Key")
	}
	_, err := f.Users.AnyUserByID(f.Context(), user.ID)
	f.absent(err)
	again, err := f.Users.CreateUser(f.Context(), ports.CreateUser{User: other, Idempotency: others})
	same(f, "the result with another user", must[domain.User](f)(again, err), kept)
	later := key()
	later.At = begin.Add(ports.KeepKeys)
	must[domain.User](f)(f.Users.CreateUser(f.Context(), ports.CreateUser{User: user, Idempotency: later}))
}
