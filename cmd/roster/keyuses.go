package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/roster-directory/roster/app"
)

const (
	// keyUsesPause is how often the last uses of API keys are stored.
	keyUsesPause = time.Minute
	// keyUsesTimeout bounds the last storage, when the program ends.
	keyUsesTimeout = 2 * time.Second
)

// keepKeyUses stores the last uses of API keys in the background: one statement a
// minute, instead of one a request. The returned function stores the rest.
func keepKeyUses(ctx context.Context, keys *app.APIKeys, log *slog.Logger) (stop func()) {
	keep := func(ctx context.Context) {
		if err := keys.KeepUses(ctx); err != nil {
			log.WarnContext(ctx, "The last uses of API keys were not stored, and will be later", "error", err)
		}
	}
	end := background(ctx, func(ctx context.Context) {
		ticks := time.NewTicker(keyUsesPause)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				keep(ctx)
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		end()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), keyUsesTimeout)
		defer cancel()
		keep(last)
	}
}
