package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// lent gives the lease of imports to somebody else, for a time.
func lent(t *testing.T, url, left string) {
	t.Helper()
	pgtest.Execute(t, pgtest.Connect(t, url),
		"INSERT INTO roster.import_lease (owner, expires_at) VALUES (gen_random_uuid(), clock_timestamp() + interval '"+left+"')")
}

func TestAnImportIsRefusedWhileAnotherOneRenewsItsLease(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	lent(t, url, "1 hour")
	conn, done := pgtest.Connect(t, url), make(chan struct{})
	go func() {
		defer close(done)
		for t.Context().Err() == nil { // as an import that runs does
			if _, err := conn.Exec(t.Context(), "UPDATE roster.import_lease SET expires_at = expires_at + interval '1 second'"); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	code, _, stderr := roster(t, append(noLimits(), "DATABASE_URL="+url), "import", sampled(t, 1, 0))
	if code != 1 || !strings.Contains(stderr, "another import is running") || !strings.Contains(stderr, `"lease_left":"1h`) {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	t.Cleanup(func() { <-done })
}

func TestAnImportWaitsForTheLeaseOfAKilledOneAndTakesIt(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	lent(t, url, "2 seconds")
	code, _, stderr := roster(t, append(noLimits(), "DATABASE_URL="+url), "import", sampled(t, 1, 0))
	if code != 0 || !strings.Contains(stderr, "waiting for its end, or for the end of its lease") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if users := query[int](t, url, "SELECT count(*) FROM roster.users"); users != 1 {
		t.Errorf("%d users are stored", users)
	}
}

// pg_dump locks every table until its end, and so does a reader in a transaction.
func TestAnImportDoesNotWaitForADump(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	reader := pgtest.Connect(t, url)
	pgtest.Execute(t, reader, "BEGIN", "LOCK TABLE roster.users, roster.events, roster.staging_plans, roster.staging_organizations, "+
		"roster.staging_users, roster.staging_memberships, roster.staging_events IN ACCESS SHARE MODE", "SELECT count(*) FROM roster.users")
	dir := sampled(t, 300, 1000)
	for _, options := range [][]string{nil, {"--strict"}} { // the second finds all lines unchanged
		command := exec.Command("roster", append([]string{"import", dir}, options...)...)
		command.Env = append(os.Environ(), quiet(url)...)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	i := serve(t, "DATABASE_URL="+url)
	u := startUpload(t, i.url)
	if err := u.send.Close(); err != nil {
		t.Fatal(err)
	}
	if !u.results.Scan() || u.results.Text() != `{"created":1,"exists":0,"rejected":0}` {
		t.Errorf("the stream ends with %q, %v", u.results.Text(), u.results.Err())
	}
	pgtest.Execute(t, reader, "COMMIT")
}
