package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func TestCreatingAUserNeedsTheScopeWrite(t *testing.T) {
	users := app.NewUsers(&portsmock.UsersMock{}, clock(), ids())
	refuses(t, func(caller domain.Principal) error {
		_, err := users.Create(ctx, caller, app.CreateUser{Username: ada, Email: address})
		return err
	}, reader)
}

func TestANewUserHasAnIDATimeAndTheUsernameAsItsName(t *testing.T) {
	store := &portsmock.UsersMock{CreateUserFunc: func(_ context.Context, in ports.CreateUser) (domain.User, error) { return in.User, nil }}
	got, err := app.NewUsers(store, clock(), ids()).Create(ctx, writer, app.CreateUser{Username: ada, Email: address})
	want := domain.User{
		ID: newID, Username: ada, Email: address, DisplayName: domain.MustParse(domain.ParseDisplayName("Ada")),
		Status: domain.Active, CreatedAt: instant, UpdatedAt: instant, Version: 1,
	}
	if err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func TestANewUserMayBringAllOfItsFields(t *testing.T) {
	store := &portsmock.UsersMock{CreateUserFunc: func(_ context.Context, in ports.CreateUser) (domain.User, error) { return in.User, nil }}
	attributes := domain.MustParse(domain.ParseAttributes([]byte(`{"team":"search"}`)))
	in := app.CreateUser{
		Username: ada, Email: address, ExternalID: domain.MustParse(domain.ParseExternalID("hr-1")),
		DisplayName: domain.MustParse(domain.ParseDisplayName("Ada Lovelace")), Attributes: &attributes, Status: domain.Suspended,
	}
	got, err := app.NewUsers(store, clock(), ids()).Create(ctx, writer, in)
	if err != nil || got.ExternalID != in.ExternalID || got.DisplayName != in.DisplayName || got.Attributes != attributes ||
		got.Status != domain.Suspended {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestCreatingAUserPassesTheStoresErrorOn(t *testing.T) {
	store := &portsmock.UsersMock{CreateUserFunc: func(context.Context, ports.CreateUser) (domain.User, error) {
		return domain.User{}, errStore
	}}
	_, err := app.NewUsers(store, clock(), ids()).Create(ctx, writer, app.CreateUser{Username: ada, Email: address})
	passes(t, err)
}
