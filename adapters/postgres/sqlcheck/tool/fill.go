package tool

import (
	"context"
	"errors"
	"fmt"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
)

// filled is the address of a new database, migrated, filled by the service's
// command and analyzed, which drop drops.
func (s *service) filled(ctx context.Context) (address string, drop func() error, err error) {
	if len(s.Fill) == 0 {
		return "", nil, fmt.Errorf(`plans need a database with many rows: name a command that fills one under "fill" in %s, `+
			"or give -database one that is migrated, filled and analyzed", shown(s.path(configFile)))
	}
	server, stop, err := s.server(ctx, "")
	if err != nil {
		return "", nil, err
	}
	database, err := schema.NewScratch(ctx, server, s.source())
	if err != nil {
		return "", nil, errors.Join(err, stop())
	}
	drop = func() error { return errors.Join(database.Drop(context.WithoutCancel(ctx)), stop()) }
	if err = schema.Run(ctx, s.dir, database.URL, s.Fill); err == nil {
		err = database.Analyze(ctx)
	}
	if err != nil {
		return "", nil, errors.Join(err, drop())
	}
	return database.URL, drop, nil
}
