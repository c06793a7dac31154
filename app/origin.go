package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// by returns a context for changes that a caller makes. The id of the request stays.
func by(ctx context.Context, caller domain.Principal) context.Context {
	return ports.WithOrigin(ctx, ports.Origin{Actor: caller.Subject, Request: ports.OriginOf(ctx).Request})
}
