package main

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/schema"
)

// refusedStart runs roster serve, which must not serve, and returns its log.
func refusedStart(t *testing.T, environ ...string) string {
	t.Helper()
	i := launch(t, environ...)
	if code := i.wait(); code != exitFailed {
		t.Errorf("roster serve ended with %d", code)
	}
	if strings.Contains(i.log.String(), "Roster serves") {
		t.Error("roster serve accepted requests")
	}
	return i.log.String()
}

func TestServeNamesWhatWasRenamedBeforeTheFirstRequest(t *testing.T) {
	t.Parallel()
	for statement, wants := range map[string][2]string{
		"ALTER TABLE roster.users RENAME COLUMN email TO mail": {
			"column roster.users.email is renamed to mail", "ALTER TABLE roster.users RENAME COLUMN mail TO email;",
		},
		"ALTER TABLE roster.users RENAME COLUMN changed TO altered": { // read before the comparison
			"column roster.users.changed is renamed to altered", "ALTER TABLE roster.users RENAME COLUMN altered TO changed;",
		},
		"ALTER TABLE roster.schema_migrations RENAME COLUMN is_applied TO done": { // read before anything
			"column roster.schema_migrations.is_applied is renamed to done", "RENAME COLUMN done TO is_applied;",
		},
		"ALTER TABLE roster.memberships DISABLE TRIGGER USER": {
			"trigger log_memberships_after_delete of roster.memberships is disabled", "ENABLE TRIGGER log_memberships_after_delete;",
		},
	} {
		url := migrated.Database(t)
		pgtest.Execute(t, pgtest.Connect(t, url), statement)
		log := refusedStart(t, "DATABASE_URL="+url)
		for _, want := range wants {
			if !strings.Contains(log, want) {
				t.Errorf("%s: %q is not in the log:\n%s", statement, want, log)
			}
		}
	}
}

func TestServeNamesTheRightThatItsRoleLacks(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(migrated.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	role := "bare_" + address.Path[1:]
	owner := pgtest.Connect(t, address.String())
	pgtest.Execute(t, owner, "CREATE ROLE "+role+" LOGIN PASSWORD 'bare'")
	defer pgtest.Execute(t, owner, "DROP OWNED BY "+role, "DROP ROLE "+role)
	address.User = url.UserPassword(role, "bare")
	if log := refusedStart(t, "DATABASE_URL="+address.String()); !strings.Contains(log, "GRANT USAGE ON SCHEMA roster TO "+role+";") {
		t.Errorf("the log has\n%s", log)
	}
	pgtest.Execute(t, owner, "GRANT USAGE ON SCHEMA roster TO "+role, "GRANT SELECT ON roster.schema_migrations TO "+role)
	want := "GRANT SELECT, INSERT, UPDATE ON roster.api_key_uses TO " + role + ";"
	if log := refusedStart(t, "DATABASE_URL="+address.String(), "ROSTER_MIGRATE=no"); !strings.Contains(log, want) {
		t.Errorf("the log has\n%s", log)
	}
}

func TestServeWarnsOnceOfWhatDoesNotBreakIt(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	pgtest.Execute(t, pgtest.Connect(t, url), "DROP INDEX roster.users_newest")
	i := serve(t, "DATABASE_URL="+url)
	i.expect(200, "GET", "/readyz", "")
	i.stop()
	const warning = `"level":"WARN","msg":"The schema is not the expected one","component":"postgres","object":"index roster.users_newest"`
	if log := i.log.String(); strings.Count(log, warning) != 1 || !strings.Contains(log, "CREATE INDEX CONCURRENTLY users_newest") {
		t.Errorf("the log has\n%s", log)
	}
}

func TestServeOnAnySchemaSaysHowItDiffers(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	pgtest.Execute(t, pgtest.Connect(t, url), "ALTER TABLE roster.plans RENAME COLUMN seats TO places")
	i := serve(t, "DATABASE_URL="+url, "ROSTER_ANY_SCHEMA=yes")
	if line := i.awaitLog("column roster.plans.seats"); !strings.Contains(line, `"level":"ERROR"`) {
		t.Error(line)
	}
	i.expect(503, "GET", "/readyz", "")
	i.expect(200, "GET", "/users", "")
}

func TestARenameWhileRosterServesIsNoticed(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	database := openDatabase(t, postgres.Config{URL: url, MaxConns: 2})
	log, owner := newTranscript(), pgtest.Connect(t, url)
	watch := &schemaWatch{verify: database.Verify, log: slog.New(slog.NewTextHandler(log, nil))}
	compare := func(differences int) {
		t.Helper()
		report, err := watch.compare(t.Context())
		if err != nil || len(report.Differences) != differences {
			t.Fatalf("%v, %v", report, err)
		}
	}
	compare(0)
	pgtest.Execute(t, owner, "ALTER TABLE roster.users RENAME COLUMN email TO mail")
	compare(1)
	compare(1) // and is not logged again
	if err := database.Ready(t.Context()); !errors.Is(err, postgres.ErrDiffers) || !strings.Contains(err.Error(), "renamed to mail") {
		t.Errorf("it is ready: %v", err)
	}
	pgtest.Execute(t, owner, "ALTER TABLE roster.users RENAME COLUMN mail TO email")
	stop := watch.start(t.Context(), 1)
	pgtest.Eventually(t, "the end of the difference", func() bool { return database.Ready(t.Context()) == nil })
	stop()
	if text := log.String(); strings.Count(text, "is not the expected one") != 1 || strings.Count(text, "expected one again") != 1 {
		t.Errorf("the log has\n%s", text)
	}
	// Migrations of this program that are missing are not compared.
	pgtest.Execute(t, owner, "DELETE FROM roster.schema_migrations WHERE version_id = (SELECT max(version_id) FROM roster.schema_migrations)")
	if _, err := watch.compare(t.Context()); !errors.Is(err, schema.ErrOlder) {
		t.Error(err)
	}
}
