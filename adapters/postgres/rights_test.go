package postgres_test

import (
	"net/url"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/testdb"
)

// The grants of an earlier release lack the right to lock rollups.
func TestARoleThatMayNotLockRollupsDeletesAndAddsEventsAlone(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(testdb.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	owner := testdb.NewCrowdWith(t, testdb.Open(t, testdb.Config(address.String())), address.String(), 2, 2)
	testdb.CreateUsers(t, owner.Users, 100, 101)
	if err := postgres.NewPartitions(owner.DB).Make(t.Context(), testdb.Begin, 0); err != nil {
		t.Fatal(err)
	}
	role := "old_" + address.Path[1:]
	pgtest.Execute(t, owner.Conn, "CREATE ROLE "+role+" LOGIN PASSWORD 'old'", "GRANT USAGE ON SCHEMA roster TO "+role,
		"GRANT ALL ON ALL TABLES IN SCHEMA roster TO "+role, "REVOKE UPDATE, DELETE ON roster.engagement_organizations FROM "+role)
	defer pgtest.Execute(t, owner.Conn, "DROP OWNED BY "+role, "DROP ROLE "+role)
	address.User = url.UserPassword(role, "old")
	c := owner
	c.DB = testdb.Open(t, testdb.Batching(address.String()))
	defer c.DB.Close()
	c.Users, c.Events = postgres.NewUsers(c.DB), postgres.NewEvents(c.DB)
	if err := remove(t, c, 100); err != nil {
		t.Error(err)
	}
	if err := add(t, c, 1, 0, 0); err != nil {
		t.Error(err)
	}
}
