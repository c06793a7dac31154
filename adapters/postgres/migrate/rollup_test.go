package migrate_test

import (
	"slices"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// A rebuild of the rollup would give the members new ordinals.
func TestAnErasureDoesNotRebuildTheRollup(t *testing.T) {
	t.Parallel()
	c := pgtest.Connect(t, migrated(t))
	pgtest.Execute(t, c, "INSERT INTO roster.plans VALUES ('free', 'Free')",
		"INSERT INTO roster.organizations SELECT gen_random_uuid(), 'Acme', 'acme', 'free', now()",
		`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
			SELECT gen_random_uuid(), name, name || '@example.com', name, now(), now() FROM unnest('{ada,bob,eve,owner}'::text[]) name`,
		"SELECT roster.ensure_event_partitions(ARRAY[now()])")
	for _, name := range []string{"ada", "bob", "eve", "owner"} {
		pgtest.Execute(t, c, `INSERT INTO roster.memberships
			SELECT o.id, u.id, CASE username WHEN 'owner' THEN 'owner' ELSE 'member' END, now()
			FROM roster.organizations o, roster.users u WHERE u.username = '`+name+"'")
	}
	pgtest.Execute(t, c,
		"INSERT INTO roster.events SELECT gen_random_uuid(), o.id, u.id, 'login', now() FROM roster.organizations o, roster.users u",
		"DELETE FROM roster.memberships m USING roster.users u WHERE u.id = m.user_id AND u.username = 'ada'",
		"DELETE FROM roster.users WHERE username = 'bob'", "SELECT roster.erase_part(NULL, 1000, 100)")
	ordinals := pgtest.Column[int32](t, c, "SELECT ordinal FROM roster.engagement_members ORDER BY ordinal")
	if !slices.Equal(ordinals, []int32{2, 3}) {
		t.Errorf("the ordinals of the other members are %v; they were 2 and 3", ordinals)
	}
	if faults := pgtest.Column[string](t, c, "SELECT fault FROM roster.rollup_check()"); len(faults) > 0 {
		t.Errorf("the rollup is wrong: %v", faults)
	}
	if days := pgtest.Column[int64](t, c, "SELECT events FROM roster.engagement_days"); !slices.Equal(days, []int64{2}) {
		t.Errorf("the events are %v; there should be two on one day", days)
	}
}
