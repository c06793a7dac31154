package migrate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"

	"github.com/roster-directory/roster/adapters/postgres/connect"
)

// Step is a migration that was applied or taken back.
type Step struct {
	Version int64
	// File is the migration's name, such as 00102_directory.sql.
	File string
	Took time.Duration
}

// ErrNothingApplied is the error of Down and Redo on a database without migrations.
var ErrNothingApplied = errors.New("no migration is applied")

// Up applies the missing migrations and returns them. The error names the file that
// failed; those before it stay applied, and are returned too. Call Restamp after it.
func (m *Migrator) Up(ctx context.Context) ([]Step, error) {
	present, err := m.versions(ctx)
	if err != nil {
		return nil, err
	}
	if m.complete(present) {
		return nil, nil
	}
	if err := m.refusePooler(); err != nil {
		return nil, err
	}
	if err := m.found(ctx); err != nil {
		return nil, fmt.Errorf("preparing the database for migrations: %w", withCure(err))
	}
	all, err := m.goose()
	if err != nil {
		return nil, err
	}
	done, err := all.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		done = partial.Applied
	}
	if err != nil {
		return steps(done), failure("up", err)
	}
	return steps(done), nil
}

// Down takes back the newest migration that is applied. The error is
// ErrNothingApplied, or names the file that failed.
func (m *Migrator) Down(ctx context.Context) (Step, error) {
	newest, err := m.newest(ctx)
	if err != nil {
		return Step{}, err
	}
	return m.apply(ctx, newest, false)
}

// Redo takes back the newest migration that is applied and applies it again.
// The errors are those of Down.
func (m *Migrator) Redo(ctx context.Context) (Step, error) {
	step, err := m.Down(ctx)
	if err != nil {
		return Step{}, err
	}
	return m.apply(ctx, step.Version, true)
}

// Up applies the migrations to the database at url, numbers the changes of a restored
// dump again (Restamp), and closes its connections.
func Up(ctx context.Context, url string) error {
	m, err := New(url, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	if _, err = m.Up(ctx); err == nil {
		_, err = m.Restamp(ctx)
	}
	return errors.Join(err, m.Close())
}

func (m *Migrator) apply(ctx context.Context, version int64, up bool) (Step, error) {
	if err := m.refusePooler(); err != nil {
		return Step{}, err
	}
	all, err := m.goose()
	if err != nil {
		return Step{}, err
	}
	result, err := all.ApplyVersion(ctx, version, up)
	direction := "down"
	if up {
		direction = "up"
	}
	if err != nil {
		if errors.Is(err, goose.ErrVersionNotFound) {
			return Step{}, fmt.Errorf("migration %05d is of a newer Roster than this one, which can't take it back: %w", version, err)
		}
		return Step{}, failure(direction, err)
	}
	return step(result), nil
}

func (m *Migrator) newest(ctx context.Context) (int64, error) {
	present, err := m.versions(ctx)
	if err != nil {
		return 0, err
	}
	if len(present) == 0 {
		return 0, ErrNothingApplied
	}
	return present[len(present)-1].Version, nil
}

func step(r *goose.MigrationResult) Step {
	return Step{Version: r.Source.Version, File: path.Base(r.Source.Path), Took: r.Duration}
}

func steps(results []*goose.MigrationResult) []Step {
	var all []Step
	for _, r := range results {
		all = append(all, step(r))
	}
	return all
}

// failure names the file of the migration that failed.
func failure(direction string, err error) error {
	var partial *goose.PartialError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &partial):
		return fmt.Errorf("migrations/%s (%s): %w", path.Base(partial.Failed.Source.Path), direction, withCure(partial.Err))
	default:
		return fmt.Errorf("migrating %s: %w", direction, withCure(err))
	}
}

// refusePooler returns an error behind a pooler that lends its connections for a
// transaction: the lock of a run would be another's.
func (m *Migrator) refusePooler() error {
	if m.sessions.Pooling() != connect.PerTransaction {
		return nil
	}
	return errors.New("a pooler lends its connections for a transaction, and the lock of a migration belongs to a session: " +
		"run roster migrate up over a direct connection, and set ROSTER_MIGRATE=no for servers behind the pooler")
}

// withCure adds what to do where the database refuses all migrations.
func withCure(err error) error {
	const readOnly, noRight = "25006", "42501"
	refused := new(pgconn.PgError)
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.Code == readOnly:
		return fmt.Errorf("%w: %s", err, connect.Cure(refused))
	case refused.Code == noRight:
		return fmt.Errorf("%w: this role does not own the schema: run roster migrate up as its owner", err)
	}
	return err
}
