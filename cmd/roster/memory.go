package main

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// The shares of a container's memory that Go's heap may use. The rest is for
// memory that the runtime does not count, and for the embedded PostgreSQL.
const (
	memoryShare             = 0.9
	memoryShareWithPostgres = 0.5
)

// limitMemory sets the garbage collector's memory limit from the container's, so
// that Roster collects more often instead of being killed for too much memory. It
// changes nothing if the container has no limit, or if GOMEMLIMIT is set, which
// the runtime reads itself.
func limitMemory(ctx context.Context, container memlimit.Provider, withPostgres bool, log *slog.Logger) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	share := memoryShare
	if withPostgres {
		share = memoryShareWithPostgres
	}
	limit, err := memlimit.ApplyRatio(container, share)()
	switch {
	case errors.Is(err, memlimit.ErrNoLimit) || errors.Is(err, memlimit.ErrNoCgroup) || errors.Is(err, memlimit.ErrCgroupsNotSupported):
	case err != nil:
		log.WarnContext(ctx, "The container's memory limit can't be read: set GOMEMLIMIT", "error", err)
	default:
		debug.SetMemoryLimit(int64(min(limit, math.MaxInt64)))
		log.DebugContext(ctx, "Memory limit set", "bytes", limit)
	}
}
