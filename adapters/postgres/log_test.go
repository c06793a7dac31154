package postgres_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/testdb"
)

// logged are the entries of the last transactions, each as kind, subject, organization,
// version and fields. The ids end with the number by which they are told apart.
func logged(t *testing.T, c *pgx.Conn, after int64) []string {
	t.Helper()
	return pgtest.Column[string](t, c, `SELECT concat_ws(' ', kind, right(subject, 2), 'in ' || right(organization_id::text, 2),
			'v' || version, nullif(array_to_string(fields, ','), ''))
		FROM roster.log WHERE number > $1 ORDER BY xid, number`, after)
}

// Any writer of the tables is covered: these statements are those of another service.
var loggedStatements = []struct {
	statement string
	entries   []string
}{
	{"INSERT INTO roster.plans VALUES ('p1', 'Free', 5), ('p2', 'Team', NULL)", []string{"plan.created p1", "plan.created p2"}},
	{"UPDATE roster.plans SET name = 'Small', seats = 6 WHERE code = 'p1'", []string{"plan.updated p1 name,seats"}},
	{"UPDATE roster.plans SET name = name", nil},
	{
		`INSERT INTO roster.organizations (id, name, slug, plan, created_at)
			VALUES ('00000000-0000-7000-8000-0000000000a1', 'One', 'one', 'p1', now())`,
		[]string{"organization.created a1 in a1 v1"},
	},
	{
		"UPDATE roster.organizations SET name = 'First', plan = 'p2', version = version + 1",
		[]string{"organization.updated a1 in a1 v2 name,plan"},
	},
	{
		"UPDATE roster.plans SET code = 'p3' WHERE code = 'p2'", // organizations follow
		[]string{"plan.created p3", "plan.deleted p2", "organization.updated a1 in a1 v2 plan"},
	},
	{
		`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
			SELECT ('00000000-0000-7000-8000-0000000000b' || n)::uuid, 'u' || n, 'u' || n || '@example.com', 'U', now(), now()
			FROM generate_series(1, 4) n`,
		[]string{"user.created b1 v1", "user.created b2 v1", "user.created b3 v1", "user.created b4 v1"},
	},
	{
		"UPDATE roster.users SET username = 'ada', email = 'ada@example.com', version = version + 1 WHERE username = 'u1'",
		[]string{"user.updated b1 v2 username,email"},
	},
	{
		`UPDATE roster.users SET display_name = 'Ben', attributes = '{"a": 1}', status = 'suspended', external_id = 'x', version = 7
			WHERE username = 'u2'`,
		[]string{"user.updated b2 v7 external_id,display_name,attributes,status"},
	},
	{"UPDATE roster.users SET version = version + 1 WHERE username = 'ada'", []string{"user.updated b1 v3"}}, // a version without changes
	{"UPDATE roster.users SET changed = pg_current_xact_id()", nil},                                          // not of the user
	{"UPDATE roster.users SET deleted_at = now(), version = version + 1 WHERE username = 'u3'", []string{"user.deleted b3 v2"}},
	{"UPDATE roster.users SET deleted_at = NULL, version = version + 1 WHERE username = 'u3'", []string{"user.restored b3 v3"}},
	{
		`INSERT INTO roster.memberships SELECT '00000000-0000-7000-8000-0000000000a1', id, 'member', now() FROM roster.users
			WHERE username IN ('ada', 'u3', 'u4')`,
		[]string{"membership.created b1 in a1", "membership.created b3 in a1", "membership.created b4 in a1"},
	},
	{
		"UPDATE roster.memberships m SET role = 'owner' FROM roster.users u WHERE u.id = m.user_id AND u.username = 'ada'",
		[]string{"membership.updated b1 in a1 role"},
	},
	{
		`UPDATE roster.memberships SET user_id = '00000000-0000-7000-8000-0000000000b2'
			WHERE user_id = '00000000-0000-7000-8000-0000000000b3'`,
		[]string{"membership.created b2 in a1", "membership.deleted b3 in a1"},
	},
	{"DELETE FROM roster.users WHERE username = 'u4'", []string{"membership.deleted b4 in a1", "user.erased b4 v1"}},
	{
		`INSERT INTO roster.api_keys (id, secret_hash, name, scopes, organization_id, role, created_at, created_by) VALUES
			('00000000-0000-7000-8000-0000000000c1', sha256('1'), 'One', '{admin}', NULL, NULL, now(), 'x'),
			('00000000-0000-7000-8000-0000000000c2', sha256('2'), 'Two', '{admin}', '00000000-0000-7000-8000-0000000000a1', 'owner', now(), 'x')`,
		[]string{"key.created c1", "key.created c2 in a1"},
	},
	{"UPDATE roster.api_keys SET name = 'Uno', expires_at = now() + '1h' WHERE name = 'One'", []string{"key.updated c1 name,expires_at"}},
	{"UPDATE roster.api_keys SET revoked_at = now(), revoked_by = 'x' WHERE name = 'Uno'", []string{"key.revoked c1"}},
	{
		"DELETE FROM roster.organizations", // with what belongs to it
		[]string{"key.deleted c2 in a1", "organization.deleted a1 in a1 v2"},
	},
	{ // and with its memberships, in parts
		"SELECT roster.erase_part(e.id, 1000, 8) FROM roster.erasures e WHERE e.kind = 'organization'",
		[]string{"membership.deleted b1 in a1", "membership.deleted b2 in a1"},
	},
	{"DELETE FROM roster.plans WHERE code = 'p1'", []string{"plan.deleted p1"}},
}

func TestTheLogHasAnEntryForEachChange(t *testing.T) {
	t.Parallel()
	c := pgtest.Connect(t, testdb.URL(t))
	for _, step := range loggedStatements {
		last := pgtest.Scalar[int64](t, c, "SELECT coalesce(max(number), 0) FROM roster.log")
		pgtest.Execute(t, c, step.statement)
		got := logged(t, c, last)
		// A statement that writes several rows or tables has no order of its own.
		slices.Sort(got)
		if !slices.Equal(got, slices.Sorted(slices.Values(step.entries))) {
			t.Errorf("%s\nis logged as\n%s\ninstead of\n%s", step.statement, strings.Join(got, "\n"), strings.Join(step.entries, "\n"))
		}
	}
	const unknown = "SELECT count(*) FROM roster.log WHERE actor <> 'database:' || session_user OR request IS NOT NULL"
	if n := pgtest.Scalar[int](t, c, unknown); n != 0 {
		t.Errorf("%d entries name another actor than the role", n)
	}
}
