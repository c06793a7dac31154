package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func TestRestoringAndErasingAUserNeedTheScopeAdmin(t *testing.T) {
	users := app.NewUsers(&portsmock.UsersMock{}, clock(), ids())
	refuses(t, func(c domain.Principal) error { _, err := users.Restore(ctx, c, someone, 0); return err }, reader, writer)
	refuses(t, func(c domain.Principal) error { _, err := users.Erase(ctx, c, someone, 0); return err }, reader, writer)
	refuses(t, func(c domain.Principal) error { _, err := users.Erasure(ctx, c, someone); return err }, reader, writer)
}

func TestARestorationIsOneCommandStampedWithTheTime(t *testing.T) {
	store := &portsmock.UsersMock{RestoreUserFunc: func(_ context.Context, got ports.RestoreUser) (domain.User, error) {
		if want := (ports.RestoreUser{ID: someone, IfMatch: 4, At: instant}); got != want {
			t.Errorf("the store was given %+v; want %+v", got, want)
		}
		return domain.User{ID: got.ID}, errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).Restore(ctx, admin, someone, 4)
	passes(t, err)
	if got.ID != someone {
		t.Errorf("got %v", got)
	}
}

func TestAnErasureIsOneCommand(t *testing.T) {
	store := &portsmock.UsersMock{EraseUserFunc: func(_ context.Context, got ports.EraseUser) (ports.Erasure, error) {
		if want := (ports.EraseUser{ID: someone, IfMatch: 4}); got != want {
			t.Errorf("the store was given %+v; want %+v", got, want)
		}
		return ports.Erasure{Rows: map[string]int64{"events": 5}}, errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).Erase(ctx, admin, someone, 4)
	passes(t, err)
	if got.Rows["events"] != 5 {
		t.Errorf("got %+v", got)
	}
}

func TestTheErasureOfAUserIsAskedFor(t *testing.T) {
	store := &portsmock.UsersMock{UserErasureFunc: func(_ context.Context, id domain.UserID) (ports.Erasure, error) {
		if id != someone {
			t.Errorf("the store was asked for the erasure of %v", id)
		}
		return ports.Erasure{Rows: map[string]int64{"events": 5}}, errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).Erasure(ctx, admin, someone)
	passes(t, err)
	if got.Rows["events"] != 5 {
		t.Errorf("got %+v", got)
	}
}
