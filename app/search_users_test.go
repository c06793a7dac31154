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

func TestASearchIsWhatTheStoreAnswers(t *testing.T) {
	store := &portsmock.UsersMock{SearchUsersFunc: func(_ context.Context, in ports.SearchUsers) ([]domain.User, error) {
		if in != search {
			t.Errorf("the store was asked %+v", in)
		}
		return []domain.User{{ID: someone}}, errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).Search(ctx, reader, search)
	passes(t, err)
	if len(got) != 1 || got[0].ID != someone {
		t.Errorf("got %v", got)
	}
}
