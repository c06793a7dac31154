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
		_, err := users.Patch(ctx, c, app.PatchUser{ID: someone})
		return err
	}, reader)
}

func TestAPatchIsOneCommandStampedWithTheTime(t *testing.T) {
	patch := domain.MustParse(domain.ParseAttributesPatch([]byte(`{"team":null}`)))
	in := app.PatchUser{
		ID: someone, IfMatch: 3, Username: ada, Email: address, DisplayName: called, Status: domain.Suspended,
		ExternalID: badge, NoExternalID: true, Attributes: &patch, NoAttributes: true, Idempotency: &key,
	}
	store := &portsmock.UsersMock{PatchUserFunc: func(_ context.Context, got ports.PatchUser) (domain.User, error) {
		carries(t, in, got)
		return domain.User{ID: got.ID}, errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).Patch(ctx, writer, in)
	passes(t, err)
	if got.ID != someone {
		t.Errorf("got %v", got)
	}
}
