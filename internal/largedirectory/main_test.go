package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/sample"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

var migrated = pgtest.NewTemplate(migrateUp)

func migrateUp(ctx context.Context, url string) error {
	m, err := migrate.New(url, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	_, err = m.Up(ctx)
	return errors.Join(err, m.Close())
}

const indexes = "SELECT string_agg(indexdef, E'\n' ORDER BY indexname) FROM pg_indexes" +
	" WHERE schemaname = 'roster' AND indexname !~ 'events_2'"

func TestTheDirectoryIsCopiedAndTheIndexesAreBack(t *testing.T) {
	database := migrated.Database(t)
	before := ask(t, database, indexes)
	if err := run(t.Context(), database, sample.Options{Seed: 1, Users: 300, Events: 2000}); err != nil {
		t.Fatal(err)
	}
	if after := ask(t, database, indexes); after != before || before == "" {
		t.Errorf("the indexes were\n%s\nand are\n%s", before, after)
	}
	for table, want := range map[string]string{"users": "300", "events": "2000", "plans": "4"} {
		if got := ask(t, database, "SELECT count(*)::text FROM roster."+table); got != want {
			t.Errorf("%s %s, not %s", got, table, want)
		}
	}
	if got := ask(t, database, "SELECT (count(*) >= 300)::text FROM roster.memberships"); got != "true" {
		t.Error("too few memberships")
	}
	for what, query := range map[string]string{
		"tokens without a posting": "SELECT count(*)::text FROM roster.users u, roster.search_tokens(u.search) t (token)" +
			" WHERE NOT EXISTS (SELECT FROM roster.postings p WHERE p.token = t.token AND p.user_id = u.id)",
		"faults of the rollup":       "SELECT count(*)::text FROM roster.rollup_check()",
		"triggers that are not back": "SELECT count(*)::text FROM pg_trigger WHERE tgenabled <> 'O'",
	} {
		if got := ask(t, database, query); got != "0" {
			t.Errorf("%s: %s", what, got)
		}
	}
	// An empty partition of events would be read whole, and change the plans.
	if got := ask(t, database, "SELECT count(*)::text FROM pg_inherits i JOIN pg_class ON pg_class.oid = i.inhrelid"+
		" WHERE i.inhparent = 'roster.events'::regclass AND relpages = 0 AND NOT EXISTS "+
		"(SELECT FROM roster.events e WHERE e.tableoid = pg_class.oid)"); got != "0" {
		t.Errorf("%s partitions are empty", got)
	}
	if got := ask(t, database, "SELECT count(*)::text FROM pg_index WHERE NOT indisvalid"); got != "0" {
		t.Errorf("%s indexes are not valid", got)
	}
}

func TestADatabaseThatIsNotMigratedIsRefused(t *testing.T) {
	var empty pgtest.Template
	if err := run(t.Context(), empty.Database(t), sample.Options{Seed: 1, Users: 1}); err == nil {
		t.Error("no error")
	}
}

func ask(t *testing.T, database, query string) (answer string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}
