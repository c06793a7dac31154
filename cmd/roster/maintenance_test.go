package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// openDatabase opens a database until the end of the test.
func openDatabase(t *testing.T, config postgres.Config) *postgres.Database {
	t.Helper()
	database, err := postgres.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	return database
}

func TestMaintenanceMakesMonthsAheadAndDropsThosePast(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	database := openDatabase(t, postgres.Config{URL: url, MaxConns: 2})
	var log strings.Builder
	m := maintenance{tables: []monthly{
		{"events", postgres.NewPartitions(database), 0}, {"the log of changes", postgres.NewLogPartitions(database), 0},
	}, log: slog.New(slog.NewTextHandler(&log, nil))}
	pgtest.Execute(t, pgtest.Connect(t, url), `DO $$ DECLARE partition text; BEGIN
		FOR partition IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'roster.log'::regclass
			AND inhrelid::regclass::text <> 'roster.log_default'
		LOOP EXECUTE 'DROP TABLE ' || partition; END LOOP; END $$`)
	for _, each := range []struct {
		now  string
		keep int
		want string
	}{
		{"2025-11-15T00:00:00Z", 0, "events_2025_11 events_2025_12 events_2026_01 events_2026_02"},
		{"2026-01-31T23:00:00Z", 2, "events_2025_11 events_2025_12 events_2026_01 events_2026_02 events_2026_03 events_2026_04"},
		{"2026-02-01T00:00:00Z", 1, "events_2026_01 events_2026_02 events_2026_03 events_2026_04 events_2026_05"},
		{"2026-02-01T00:00:00Z", 0, "events_2026_01 events_2026_02 events_2026_03 events_2026_04 events_2026_05"},
	} {
		now, err := time.Parse(time.RFC3339, each.now)
		if err != nil {
			t.Fatal(err)
		}
		m.now, m.tables[0].keep, m.tables[1].keep = func() time.Time { return now }, each.keep, each.keep
		if err := m.round(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := partitions(t, url, "events"); got != each.want {
			t.Errorf("at %s, keeping %d: %s", each.now, each.keep, got)
		}
		if got := partitions(t, url, "log"); got != strings.ReplaceAll(each.want, "events_", "log_")+" log_default" {
			t.Errorf("at %s, keeping %d: %s", each.now, each.keep, got)
		}
	}
	for _, dropped := range []string{"Dropped a month of events", "Dropped a month of the log of changes"} {
		if n := strings.Count(log.String(), dropped); n != 2 {
			t.Errorf("%d times %q is in the log %s", n, dropped, log.String())
		}
	}
	stop := m.start(t.Context())
	stop()
}

func partitions(t *testing.T, url, table string) string {
	t.Helper()
	return query[string](t, url, `SELECT string_agg(c.relname, ' ' ORDER BY c.relname)
		FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'roster.`+table+`'::regclass`)
}
