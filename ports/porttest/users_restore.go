package porttest

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func userRestorations() []testCase {
	return []testCase{
		{"a restored user is as it was, one version on", func(f *fixture) {
			want := must[domain.User](f)(f.create(f.full("ada")))
			f.remove(want.ID)
			_, want.UpdatedAt = f.next()
			want.Version = 3
			got, err := f.Users.RestoreUser(f.Context(), ports.RestoreUser{ID: want.ID, IfMatch: 2, At: want.UpdatedAt})
			f.sameUser("the result", must[domain.User](f)(got, err), want)
			f.sameUser("the stored value", must[domain.User](f)(f.Users.UserByUsername(f.Context(), want.Username)), want)
			same(f, "the time of deletion", must[domain.User](f)(f.Users.AnyUserByID(f.Context(), want.ID)).DeletedAt, time.Time{})
		}},
		{"a user that is not deleted is returned as it is", func(f *fixture) {
			ada := f.user("ada")
			for _, version := range []domain.Version{0, 1} {
				f.sameUser("the result", must[domain.User](f)(f.restored(ports.RestoreUser{ID: ada.ID, IfMatch: version})), ada)
			}
			_, err := f.restored(ports.RestoreUser{ID: ada.ID, IfMatch: 2})
			f.refused(err, domain.Stale, domain.ReasonVersion, "")
		}},
		{"a restoration of an unknown user is not found, of another version stale", func(f *fixture) {
			gone := f.user("gone")
			f.remove(gone.ID)
			_, err := f.restored(ports.RestoreUser{ID: nobody})
			f.absent(err)
			_, err = f.restored(ports.RestoreUser{ID: nobody, IfMatch: 1})
			f.absent(err)
			_, err = f.restored(ports.RestoreUser{ID: gone.ID, IfMatch: 1})
			f.refused(err, domain.Stale, domain.ReasonVersion, "")
			_, err = f.Users.UserByID(f.Context(), gone.ID)
			f.absent(err)
		}},
		{"a restoration is a conflict that names the taken field", restorationsConflict},
		{"of 50 restorations at once all succeed, and one counts", func(f *fixture) {
			gone := f.user("gone")
			f.remove(gone.ID)
			same(f, "successes", f.count(atOnce(50, func(int) error {
				_, err := f.Users.RestoreUser(f.Context(), ports.RestoreUser{ID: gone.ID, At: gone.UpdatedAt})
				return err
			}))[""], 50)
			same(f, "the version", must[domain.User](f)(f.Users.UserByID(f.Context(), gone.ID)).Version, 3)
		}},
	}
}

func restorationsConflict(f *fixture) {
	gone := must[domain.User](f)(f.create(f.full("ada")))
	f.remove(gone.ID)
	for field, change := range map[string]func(*domain.User){
		"username":    func(u *domain.User) { u.Username = gone.Username },
		"email":       func(u *domain.User) { u.Email = gone.Email },
		"external_id": func(u *domain.User) { u.ExternalID = gone.ExternalID },
	} {
		heir := f.newUser("heir")
		change(&heir)
		must[domain.User](f)(f.create(heir))
		_, err := f.restored(ports.RestoreUser{ID: gone.ID})
		f.refused(err, domain.Conflict, domain.ReasonTaken, field)
		f.remove(heir.ID)
	}
	_, err := f.restored(ports.RestoreUser{ID: gone.ID})
	must[domain.User](f)(domain.User{}, err)
}

func (f *fixture) restored(in ports.RestoreUser) (domain.User, error) {
	_, in.At = f.next()
	return f.Users.RestoreUser(f.Context(), in)
}

func (f *fixture) erase(in ports.EraseUser) {
	f.Helper()
	if err := f.erased(in); err != nil {
		f.Fatal(err)
	}
}

func userErasures() []testCase {
	return []testCase{
		{"a user that is erased, deleted or not, is gone, and its names and id are free", func(f *fixture) {
			for _, deleted := range []bool{false, true} {
				user := must[domain.User](f)(f.create(f.full("ada")))
				version := domain.Version(1)
				if deleted {
					f.remove(user.ID)
					version++
				}
				f.erase(ports.EraseUser{ID: user.ID, IfMatch: version})
				_, err := f.Users.AnyUserByID(f.Context(), user.ID)
				f.absent(err)
				_, err = f.restored(ports.RestoreUser{ID: user.ID})
				f.absent(err)
				got, err := f.listed(ports.ListUsers{Filter: ports.UserFilter{Deleted: domain.WithDeleted}, Limit: domain.DefaultListSize})
				sameList(f, "all users", must[[]domain.User](f)(got, err), nil)
				must[domain.User](f)(f.create(user))
				f.erase(ports.EraseUser{ID: user.ID})
			}
		}},
		{"an erasure of an unknown user is not found, of another version stale", func(f *fixture) {
			ada, gone := f.user("ada"), f.user("gone")
			f.remove(gone.ID)
			f.absent(f.erased(ports.EraseUser{ID: nobody}))
			f.absent(f.erased(ports.EraseUser{ID: nobody, IfMatch: 1}))
			f.refused(f.erased(ports.EraseUser{ID: ada.ID, IfMatch: 2}), domain.Stale, domain.ReasonVersion, "")
			f.refused(f.erased(ports.EraseUser{ID: gone.ID, IfMatch: 1}), domain.Stale, domain.ReasonVersion, "")
			for _, user := range []domain.User{ada, gone} {
				_, err := f.Users.AnyUserByID(f.Context(), user.ID)
				must[domain.User](f)(user, err)
			}
		}},
		{"of 20 erasures at once one succeeds", func(f *fixture) {
			ada := f.user("ada")
			counts := f.count(atOnce(20, func(int) error { return f.erased(ports.EraseUser{ID: ada.ID}) }))
			same(f, "successes", counts[""], 1)
			same(f, "not found", counts[domain.ReasonUnknown], 19)
		}},
	}
}
