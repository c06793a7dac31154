package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func TestListingUsersNeedsTheScopeRead(t *testing.T) {
	users := app.NewUsers(&portsmock.UsersMock{}, clock(), ids())
	refuses(t, func(c domain.Principal) error {
		_, err := users.List(ctx, c, ports.ListUsers{Limit: domain.DefaultListSize})
		return err
	}, writer)
}

func TestAListIsWhatTheStoreAnswers(t *testing.T) {
	store := &portsmock.UsersMock{ListUsersFunc: func(_ context.Context, in ports.ListUsers) ([]domain.User, error) {
		return make([]domain.User, in.Limit.Int()), errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).List(ctx, reader, ports.ListUsers{Limit: domain.DefaultListSize})
	passes(t, err)
	if len(got) != 50 {
		t.Errorf("got %d users", len(got))
	}
}
