package schema_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestAMonthThatIsNoPartitionIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statements []string
		want       string
	}{
		"a detached month": {
			[]string{"ALTER TABLE roster.events DETACH PARTITION roster.events_2199_11"},
			"fails: partition roster.events_2199_11 is detached, so that its events are not shown, and events of the month can't be added; " +
				"ALTER TABLE roster.events ATTACH PARTITION roster.events_2199_11 " +
				"FOR VALUES FROM ('2199-11-01 00:00:00+00') TO ('2199-12-01 00:00:00+00');",
		},
		"a month that is being detached": {
			// As a detachment leaves it that was cancelled while it waited for readers.
			[]string{"UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'roster.events_2199_11'::regclass"},
			"fails: partition roster.events_2199_11 is being detached, so that its events are not shown, and events of the month can't be added; " +
				"ALTER TABLE roster.events DETACH PARTITION roster.events_2199_11 FINALIZE; " +
				"ALTER TABLE roster.events ATTACH PARTITION roster.events_2199_11 " +
				"FOR VALUES FROM ('2199-11-01 00:00:00+00') TO ('2199-12-01 00:00:00+00');",
		},
		"a renamed month": {
			[]string{"ALTER TABLE roster.events_2199_11 RENAME TO november"},
			"fails: partition roster.november has the events of 2199-11 and not the name events_2199_11, " +
				"so that Roster tries to make the month again; ALTER TABLE roster.november RENAME TO events_2199_11;",
		},
		"a past month": {
			[]string{
				"SELECT roster.ensure_event_partitions(ARRAY['2020-02-15']::timestamptz[])",
				"ALTER TABLE roster.events DETACH PARTITION roster.events_2020_02",
			},
			"warning: partition roster.events_2020_02 is detached, so that its events are not shown, and events of the month can't be added; " +
				"ALTER TABLE roster.events ATTACH PARTITION roster.events_2020_02 " +
				"FOR VALUES FROM ('2020-02-01 00:00:00+00') TO ('2020-03-01 00:00:00+00');",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t)
			pgtest.Execute(t, d.conn, "SELECT roster.ensure_event_partitions(ARRAY['2199-11-15', '2199-12-15']::timestamptz[])",
				"ALTER DATABASE "+d.conn.Config().Database+" SET timezone = 'Asia/Tokyo'", "CREATE TABLE roster.events_of_others ()")
			d.pool.Reset() // sessions that begin have the time zone
			pgtest.Execute(t, d.conn, c.statements...)
			found := d.verify(t)
			if list(found) != c.want {
				t.Fatalf("got\n%s\nnot\n%s", list(found), c.want)
			}
			if left := d.fix(t, found); len(left) > 0 {
				t.Errorf("after the statements there is\n%s", list(left))
			}
		})
	}
}
