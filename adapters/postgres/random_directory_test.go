package postgres_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/testdb"
)

// randomDirectory replaces the contents of a database by users of all sorts,
// organizations with and without members, and events on and around the hours of two
// days.
func randomDirectory(t *testing.T, c *pgx.Conn, seed uint64) {
	t.Helper()
	pgtest.Execute(t, c, fmt.Sprintf("SELECT setseed(%f)", testdb.Random(seed, 0).Float64()),
		"DELETE FROM roster.organizations", "DELETE FROM roster.users", "DELETE FROM roster.plans",
		"SELECT roster.ensure_event_partitions(ARRAY['2024-02-01Z', '2024-03-01Z']::timestamptz[])",
		"INSERT INTO roster.plans SELECT 'plan' || n, 'Plan', NULL FROM generate_series(1, 3) n",
		`INSERT INTO roster.organizations
			SELECT gen_random_uuid(), 'Org ' || n, 'org' || n, 'plan' || 1 + n % 3, now() FROM generate_series(1, 30) n`,
		`INSERT INTO roster.users (id, username, email, display_name, status, created_at, updated_at, deleted_at)
			SELECT gen_random_uuid(), 'u' || n, 'u' || n || '@example.com', 'U',
				CASE WHEN random() < 0.2 THEN 'suspended' ELSE 'active' END, now(), now(),
				CASE WHEN random() < 0.2 THEN now() END FROM generate_series(1, 60) n`,
		`INSERT INTO roster.memberships SELECT o.id, u.id, 'member', now() FROM roster.organizations o, roster.users u
			WHERE random() < 0.1 AND o.slug <> 'org1'`,
		`INSERT INTO roster.events
			SELECT gen_random_uuid(), o.id, u.id, 'login', timestamptz '2024-02-29 00:00Z' + interval '1 hour' * floor(random() * 48)
			FROM roster.organizations o, roster.users u, generate_series(1, 3) WHERE random() < 0.3 AND o.slug <> 'org2'`)
}

// changes are statements that each change a few random rows of a directory.
var changes = []string{
	"DELETE FROM roster.memberships WHERE random() < 0.1",
	`INSERT INTO roster.memberships SELECT o.id, u.id, 'member', now() FROM roster.organizations o, roster.users u
		WHERE random() < 0.02 ON CONFLICT DO NOTHING`,
	"UPDATE roster.users SET deleted_at = now() WHERE deleted_at IS NULL AND random() < 0.1",
	"UPDATE roster.users SET deleted_at = NULL WHERE deleted_at IS NOT NULL AND random() < 0.3",
	"UPDATE roster.users SET status = CASE status WHEN 'active' THEN 'suspended' ELSE 'active' END WHERE random() < 0.1",
	"DELETE FROM roster.users WHERE random() < 0.03",
	"DELETE FROM roster.organizations WHERE random() < 0.03",
	"UPDATE roster.organizations SET plan = 'plan' || 1 + floor(random() * 3) WHERE random() < 0.2",
	`INSERT INTO roster.events
		SELECT gen_random_uuid(), o.id, u.id, 'login', timestamptz '2024-02-29 00:00Z' + interval '1 minute' * floor(random() * 2880)
		FROM roster.organizations o, roster.users u WHERE random() < 0.1`,
	`INSERT INTO roster.events SELECT e.id, e.organization_id, e.user_id, e.kind, e.occurred_at
		FROM roster.events e JOIN roster.users u ON u.id = e.user_id JOIN roster.organizations o ON o.id = e.organization_id
		WHERE random() < 0.1 ON CONFLICT DO NOTHING`,
	`INSERT INTO roster.events SELECT e.id, e.organization_id, e.user_id, e.kind, e.occurred_at + interval '1 day'
		FROM roster.events e JOIN roster.users u ON u.id = e.user_id JOIN roster.organizations o ON o.id = e.organization_id
		WHERE random() < 0.05 AND e.occurred_at < '2024-03-01Z' ON CONFLICT DO NOTHING`,
	`UPDATE roster.memberships m SET user_id = u.id FROM roster.users u WHERE random() < 0.0005
		AND NOT EXISTS (SELECT FROM roster.memberships x WHERE x.organization_id = m.organization_id AND x.user_id = u.id)
		AND (m.organization_id, m.user_id) =
			(SELECT y.organization_id, y.user_id FROM roster.memberships y ORDER BY random() LIMIT 1)`,
	"DELETE FROM roster.events WHERE random() < 0.001",
	"UPDATE roster.events SET occurred_at = occurred_at - interval '1 hour' WHERE random() < 0.001",
	"SELECT roster.rollup_rebuild(ARRAY(SELECT id FROM roster.organizations WHERE random() < 0.1))",
	"SELECT roster.erase_part(NULL, 3, 1) FROM generate_series(1, 5)",
	"SELECT roster.rollup_fold_leavers(3)",
	"DELETE FROM roster.users WHERE random() < 0.1",
}
