package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func TestDeletingAUserNeedsTheScopeWrite(t *testing.T) {
	users := app.NewUsers(&portsmock.UsersMock{}, clock(), ids())
	refuses(t, func(c domain.Principal) error { return users.Delete(ctx, c, someone, 0) }, reader)
}

func TestADeletionIsOneCommandStampedWithTheTime(t *testing.T) {
	store := &portsmock.UsersMock{DeleteUserFunc: func(_ context.Context, got ports.DeleteUser) error {
		if want := (ports.DeleteUser{ID: someone, IfMatch: 4, At: instant}); got != want {
			t.Errorf("the store was given %+v; want %+v", got, want)
		}
		return errStore
	}}
	passes(t, app.NewUsers(store, clock(), ids()).Delete(ctx, writer, someone, 4))
}
