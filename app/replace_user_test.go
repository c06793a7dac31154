package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func TestReplacingAUserNeedsTheScopeWrite(t *testing.T) {
	users := app.NewUsers(&portsmock.UsersMock{}, clock(), ids())
	refuses(t, func(c domain.Principal) error {
		_, err := users.Replace(ctx, c, app.ReplaceUser{ID: someone, Username: ada, Email: address})
		return err
	}, reader)
}

func TestAReplacementIsOneCommandStampedWithTheTime(t *testing.T) {
	attributes := domain.MustParse(domain.ParseAttributes([]byte(`{"team":"search"}`)))
	in := app.ReplaceUser{
		ID: someone, IfMatch: 3, Username: ada, Email: address, ExternalID: badge, DisplayName: called,
		Attributes: &attributes, Status: domain.Suspended, Idempotency: &key,
	}
	store := &portsmock.UsersMock{ReplaceUserFunc: func(_ context.Context, got ports.ReplaceUser) (domain.User, error) {
		carries(t, in, got)
		return domain.User{ID: got.ID}, errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).Replace(ctx, writer, in)
	passes(t, err)
	if got.ID != someone {
		t.Errorf("got %v", got)
	}
}
