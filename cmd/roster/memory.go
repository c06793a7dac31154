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

// The parts of a container's memory that Roster collects garbage to stay
// within: the rest is for what the runtime does not count and, where there is
// one, for Roster's own PostgreSQL.
const (
	memoryAlone     = 0.9
	memoryWithOwnPG = 0.5
)

// heedMemory gives the garbage collector a limit from that of the container,
// as the runtime does for processors: a heap that grows is collected more
// often before the container is ended for it. Without a limit all stays as it
// is, and so it does where GOMEMLIMIT is set, which the runtime heeds itself.
func heedMemory(ctx context.Context, container memlimit.Provider, ownPG bool, log *slog.Logger) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	part := memoryAlone
	if ownPG {
		part = memoryWithOwnPG
	}
	limit, err := memlimit.ApplyRatio(container, part)()
	switch {
	case errors.Is(err, memlimit.ErrNoLimit) || errors.Is(err, memlimit.ErrNoCgroup) || errors.Is(err, memlimit.ErrCgroupsNotSupported):
	case err != nil:
		log.WarnContext(ctx, "The container's memory limit is not known: set GOMEMLIMIT", "error", err)
	default:
		debug.SetMemoryLimit(int64(min(limit, math.MaxInt64)))
		log.DebugContext(ctx, "Memory is limited", "bytes", limit)
	}
}
