package main

import (
	"context"
	"log/slog"

	"github.com/roster-directory/roster/adapters/postgres"
)

// startErasing does the parts of large erasures in the background. The returned
// function ends it and waits for the part under way.
func startErasing(ctx context.Context, erasures *postgres.Erasures, log *slog.Logger) (stop func()) {
	return background(ctx, func(ctx context.Context) {
		erasures.Run(ctx, func(err error) {
			log.WarnContext(ctx, "An erasure failed and will be continued", "error", err)
		})
	})
}
