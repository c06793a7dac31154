package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// Get returns a user by its id. It needs the scope read. The error is Denied
// or NotFound.
func (s *Users) Get(ctx context.Context, caller domain.Principal, id domain.UserID) (domain.User, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return domain.User{}, err
	}
	return s.store.UserByID(ctx, id)
}

// GetAny returns a user by its id, deleted or not. It needs the scope admin.
// The error is Denied or NotFound.
func (s *Users) GetAny(ctx context.Context, caller domain.Principal, id domain.UserID) (domain.User, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return domain.User{}, err
	}
	return s.store.AnyUserByID(ctx, id)
}

// GetByExternalID returns a user by its external id. It needs the scope read. The
// error is Denied or NotFound.
func (s *Users) GetByExternalID(ctx context.Context, caller domain.Principal, id domain.ExternalID) (domain.User, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return domain.User{}, err
	}
	return s.store.UserByExternalID(ctx, id)
}

// GetByUsername returns a user by its username, in any case. It needs the scope
// read. The error is Denied or NotFound.
func (s *Users) GetByUsername(ctx context.Context, caller domain.Principal, name domain.Username) (domain.User, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return domain.User{}, err
	}
	return s.store.UserByUsername(ctx, name)
}

// GetByEmail returns a user by its address, in any case. It needs the scope
// read. The error is Denied or NotFound.
func (s *Users) GetByEmail(ctx context.Context, caller domain.Principal, email domain.Email) (domain.User, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return domain.User{}, err
	}
	return s.store.UserByEmail(ctx, email)
}

// GetMany returns the users that exist, in the order of ids. It needs the scope
// read. The error is Denied, or Invalid for more than 1,000 ids.
func (s *Users) GetMany(ctx context.Context, caller domain.Principal, ids []domain.UserID) ([]domain.User, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, nil
	}
	if err := domain.AtMost("ids", len(ids), 1000); err != nil {
		return nil, err
	}
	return s.store.UsersByID(ctx, ids)
}
