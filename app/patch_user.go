package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Patch changes some of what a user is; At, and what of Idempotency says who
// and when, is set by the service. It needs the scope write. The error is
// Denied, or that of ports.UserWriter.
func (s *Users) Patch(ctx context.Context, caller domain.Principal, in ports.PatchUser) (domain.User, error) {
	if err := caller.Require(domain.ScopeWrite); err != nil {
		return domain.User{}, err
	}
	in.At = domain.Instant(s.clock.Now())
	in.Idempotency = claimed(in.Idempotency, caller, in.At)
	return s.store.PatchUser(ctx, in)
}
