package migrate_test

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/migrations"
)

func files(t *testing.T) []string {
	t.Helper()
	all, err := migrations.All()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range all {
		names = append(names, m.File)
	}
	return names
}

func names(steps []migrate.Step) []string {
	var all []string
	for _, s := range steps {
		all = append(all, s.File)
	}
	return all
}

func TestUpAppliesMissingMigrations(t *testing.T) {
	t.Parallel()
	m := migrator(t, empty.Database(t))
	steps, err := m.Up(t.Context())
	if err != nil || !slices.Equal(names(steps), files(t)) {
		t.Fatalf("applied %v, %v", names(steps), err)
	}
	last := steps[len(steps)-1]
	if down, err := m.Down(t.Context()); err != nil || down.File != last.File || down.Version != last.Version {
		t.Fatalf("took back %v, %v", down, err)
	}
	again, err := m.Up(t.Context())
	if err != nil || !slices.Equal(names(again), []string{last.File}) {
		t.Errorf("applied %v, %v", names(again), err)
	}
	none, err := m.Up(t.Context())
	if err != nil || len(none) != 0 {
		t.Errorf("applied %v, %v, with nothing missing", names(none), err)
	}
}

func TestFourRunsAtOnceApplyEachMigrationOnce(t *testing.T) {
	t.Parallel()
	address := empty.Database(t)
	var mu sync.Mutex
	var all []string
	var faults []error
	var runs sync.WaitGroup
	for range 4 {
		m := migrator(t, address)
		runs.Go(func() {
			steps, err := m.Up(t.Context())
			mu.Lock()
			defer mu.Unlock()
			all, faults = append(all, names(steps)...), append(faults, err)
		})
	}
	runs.Wait()
	slices.Sort(all)
	if err := errors.Join(faults...); err != nil || !slices.Equal(all, files(t)) {
		t.Errorf("applied %v, %v", all, err)
	}
	const versions = "SELECT version_id FROM roster.schema_migrations WHERE version_id > 0"
	if rows := pgtest.Column[int64](t, pgtest.Connect(t, address), versions); len(rows) != len(files(t)) {
		t.Errorf("the versions stored are %v", rows)
	}
}

func TestRedoTakesTheNewestBackAndAppliesIt(t *testing.T) {
	t.Parallel()
	address := migrated(t)
	m, c := migrator(t, address), pgtest.Connect(t, address)
	const id = "SELECT id FROM roster.schema_migrations ORDER BY version_id"
	before := pgtest.Column[int32](t, c, id)
	step, err := m.Redo(t.Context())
	all := files(t)
	if err != nil || step.File != all[len(all)-1] {
		t.Fatalf("%v, %v", step, err)
	}
	after := pgtest.Column[int32](t, c, id)
	last := len(before) - 1
	if !slices.Equal(after[:last], before[:last]) || after[last] <= before[last] {
		t.Errorf("rows %v became %v", before, after)
	}
}

func TestStatusLists(t *testing.T) {
	t.Parallel()
	address := empty.Database(t)
	m := migrator(t, address)
	all := files(t)
	t.Run("all migrations as missing in an empty database, and changes nothing", func(t *testing.T) {
		states, err := m.Status(t.Context())
		if err != nil || len(states) != len(all) {
			t.Fatalf("%v, %v", states, err)
		}
		for i, s := range states {
			if s.File != all[i] || s.Applied || !s.AppliedAt.IsZero() {
				t.Errorf("%+v", s)
			}
		}
		const schemas = "SELECT nspname FROM pg_namespace WHERE nspname = 'roster'"
		if made := pgtest.Column[string](t, pgtest.Connect(t, address), schemas); len(made) > 0 {
			t.Error("Status has made the schema")
		}
	})
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Run("applied migrations with their time, and those of a newer Roster", func(t *testing.T) {
		pgtest.Execute(t, pgtest.Connect(t, address),
			"INSERT INTO roster.schema_migrations (version_id, is_applied) VALUES (99999, true)")
		states, err := m.Status(t.Context())
		if err != nil || len(states) != len(all)+1 {
			t.Fatalf("%v, %v", states, err)
		}
		for i, s := range states {
			if !s.Applied || s.AppliedAt.IsZero() || i < len(all) && s.File != all[i] {
				t.Errorf("%+v", s)
			}
		}
		if newer := states[len(all)]; newer.Version != 99999 || newer.File != "" {
			t.Errorf("the newer one is %+v", newer)
		}
	})
	t.Run("a newer migration, which Down refuses to take back", func(t *testing.T) {
		_, err := m.Down(t.Context())
		if err == nil || !strings.Contains(err.Error(), "99999 is of a newer Roster") {
			t.Error(err)
		}
	})
}

func TestDownAndRedoFailIfNothingIsApplied(t *testing.T) {
	t.Parallel()
	m := migrator(t, empty.Database(t))
	if _, err := m.Down(t.Context()); !errors.Is(err, migrate.ErrNothingApplied) {
		t.Errorf("down: %v", err)
	}
	if _, err := m.Redo(t.Context()); !errors.Is(err, migrate.ErrNothingApplied) {
		t.Errorf("redo: %v", err)
	}
}

func TestAFailureNamesTheFileOfTheMigration(t *testing.T) {
	t.Parallel()
	address := empty.Database(t)
	m, c := migrator(t, address), pgtest.Connect(t, address)
	events := slices.Index(files(t), "00106_events.sql")
	t.Run("up, and keeps the migrations before it", func(t *testing.T) {
		pgtest.Execute(t, c, "CREATE SCHEMA roster", "CREATE TABLE roster.events ()")
		steps, err := m.Up(t.Context())
		if err == nil || !strings.Contains(err.Error(), "migrations/00106_events.sql (up)") || !strings.Contains(err.Error(), "42P07") {
			t.Error(err)
		}
		if !slices.Equal(names(steps), files(t)[:events]) {
			t.Errorf("applied %v", names(steps))
		}
		pgtest.Execute(t, c, "DROP TABLE roster.events")
		if steps, err := m.Up(t.Context()); err != nil || !slices.Equal(names(steps), files(t)[events:]) {
			t.Errorf("then applied %v, %v", names(steps), err)
		}
	})
	t.Run("down", func(t *testing.T) {
		for range files(t)[events+1:] {
			if _, err := m.Down(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		pgtest.Execute(t, c, "CREATE VIEW roster.mine AS SELECT id FROM roster.events")
		_, err := m.Down(t.Context())
		if err == nil || !strings.Contains(err.Error(), "migrations/00106_events.sql (down)") {
			t.Error(err)
		}
	})
}

func TestAnInvalidAddressIsRefused(t *testing.T) {
	t.Parallel()
	_, err := migrate.New("postgres://127.0.0.1:notaport/roster", slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "the database's address") {
		t.Error(err)
	}
	if err := migrate.Up(t.Context(), "postgres://127.0.0.1:notaport/roster"); err == nil {
		t.Error("Up has no error")
	}
}

func TestADatabaseThatDoesNotAnswerIsAnError(t *testing.T) {
	t.Parallel()
	m := migrator(t, "postgres://roster@127.0.0.1:1/roster")
	for name, try := range map[string]func() error{
		"up":     func() error { _, err := m.Up(t.Context()); return err },
		"down":   func() error { _, err := m.Down(t.Context()); return err },
		"status": func() error { _, err := m.Status(t.Context()); return err },
	} {
		if err := try(); err == nil || !strings.Contains(err.Error(), "reading which migrations are applied") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
