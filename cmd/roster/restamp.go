package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
)

// restamp numbers the changes of a restored dump again. Without update it only says
// that this has to be done. A failure is no reason not to serve: until it is done, the
// list of changes alone is refused.
func (s *session) restamp(ctx context.Context, database *postgres.Database, url string, update bool) error {
	log := s.component(logMigrate)
	restored, err := database.Restored(ctx)
	if err != nil || !restored {
		return err
	}
	if update {
		log.InfoContext(ctx, "The database was restored from the dump of another server: numbering the changes of users again")
		var done migrate.Restamped
		if done, err = numberAgain(ctx, url, log); err == nil {
			log.InfoContext(ctx, "The changes of users are numbered again", "users", done.Users, "erased_users", done.Tombstones,
				"entries", done.Entries)
			return nil
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	log.WarnContext(ctx, "The list of changes is refused until the changes of a restored dump are numbered again: run roster migrate up",
		"error", err)
	return nil
}

func numberAgain(ctx context.Context, url string, log *slog.Logger) (done migrate.Restamped, err error) {
	migrator, err := migrate.New(url, log)
	if err != nil {
		return done, err
	}
	done, err = migrator.Restamp(ctx)
	return done, errors.Join(err, migrator.Close())
}
