package tool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

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
	if err = s.fill(ctx, database.URL); err == nil {
		err = database.Analyze(ctx)
	}
	if err != nil {
		return "", nil, errors.Join(err, drop())
	}
	return database.URL, drop, nil
}

// fill runs the service's command on the database of an address.
func (s *service) fill(ctx context.Context, address string) error {
	c := exec.CommandContext(ctx, s.Fill[0], s.Fill[1:]...)
	c.Dir, c.Env = s.dir, append(os.Environ(), "DATABASE_URL="+address)
	if out, err := c.CombinedOutput(); err != nil {
		return &fillError{strings.Join(s.Fill, " "), err, strings.TrimSpace(string(out))}
	}
	return nil
}

// fillError is a command that didn't fill the database.
type fillError struct {
	command string
	cause   error
	said    string
}

func (e *fillError) Error() string { return fmt.Sprintf("%s: %v: %s", e.command, e.cause, e.said) }

func (e *fillError) Unwrap() error { return e.cause }
