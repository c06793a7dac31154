// Command largedirectory fills an empty, migrated database with a made-up
// directory of 200,000 users and 1,000,000 events, on which the plans of
// queries are looked at. DATABASE_URL names it; its user is a superuser.
//
// It is for looking at plans only: rules that other tables keep are not
// enforced, and indexes are built when the rows are there, which makes it
// several times as fast as roster import.
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/adapters/sample"
	"github.com/roster-directory/roster/domain"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Getenv("DATABASE_URL"), sample.Options{Seed: 1, Users: 200_000, Events: 1_000_000}); err != nil {
		fmt.Fprintln(os.Stderr, "largedirectory:", err)
		os.Exit(1)
	}
}

// run makes the directory up and copies it into the database.
func run(ctx context.Context, database string, options sample.Options) (err error) {
	folder, err := os.MkdirTemp("", "largedirectory-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	months, err := write(ctx, folder, options)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return load(ctx, conn, folder, months)
}

// write writes the directory as CSV files, and returns a moment of each month
// that has events.
func write(ctx context.Context, folder string, options sample.Options) ([]time.Time, error) {
	files, err := dataset.Create(folder, dataset.CSV, true)
	if err != nil {
		return nil, err
	}
	out := noting{files, map[string]time.Time{}}
	if err := sample.Write(ctx, options, out); err != nil {
		return nil, errors.Join(err, files.Abort())
	}
	return slices.Collect(maps.Values(out.months)), files.Close()
}

// noting notes the months of events, which need partitions.
type noting struct {
	*dataset.Writer
	months map[string]time.Time
}

// WriteEvent writes an event.
func (n noting) WriteEvent(event domain.Event) error {
	n.months[event.OccurredAt.UTC().Format("2006-01")] = event.OccurredAt
	return n.Writer.WriteEvent(event)
}
