package porttest

import (
	"fmt"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// erased erases a user, and leaves out the state.
func (f *fixture) erased(in ports.EraseUser) error {
	_, err := f.Users.EraseUser(f.Context(), in)
	return err
}

// deleted deletes an organization, and leaves out the state.
func (f *fixture) deleted(id domain.OrganizationID, ifMatch domain.Version) error {
	_, err := f.Organizations.DeleteOrganization(f.Context(), id, ifMatch)
	return err
}

// isErasure checks the state that a command returned against the one that is stored.
func (f *fixture) isErasure(got, stored ports.Erasure, memberships, events int64) {
	f.Helper()
	same(f, "the stored state", fmt.Sprintf("%+v", stored), fmt.Sprintf("%+v", got))
	if got.ID.IsZero() || len(got.Seal()) != 64 || stored.Seal() != got.Seal() {
		f.Errorf("the erasure %s has the seal %q, and is stored with %q", got.ID, got.Seal(), stored.Seal())
	}
	if got.StartedAt.IsZero() || got.FinishedAt.Before(got.StartedAt) {
		f.Errorf("it started at %v and finished at %v", got.StartedAt, got.FinishedAt)
	}
	same(f, "memberships", got.Rows["memberships"], memberships)
	same(f, "events", got.Rows["events"], events)
}

// erasureStates are cases of users alone.
func erasureStates() []testCase {
	return []testCase{{"an erasure has a state, and one that never began is not found", func(f *fixture) {
		ada := f.user("ada")
		for _, id := range []domain.UserID{ada.ID, nobody} {
			_, err := f.Users.UserErasure(f.Context(), id)
			f.absent(err)
		}
		got := must[ports.Erasure](f)(f.Users.EraseUser(f.Context(), ports.EraseUser{ID: ada.ID}))
		f.isErasure(got, must[ports.Erasure](f)(f.Users.UserErasure(f.Context(), ada.ID)), 0, 0)
		must[domain.User](f)(f.create(ada))
		again := must[ports.Erasure](f)(f.Users.EraseUser(f.Context(), ports.EraseUser{ID: ada.ID}))
		if again.ID == got.ID {
			f.Errorf("both erasures have the id %s", got.ID)
		}
		f.isErasure(again, must[ports.Erasure](f)(f.Users.UserErasure(f.Context(), ada.ID)), 0, 0)
		if again.StartedAt.Before(got.StartedAt) {
			f.Errorf("the second erasure started at %v, the first at %v", again.StartedAt, got.StartedAt)
		}
	}}}
}

// erasureCounts are cases of users and organizations with members and events.
func erasureCounts() []testCase {
	return []testCase{{"an erasure says what it removed", func(f *fixture) {
		ada, ben := f.user("ada"), f.user("ben")
		o := f.organization("acme", ada.ID)
		f.member(o.ID, ben.ID, domain.Member)
		var events []domain.Event
		for i := range 4 { // in two months
			events = append(events, f.newEvent(o.ID, ben.ID, begin.AddDate(0, i%2, 0)), f.newEvent(o.ID, ada.ID, begin.Add(time.Hour)))
		}
		f.add(accepted(len(events)), events...)
		got := must[ports.Erasure](f)(f.Users.EraseUser(f.Context(), ports.EraseUser{ID: ben.ID}))
		f.isErasure(got, must[ports.Erasure](f)(f.Users.UserErasure(f.Context(), ben.ID)), 1, 4)
		_, err := f.Organizations.OrganizationErasure(f.Context(), o.ID)
		f.absent(err)
		got = must[ports.Erasure](f)(f.Organizations.DeleteOrganization(f.Context(), o.ID, 0))
		f.isErasure(got, must[ports.Erasure](f)(f.Organizations.OrganizationErasure(f.Context(), o.ID)), 1, 8)
	}}}
}
