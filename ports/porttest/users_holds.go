package porttest

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func (f *fixture) hold(id domain.UserID) time.Time {
	f.Helper()
	_, at := f.next()
	return must[time.Time](f)(f.Users.HoldUser(f.Context(), ports.HoldUser{ID: id, At: at}))
}

func (f *fixture) heldAt(id domain.UserID) time.Time {
	f.Helper()
	return must[time.Time](f)(f.Users.UserHold(f.Context(), id))
}

func userHolds() []testCase {
	return []testCase{
		{"a held user is not erased until it is released", func(f *fixture) {
			ada := f.user("ada")
			same(f, "the hold of a user without one", f.heldAt(ada.ID), time.Time{})
			since := f.hold(ada.ID)
			same(f, "a second hold", f.hold(ada.ID), since)
			same(f, "the hold", f.heldAt(ada.ID), since)
			f.refused(f.erased(ports.EraseUser{ID: ada.ID}), domain.Conflict, domain.ReasonHeld, "")
			f.refused(f.erased(ports.EraseUser{ID: ada.ID, IfMatch: 1}), domain.Conflict, domain.ReasonHeld, "")
			f.sameUser("the held user", must[domain.User](f)(f.Users.UserByID(f.Context(), ada.ID)), ada)
			for range 2 {
				if err := f.Users.ReleaseUser(f.Context(), ada.ID); err != nil {
					f.Error(err)
				}
			}
			same(f, "the hold of a released user", f.heldAt(ada.ID), time.Time{})
			f.erase(ports.EraseUser{ID: ada.ID})
		}},
		{"a hold outlives changes, the deletion and the restoration", func(f *fixture) {
			ada := f.user("ada")
			since := f.hold(ada.ID)
			f.patch(ports.PatchUser{ID: ada.ID, Status: domain.Suspended})
			f.remove(ada.ID)
			same(f, "the hold of a deleted user", f.heldAt(ada.ID), since)
			f.refused(f.erased(ports.EraseUser{ID: ada.ID}), domain.Conflict, domain.ReasonHeld, "")
			must[domain.User](f)(f.restored(ports.RestoreUser{ID: ada.ID}))
			same(f, "the hold of a restored user", f.heldAt(ada.ID), since)
		}},
		{"an erased user leaves no hold to another one with its id", func(f *fixture) {
			ada := f.user("ada")
			f.hold(ada.ID)
			if err := f.Users.ReleaseUser(f.Context(), ada.ID); err != nil {
				f.Error(err)
			}
			f.erase(ports.EraseUser{ID: ada.ID})
			must[domain.User](f)(f.create(ada))
			same(f, "the hold", f.heldAt(ada.ID), time.Time{})
		}},
		{"an unknown user has no hold, gets none and loses none", func(f *fixture) {
			_, err := f.Users.UserHold(f.Context(), nobody)
			f.absent(err)
			_, err = f.Users.HoldUser(f.Context(), ports.HoldUser{ID: nobody, At: begin})
			f.absent(err)
			f.absent(f.Users.ReleaseUser(f.Context(), nobody))
		}},
	}
}
