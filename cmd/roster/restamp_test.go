package main

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// restoredDump returns a database whose users have numbers that its server has not
// reached, as in the dump of a server with more transactions.
func restoredDump(t *testing.T) (url string) {
	t.Helper()
	url = migrated.Database(t)
	pgtest.Execute(t, pgtest.Connect(t, url),
		`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
			SELECT gen_random_uuid(), 'user' || n, 'user' || n || '@example.com', 'User', now(), now() FROM generate_series(1, 3) n`,
		"DELETE FROM roster.users WHERE username = 'user3'",
		"ALTER TABLE roster.users DISABLE TRIGGER stamp_changed_before_update",
		"UPDATE roster.users SET changed = '1000000000000'",
		"ALTER TABLE roster.users ENABLE TRIGGER stamp_changed_before_update")
	return url
}

const changes = "/users?changed_since=2020-01-01T00:00:00Z"

func TestServeNumbersTheChangesOfARestoredDumpAgain(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+restoredDump(t))
	i.expect(200, "GET", changes, "")
	if log := i.log.String(); !strings.Contains(log, "restored from the dump of another server") ||
		!strings.Contains(log, `"users":2,"erased_users":1`) {
		t.Errorf("the log is %s", log)
	}
}

func TestServeWithoutMigrationsSaysThatTheChangesAreRefused(t *testing.T) {
	t.Parallel()
	url := restoredDump(t)
	i := serve(t, "DATABASE_URL="+url, "ROSTER_MIGRATE=no")
	i.awaitLog("The list of changes is refused until")
	if got := i.expect(503, "GET", changes, ""); !strings.Contains(got.body, "#restored") || !strings.Contains(got.body, "roster migrate up") {
		t.Errorf("the problem is %s", got.body)
	}
	i.expect(201, "POST", "/users", createAda)
	const done = "nothing to apply: the schema is up to date\nnumbered the changes of 3 users and 1 erased user again"
	if got := mustRun(t, url, "migrate", "up"); !strings.HasPrefix(got, done) {
		t.Errorf("roster migrate up says %q", got)
	}
	i.expect(200, "GET", changes, "")
	if got := mustRun(t, url, "migrate", "up"); got != "nothing to apply: the schema is up to date\n" {
		t.Errorf("roster migrate up then says %q", got)
	}
}

// A replica, or a database that is read-only, is still read.
func TestServeServesARestoredDumpThatItCanNotChange(t *testing.T) {
	t.Parallel()
	url := restoredDump(t)
	conn := pgtest.Connect(t, url)
	pgtest.Execute(t, conn, "ALTER DATABASE "+conn.Config().Database+" SET default_transaction_read_only = on")
	i := serve(t, "DATABASE_URL="+url)
	i.awaitLog("The list of changes is refused until")
	i.expect(200, "GET", "/users", "")
	i.expect(503, "GET", changes, "")
}
