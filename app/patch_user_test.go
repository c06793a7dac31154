package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func TestPatchingAUserNeedsTheScopeWrite(t *testing.T) {
	users := app.NewUsers(&portsmock.UsersMock{}, clock(), ids())
	refuses(t, func(c domain.Principal) error {
		_, err := users.Patch(ctx, c, ports.PatchUser{ID: someone})
		return err
	}, reader)
}

func TestAPatchIsOneCommandStampedWithTheTime(t *testing.T) {
	in := ports.PatchUser{ID: someone, IfMatch: 3, Username: ada, NoExternalID: true}
	store := &portsmock.UsersMock{PatchUserFunc: func(_ context.Context, got ports.PatchUser) (domain.User, error) {
		want := in
		want.At = instant
		if got != want {
			t.Errorf("the store was given %+v; want %+v", got, want)
		}
		return domain.User{ID: got.ID}, errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).Patch(ctx, writer, in)
	passes(t, err)
	if got.ID != someone {
		t.Errorf("got %v", got)
	}
}
