package main

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
)

func TestServeMigratesTheSchema(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+empty.Database(t))
	i.expect(200, "GET", "/readyz", "")
	i.awaitLog("00101_search_text.sql")
}

func TestServersThatStartAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()
	url := "DATABASE_URL=" + empty.Database(t)
	instances := make([]*instance, 4)
	for n := range instances {
		instances[n] = launch(t, url)
	}
	applied := 0
	for _, i := range instances {
		i.awaitLog("Roster serves")
		applied += strings.Count(i.log.String(), "00101_search_text.sql")
	}
	if applied != 1 {
		t.Errorf("the first migration was applied %d times", applied)
	}
}

func TestWithoutMigratingAnOldSchemaIsServedButNotReady(t *testing.T) {
	t.Parallel()
	url := empty.Database(t)
	i := serve(t, "DATABASE_URL="+url, "ROSTER_MIGRATE=no")
	i.awaitLog("The database is not ready")
	i.expect(503, "GET", "/readyz", "")
	i.expect(200, "GET", "/livez", "")
	if err := migrate.Up(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	i.expect(200, "GET", "/readyz", "")
	i.expect(200, "GET", "/users", "")
}

func TestListeningBeyondLoopbackCausesAWarning(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_ADDR=127.0.0.1:0", "ROSTER_INSECURE=yes")
	if line := i.awaitLog("ROSTER_INSECURE"); !strings.Contains(line, "WARN") {
		t.Errorf("the log has %s", line)
	}
}

func TestInvalidOriginsAndHostsAreRefused(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"ROSTER_CORS=app.example.com", "ROSTER_HOSTS=https://roster.example.com"} {
		i := launch(t, "DATABASE_URL="+migrated.Database(t), wrong)
		if code := i.wait(); code != exitUsage || !strings.Contains(i.log.String(), "example.com") {
			t.Errorf("%s: the exit code is %d:\n%s", wrong, code, i.log)
		}
	}
}
