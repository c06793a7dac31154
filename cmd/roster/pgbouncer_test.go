package main

import (
	"net/http"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// The schema is complete or, in session mode, migrated through the pooler. In
// transaction mode the lock of a migration would be another client's.
func TestPgBouncerMigratesInSessionModeOnly(t *testing.T) {
	t.Parallel()
	i := launch(t, "DATABASE_URL="+empty.Database(t))
	if pgtest.Transactional() {
		if code := i.wait(); code == 0 {
			t.Error("serve migrated over a connection of others")
		}
		i.awaitLog("run roster migrate up over a direct connection")
		return
	}
	i.awaitLog("Roster serves")
}

// With named statements, PgBouncer 1.18 in transaction mode gives errors now and then.
// Serving is refused instead. Elsewhere both kinds of statements work.
func TestPgBouncerNeedsDescribedStatementsInTransactionModeOnly(t *testing.T) {
	t.Parallel()
	environ := "DATABASE_URL=" + migrated.Database(t)
	for _, statements := range []string{"ROSTER_STATEMENTS=named", "ROSTER_STATEMENTS=described"} {
		i := launch(t, environ, statements)
		if pgtest.Transactional() && statements == "ROSTER_STATEMENTS=named" {
			if code := i.wait(); code == 0 {
				t.Error("it served")
			}
			i.awaitLog("set ROSTER_STATEMENTS=described")
			continue
		}
		i.awaitServing()
		for range 20 {
			if got, err := i.send(http.MethodGet, "/users", ""); err != nil || got.status != http.StatusOK {
				t.Errorf("%s: %v %+v", statements, err, got)
			}
		}
	}
}
