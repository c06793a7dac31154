package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

var listAll = ports.ListUsers{Limit: domain.DefaultListSize}

// openManyForOne opens a database whose writes all use the statements for many.
func openManyForOne(t *testing.T, url string) *postgres.Database {
	t.Helper()
	d := testdb.Open(t, testdb.Batching(url))
	postgres.ManyForOne(d)
	return d
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
