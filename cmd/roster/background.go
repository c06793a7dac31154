package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/system"
	"github.com/roster-directory/roster/adapters/webhook"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
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

// startRetention erases users who were deleted longer ago than keep, in the background; 0
// keeps them. The returned function ends it.
func startRetention(ctx context.Context, database *postgres.Database, keep time.Duration, log *slog.Logger) (stop func()) {
	if keep == 0 {
		return func() {}
	}
	return background(ctx, func(ctx context.Context) {
		postgres.NewRetention(database, keep).Run(ctx,
			func(users int) {
				log.InfoContext(ctx, "Erased users who were deleted long ago", "users", users, "keep", keep)
			},
			func(err error) {
				log.WarnContext(ctx, "Users who were deleted long ago could not be erased and will be later", "error", err)
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

// startDelivering posts entries of the log to webhooks in the background. The returned
// function ends it and waits for what is under way.
func (s *session) startDelivering(ctx context.Context, stores ports.Stores, sender *webhook.Sender) (stop func()) {
	log := s.component(logWebhooks)
	deliveries := app.NewDeliveries(stores.Webhooks, stores.LogEntries, sender, system.NewClock(), system.NewRandom(),
		func(err error) {
			log.WarnContext(ctx, "Webhooks could not be read or kept, and will be later", "error", err)
		},
		func(w domain.Webhook) {
			log.WarnContext(ctx, "A webhook was disabled; roster webhook enable begins again", "webhook", w.ID, "reason", w.DisabledReason)
		})
	return background(ctx, deliveries.Run)
}

// startSealing seals the log of changes in the background. The process log gets each seal,
// so that who changes the log and its seals has to change other places too. The returned
// function ends it.
func startSealing(ctx context.Context, seals *postgres.Seals, log *slog.Logger) (stop func()) {
	return background(ctx, func(ctx context.Context) {
		seals.Run(ctx, func(seal postgres.Seal) {
			log.InfoContext(ctx, "Sealed the log of changes", "seal", seal.String(), "entries", seal.Entries)
		}, func(err error) {
			log.WarnContext(ctx, "The log of changes could not be sealed and will be later", "error", err)
		})
	})
}
