package migrate_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestUpNeedsNoRightsIfNothingIsMissing(t *testing.T) {
	t.Parallel()
	address := migrated(t)
	c := pgtest.Connect(t, address)
	role := fmt.Sprintf("server_of_%s", c.Config().Database)
	pgtest.Execute(t, c, "CREATE ROLE "+role+" LOGIN PASSWORD 'roster'", "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
		"GRANT USAGE ON SCHEMA roster TO "+role, "GRANT SELECT ON roster.schema_migrations TO "+role)
	t.Cleanup(func() {
		if _, err := c.Exec(context.Background(), "DROP OWNED BY "+role+"; DROP ROLE "+role); err != nil {
			t.Error(err)
		}
	})
	m := migrator(t, as(t, address, role))
	if steps, err := m.Up(t.Context()); err != nil || len(steps) != 0 {
		t.Errorf("applied %v, %v", names(steps), err)
	}
	pgtest.Execute(t, c, "DELETE FROM roster.schema_migrations WHERE version_id = 103")
	if _, err := m.Up(t.Context()); err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("with a migration missing: %v", err)
	}
}

// as is an address with another user.
func as(t *testing.T, address, user string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(user, "roster")
	return u.String()
}
