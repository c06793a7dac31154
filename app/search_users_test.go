package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

var search = ports.SearchUsers{Term: domain.MustParse(domain.ParseSearchTerm("ada")), Limit: domain.DefaultSearchSize}

func TestSearchingUsersNeedsTheScopeRead(t *testing.T) {
	users := app.NewUsers(&portsmock.UsersMock{}, clock(), ids())
	refuses(t, func(c domain.Principal) error {
		_, err := users.Search(ctx, c, search)
		return err
	}, writer)
}

func TestSearchingDeletedUsersNeedsTheScopeAdmin(t *testing.T) {
	users := app.NewUsers(&portsmock.UsersMock{}, clock(), ids())
	refuses(t, func(c domain.Principal) error {
		_, err := users.Search(ctx, c, ports.SearchUsers{Filter: ports.UserFilter{Deleted: domain.WithDeleted}})
		return err
	}, reader)
}

func TestASearchReturnsTheStoresPage(t *testing.T) {
	found := ports.FoundUsers{Corrections: []string{"adam"}}
	found.Items = []ports.FoundUser{{User: domain.User{ID: someone}, Match: domain.MatchWords}}
	store := &portsmock.UsersMock{SearchUsersFunc: func(_ context.Context, in ports.SearchUsers) (ports.FoundUsers, error) {
		if in.Term.String() != "ada" || in.Limit != search.Limit {
			t.Errorf("the store was asked %+v", in)
		}
		return found, errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).Search(ctx, reader, search)
	passes(t, err)
	if len(got.Items) != 1 || got.Items[0].ID != someone || got.Items[0].Match != domain.MatchWords || len(got.Corrections) != 1 {
		t.Errorf("got %v", got)
	}
}
