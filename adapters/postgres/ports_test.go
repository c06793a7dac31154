package postgres_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/porttest"
)

// modes are the ways in which a Database serves requests.
var modes = map[string]func(*testing.T) *postgres.Database{
	"batching": func(t *testing.T) *postgres.Database {
		t.Helper()
		return testdb.Open(t, testdb.Batching(testdb.URL(t)))
	},
	"batching even single writes": func(t *testing.T) *postgres.Database {
		t.Helper()
		d := testdb.Open(t, testdb.Batching(testdb.URL(t)))
		postgres.ManyForOne(d)
		return d
	},
	"each request alone": func(t *testing.T) *postgres.Database {
		t.Helper()
		c := testdb.Config(testdb.URL(t))
		c.NoBatching = true
		return testdb.Open(t, c)
	},
}

// keeps runs a suite of the ports in all modes.
func keeps(t *testing.T, suite func(*testing.T, porttest.Open)) {
	t.Helper()
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			suite(t, func(t *testing.T) ports.Stores {
				t.Helper()
				return mode(t).Stores()
			})
		})
	}
}

func TestUsersKeepTheContract(t *testing.T)         { keeps(t, porttest.Users) }
func TestOrganizationsKeepTheContract(t *testing.T) { keeps(t, porttest.Organizations) }
func TestMembershipsKeepTheContract(t *testing.T)   { keeps(t, porttest.Memberships) }
func TestPlansKeepTheContract(t *testing.T)         { keeps(t, porttest.Plans) }
func TestEventsKeepTheContract(t *testing.T)        { keeps(t, porttest.Events) }
func TestBulkKeepsTheContract(t *testing.T)         { keeps(t, porttest.Bulk) }
