package postgres_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var listAll = ports.ListUsers{Limit: domain.DefaultListSize}

// inTurn starts writes while Hold has the share of batched writes. Each is a batch of
// its own, which waits.
func inTurn(t *testing.T, d *postgres.Database, all *sync.WaitGroup, writes ...func()) {
	t.Helper()
	for i, write := range writes {
		all.Go(write)
		pgtest.Eventually(t, "a batch waits", func() bool { return postgres.Queued(d, database.Batched) == i+1 })
	}
}

// waitForLocks waits until n requests wait for locks where they may wait for long.
func waitForLocks(t *testing.T, d *postgres.Database, url string, n int) {
	t.Helper()
	pgtest.Eventually(t, "waiting", func() bool { return postgres.InUse(d, database.Waiting) == n })
	pgtest.LockWaits(t, url, n)
}

// lockRollup locks the rollup of a crowd's first organization.
const lockRollup = `SELECT FROM roster.engagement_organizations
	WHERE organization_id = '02000000-0000-0000-0000-000000000000' FOR UPDATE`

// scalar returns the value of a query that it sends with a new connection.
func scalar(t *testing.T, url, query string, args ...any) string {
	t.Helper()
	return pgtest.Scalar[string](t, pgtest.Connect(t, url), query, args...)
}

// contains fails the test unless an error's text has all parts.
func contains(t *testing.T, err error, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
}

// unavailable fails the test unless an error says that the database can't answer,
// for a reason.
func unavailable(t *testing.T, err error, reason domain.Reason) {
	t.Helper()
	var fault *domain.Error
	if !errors.As(err, &fault) || fault.Kind != domain.Unavailable || fault.Reason != reason {
		t.Errorf("the error is %v; it should be unavailable (%s)", err, reason)
	}
}
