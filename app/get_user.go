package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// read is within for callers that have the scope read.
func read[In, Out any](
	ctx context.Context, caller domain.Principal, in In,
	all func(context.Context, In) (Out, error), members func(context.Context, ports.Within[In]) (Out, error),
) (out Out, err error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return out, err
	}
	return within(ctx, caller, in, all, members)
}

// within reads with all for a caller that sees the whole directory, and with members
// for one that is bound to an organization.
func within[In, Out any](
	ctx context.Context, caller domain.Principal, in In,
	all func(context.Context, In) (Out, error), members func(context.Context, ports.Within[In]) (Out, error),
) (Out, error) {
	if caller.Within.IsZero() {
		return all(ctx, in)
	}
	return members(ctx, ports.Within[In]{Organization: caller.Within, Wanted: in})
}

// Get returns a user by its id. It needs the scope read. The error is Denied
// or NotFound.
//
// This is read, written out: a test holds how many functions the most frequent
// request passes through.
func (s *Users) Get(ctx context.Context, caller domain.Principal, id domain.UserID) (domain.User, error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return domain.User{}, err
	}
	if caller.Within.IsZero() {
		return s.store.UserByID(ctx, id)
	}
	return s.store.UserByIDWithin(ctx, ports.Within[domain.UserID]{Organization: caller.Within, Wanted: id})
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
	return read(ctx, caller, id, s.store.UserByExternalID, s.store.UserByExternalIDWithin)
}

// GetByUsername returns a user by its username, in any case. It needs the scope
// read. The error is Denied or NotFound.
func (s *Users) GetByUsername(ctx context.Context, caller domain.Principal, name domain.Username) (domain.User, error) {
	return read(ctx, caller, name, s.store.UserByUsername, s.store.UserByUsernameWithin)
}

// GetByEmail returns a user by its address, in any case. It needs the scope
// read. The error is Denied or NotFound.
func (s *Users) GetByEmail(ctx context.Context, caller domain.Principal, email domain.Email) (domain.User, error) {
	return read(ctx, caller, email, s.store.UserByEmail, s.store.UserByEmailWithin)
}

// GetMany returns the users that exist, in the order of ids. It needs the scope
// read. The error is Denied, or Invalid for more than 1,000 ids.
func (s *Users) GetMany(ctx context.Context, caller domain.Principal, ids []domain.UserID) ([]domain.User, error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil || len(ids) == 0 {
		return nil, err
	}
	if err := domain.AtMost("ids", len(ids), 1000); err != nil {
		return nil, err
	}
	return within(ctx, caller, ids, s.store.UsersByID, s.store.UsersByIDWithin)
}
