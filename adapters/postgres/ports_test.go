package postgres_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/porttest"
)

const alone = "each request alone"

// modes are the ways in which a Database serves requests.
var modes = map[string]func(*testing.T, string) *postgres.Database{
	"batching": func(t *testing.T, url string) *postgres.Database {
		t.Helper()
		return testdb.Open(t, testdb.Batching(url))
	},
	alone: func(t *testing.T, url string) *postgres.Database {
		t.Helper()
		c := testdb.Config(url)
		c.NoBatching = true
		return testdb.Open(t, c)
	},
}

// keeps runs a suite of the ports in all modes. The modes that batch are left out
// where ROSTER_COALESCE=off turns batching off.
func keeps(t *testing.T, suite func(*testing.T, porttest.Open)) {
	t.Helper()
	t.Parallel()
	for name, mode := range modes {
		if testdb.Config("").NoBatching && name != alone {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := testdb.NewReuse(func(url string) ports.Stores { return mode(t, url).Stores() })
			suite(t, func(caseOf *testing.T) ports.Stores {
				caseOf.Helper()
				return all.Get(t, caseOf)
			})
		})
	}
}

func TestUsersKeepTheContract(t *testing.T)         { keeps(t, porttest.Users) }
func TestOrganizationsKeepTheContract(t *testing.T) { keeps(t, porttest.Organizations) }
func TestMembershipsKeepTheContract(t *testing.T)   { keeps(t, porttest.Memberships) }
func TestPlansKeepTheContract(t *testing.T)         { keeps(t, porttest.Plans) }
func TestEventsKeepTheContract(t *testing.T)        { keeps(t, porttest.Events) }
func TestAPIKeysKeepTheContract(t *testing.T)       { keeps(t, porttest.APIKeys) }
func TestAccessTokensKeepTheContract(t *testing.T)  { keeps(t, porttest.AccessTokens) }
func TestBulkKeepsTheContract(t *testing.T)         { keeps(t, porttest.Bulk) }
