package app_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports/portsmock"
)

func TestReadingUsersNeedsTheScopeRead(t *testing.T) {
	users := app.NewUsers(&portsmock.UsersMock{}, clock(), ids())
	for name, use := range map[string]func(domain.Principal) error{
		"by id":          func(c domain.Principal) error { _, err := users.Get(ctx, c, someone); return err },
		"by username":    func(c domain.Principal) error { _, err := users.GetByUsername(ctx, c, ada); return err },
		"by email":       func(c domain.Principal) error { _, err := users.GetByEmail(ctx, c, address); return err },
		"by external id": func(c domain.Principal) error { _, err := users.GetByExternalID(ctx, c, badge); return err },
		"many": func(c domain.Principal) error {
			_, err := users.GetMany(ctx, c, []domain.UserID{someone})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, use, writer) })
	}
}

func TestAUserIsReadByEachOfItsNames(t *testing.T) {
	found := domain.User{ID: someone, Username: ada, Email: address}
	var stored error
	store := &portsmock.UsersMock{
		UserByIDFunc: func(_ context.Context, id domain.UserID) (domain.User, error) { return domain.User{ID: id}, stored },
		UserByUsernameFunc: func(_ context.Context, n domain.Username) (domain.User, error) {
			return domain.User{Username: n}, stored
		},
		UserByEmailFunc: func(_ context.Context, e domain.Email) (domain.User, error) { return domain.User{Email: e}, stored },
		UserByExternalIDFunc: func(_ context.Context, id domain.ExternalID) (domain.User, error) {
			return domain.User{ExternalID: id}, stored
		},
	}
	users := app.NewUsers(store, clock(), ids())
	byID, err1 := users.Get(ctx, reader, someone)
	byName, err2 := users.GetByUsername(ctx, reader, ada)
	byEmail, err3 := users.GetByEmail(ctx, reader, address)
	byBadge, err4 := users.GetByExternalID(ctx, reader, badge)
	if err := errors.Join(err1, err2, err3, err4); err != nil || byID.ID != found.ID || byName.Username != ada ||
		byEmail.Email != address || byBadge.ExternalID != badge {
		t.Errorf("got %v, %v, %v, %v, %v", byID, byName, byEmail, byBadge, err)
	}
	stored = errStore
	_, err1 = users.Get(ctx, reader, someone)
	_, err2 = users.GetByUsername(ctx, reader, ada)
	_, err3 = users.GetByEmail(ctx, reader, address)
	_, err4 = users.GetByExternalID(ctx, reader, badge)
	for _, err := range []error{err1, err2, err3, err4} {
		passes(t, err)
	}
}

func TestADeletedUserIsReadByAdministrators(t *testing.T) {
	store := &portsmock.UsersMock{AnyUserByIDFunc: func(_ context.Context, id domain.UserID) (domain.User, error) {
		return domain.User{ID: id, DeletedAt: now}, errStore
	}}
	users := app.NewUsers(store, clock(), ids())
	refuses(t, func(c domain.Principal) error { _, err := users.GetAny(ctx, c, someone); return err }, reader, writer)
	got, err := users.GetAny(ctx, admin, someone)
	passes(t, err)
	if got.ID != someone || got.DeletedAt != now {
		t.Errorf("got %+v", got)
	}
}

func TestManyUsersAreReadInOneCall(t *testing.T) {
	store := &portsmock.UsersMock{UsersByIDFunc: func(_ context.Context, ids []domain.UserID) ([]domain.User, error) {
		return slices.Collect(func(yield func(domain.User) bool) {
			for _, id := range ids {
				yield(domain.User{ID: id})
			}
		}), nil
	}}
	users := app.NewUsers(store, clock(), ids())
	got, err := users.GetMany(ctx, reader, []domain.UserID{{1}, {2}})
	if err != nil || len(got) != 2 || got[1].ID != (domain.UserID{2}) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := users.GetMany(ctx, reader, nil); err != nil || len(got) != 0 || len(store.UsersByIDCalls()) != 1 {
		t.Errorf("nobody: got %v, %v after %d calls", got, err, len(store.UsersByIDCalls()))
	}
	_, err = users.GetMany(ctx, reader, make([]domain.UserID, 1001))
	if !errors.Is(err, domain.Invalid) || domain.Failures(err)[0].Field != "ids" {
		t.Errorf("1,001 ids: got %v", err)
	}
}
