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

func TestAListReturnsTheStoresPage(t *testing.T) {
	store := &portsmock.UsersMock{ListUsersFunc: func(_ context.Context, in ports.ListUsers) (ports.Page[domain.User], error) {
		return ports.Page[domain.User]{Items: make([]domain.User, in.Limit.Int()), More: true}, errStore
	}}
	got, err := app.NewUsers(store, clock(), ids()).List(ctx, reader, ports.ListUsers{Limit: domain.DefaultListSize})
	passes(t, err)
	if len(got.Items) != 50 || !got.More {
		t.Errorf("got %d users, and more: %t", len(got.Items), got.More)
	}
}

func TestDeletedUsersAreListedAndCountedForAdministrators(t *testing.T) {
	store := &portsmock.UsersMock{
		ListUsersFunc: func(context.Context, ports.ListUsers) (ports.Page[domain.User], error) {
			return ports.Page[domain.User]{}, nil
		},
		CountUsersFunc: func(context.Context, ports.CountUsers) (domain.Total, error) { return domain.Total{N: 7}, nil },
	}
	users := app.NewUsers(store, clock(), ids())
	for deleted, allowed := range map[domain.Deletion]domain.Principal{
		"": reader, domain.WithoutDeleted: reader, domain.WithDeleted: admin, domain.OnlyDeleted: admin,
	} {
		filter := ports.UserFilter{Deleted: deleted}
		list := func(c domain.Principal) error {
			_, err := users.List(ctx, c, ports.ListUsers{Filter: filter})
			return err
		}
		count := func(c domain.Principal) error {
			_, err := users.Count(ctx, c, ports.CountUsers{Filter: filter})
			return err
		}
		for _, use := range []func(domain.Principal) error{list, count} {
			refuses(t, use, writer)
			if allowed.Subject == admin.Subject {
				refuses(t, use, reader)
			}
			if err := use(allowed); err != nil {
				t.Errorf("deleted=%s: %v", deleted, err)
			}
		}
	}
}

func TestChangesAreForReaders(t *testing.T) {
	since := ports.ListChanges{Since: now, Limit: domain.DefaultListSize}
	store := &portsmock.UsersMock{ListChangesFunc: func(_ context.Context, in ports.ListChanges) (ports.Changes, error) {
		if in != since {
			t.Errorf("the store was asked for %+v", in)
		}
		return ports.Changes{Next: ports.ChangePosition{Change: 7}}, errStore
	}}
	users := app.NewUsers(store, clock(), ids())
	refuses(t, func(c domain.Principal) error { _, err := users.Changes(ctx, c, since); return err }, writer)
	got, err := users.Changes(ctx, reader, since)
	passes(t, err)
	if got.Next.Change != 7 {
		t.Errorf("got %+v", got)
	}
}
