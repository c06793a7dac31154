package main

import (
	"context"
	"log/slog"

	"github.com/roster-directory/roster/adapters/postgres"
)

// background runs fn until the returned function is called, which waits for its end.
func background(ctx context.Context, fn func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// startErasing does the parts of large erasures in the background. The returned
// function ends it and waits for the part under way.
func startErasing(ctx context.Context, erasures *postgres.Erasures, log *slog.Logger) (stop func()) {
	return background(ctx, func(ctx context.Context) {
		erasures.Run(ctx, func(err error) {
			log.WarnContext(ctx, "An erasure failed and will be continued", "error", err)
		})
	})
}

// startFolding tidies the rollups after deletions in the background. The returned
// function ends it.
func startFolding(ctx context.Context, rollups *postgres.Rollups, log *slog.Logger) (stop func()) {
	return background(ctx, func(ctx context.Context) {
		rollups.Run(ctx, func(err error) {
			log.WarnContext(ctx, "Deleted users could not be taken out of the rollups and will be later", "error", err)
		})
	})
}
