package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func TestReplacingAUserNeedsTheScopeWrite(t *testing.T) {
	users := app.NewUsers(&portsmock.UsersMock{}, clock(), ids())
	refuses(t, func(c domain.Principal) error {
		_, err := users.Replace(ctx, c, ports.ReplaceUser{ID: someone, Username: ada, Email: address})
		return err
	}, reader)
}

func TestAReplacementIsOneCommandStampedWithTheTime(t *testing.T) {
	in := ports.ReplaceUser{ID: someone, IfMatch: 3, Username: ada, Email: address, Status: domain.Suspended, At: time.Unix(0, 0)}
	store := &portsmock.UsersMock{ReplaceUserFunc: func(_ context.Context, got ports.ReplaceUser) (domain.User, error) {
		want := in
		want.At = instant
		if got != want {
			t.Errorf("the store was given %+v; want %+v", got, want)
		}
		return domain.User{ID: got.ID}, errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).Replace(ctx, writer, in)
	passes(t, err)
	if got.ID != someone {
		t.Errorf("got %v", got)
	}
}
