package postgres_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var listAll = ports.ListUsers{Limit: domain.DefaultListSize}

// watch asks the database with a connection of its own.
func watch(t *testing.T, url, query string, args ...any) string {
	t.Helper()
	return pgtest.Scalar[string](t, pgtest.Connect(t, url), query, args...)
}
