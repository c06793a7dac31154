package bulk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// notExported says of columns that may refer to users, and of others in exported tables,
// why an export has not got them. An entry without a column is for a whole table.
var notExported = map[string]string{
	"api_key_uses":                 "of keys",
	"api_keys":                     "of programs; their creators are callers, as they authenticated",
	"engagement_days":              "rollups of many users",
	"engagement_leavers":           "computed from memberships and events",
	"engagement_members":           "computed from memberships",
	"engagement_organizations":     "rollups of many users",
	"erasures.current_partition":   "progress of the work",
	"erasures.index_parts":         "progress of the work",
	"erasures.last_member":         "progress of the work, of organizations",
	"erasures.last_partition":      "progress of the work",
	"erasures.next_block":          "progress of the work",
	"erasures.origin":              "the caller that asked for the erasure, as the log has it",
	"idempotency_keys.about":       "the id of the user",
	"idempotency_keys.fingerprint": "a digest of the request",
	"import_lease":                 "of imports",
	"issuer_keys":                  "of issuers of access tokens",
	"log.number":                   "orders entries",
	"log_dropped":                  "of months",
	"log_seals":                    "hashes of many entries",
	"log_settling":                 "of the log as a whole",
	"log.xid":                      "orders entries",
	"organizations":                "not of users",
	"plans":                        "not of users",
	"postings":                     "computed from the names",
	"schema_migrations":            "not of users",
	"secrets":                      "not of users",
	"staging_events":               "the lines of a running import",
	"staging_memberships":          "the lines of a running import",
	"staging_organizations":        "the lines of a running import",
	"staging_plans":                "the lines of a running import",
	"staging_users":                "the lines of a running import",
	"timelines":                    "of the database",
	"user_tombstones.changed":      "orders changes",
	"webhooks":                     "of receivers",
	"users.changed":                "orders changes",
	"users.changed_at":             "orders changes",
	"users.search":                 "computed from the names",
	"vocabulary":                   "computed from the names of many users",
}

// exported returns the records of a user by table, and their fields.
func exported(t *testing.T, d *postgres.Database, id domain.UserID) (records map[string]int, fields map[string]bool) {
	t.Helper()
	records, fields = map[string]int{}, map[string]bool{}
	err := postgres.NewBulk(d).ExportUser(t.Context(), id, func(record ports.KeptRecord) error {
		var object map[string]any
		if err := json.Unmarshal(record, &object); err != nil {
			return err
		}
		table := object["table"].(string)
		records[table]++
		for field := range object {
			fields[table+"."+field] = field != "table"
		}
		return nil
	})
	if err != nil && !errors.Is(err, domain.NotFound) {
		t.Fatal(err)
	}
	return records, fields
}

// keptUser is a user with a record in each exported table but the last ones.
func keptUser(t *testing.T, c testdb.Crowd) domain.UserID {
	t.Helper()
	user := testdb.User(500)
	key := &ports.Idempotency{Caller: "a", Operation: "createUser", Key: "k", At: testdb.Begin}
	if _, err := c.Users.CreateUser(t.Context(), ports.CreateUser{User: user, Idempotency: key}); err != nil {
		t.Fatal(err)
	}
	pgtest.Execute(t, c.Conn,
		fmt.Sprintf("INSERT INTO roster.memberships SELECT id, '%s', 'member', now() FROM roster.organizations", user.ID),
		"SELECT roster.ensure_event_partitions(ARRAY['2024-01-15Z', '2024-02-15Z']::timestamptz[])",
		fmt.Sprintf(`INSERT INTO roster.events
			SELECT gen_random_uuid(), o.id, u.id, 'login', '2024-01-31 12:00Z'::timestamptz + n * interval '1 day',
			'{"from": "home"}' FROM roster.organizations o, roster.users u, generate_series(0, 9) n WHERE u.id = '%s' OR n < 2`, user.ID))
	return user.ID
}

func TestEverythingThatIsKeptOfAUserIsExported(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 2)
	id := keptUser(t, c)
	records, fields := exported(t, c.DB, id)
	want := map[string]int{"users": 1, "memberships": 2, "events": 20, "idempotency_keys": 1, "log": 3}
	if !maps.Equal(records, want) {
		t.Errorf("the records are %v; want %v", records, want)
	}
	if err := c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: id, At: testdb.Begin}); err != nil {
		t.Fatal(err)
	}
	want["log"] = 4
	if records, _ = exported(t, c.DB, id); !maps.Equal(records, want) {
		t.Errorf("of a deleted user the records are %v; want %v", records, want)
	}
	if _, err := c.Users.EraseUser(t.Context(), ports.EraseUser{ID: id}); err != nil {
		t.Fatal(err)
	}
	records, left := exported(t, c.DB, id)
	// Each membership that ended, and the erasure.
	if want = map[string]int{"log": 7, "erasures": 1, "user_tombstones": 1}; !maps.Equal(records, want) {
		t.Errorf("of an erased user the records are %v; want %v", records, want)
	}
	maps.Copy(fields, left)
	columns := pgtest.Column[string](t, c.Conn, `SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'roster'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
			AND a.attnum > 0 AND NOT a.attisdropped`)
	for _, column := range columns {
		table, _, _ := strings.Cut(column, ".")
		reason := notExported[column] + notExported[table]
		if fields[column] == (reason != "") {
			t.Errorf("%s: exported %t, with the reason %q not to be: export it, or give a reason", column, fields[column], reason)
		}
		delete(notExported, column)
	}
	for _, name := range slices.Sorted(maps.Keys(notExported)) {
		if !slices.ContainsFunc(columns, func(column string) bool { return strings.HasPrefix(column, name+".") }) {
			t.Errorf("there is no %s", name)
		}
	}
}

func TestNothingIsExportedOfOthers(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 2)
	for _, id := range []domain.UserID{testdb.User(900).ID, domain.UserID(c.Organizations[0])} {
		if records, _ := exported(t, c.DB, id); len(records) > 0 {
			t.Errorf("of no user there are the records %v", records)
		}
	}
}

func TestAnExportOfAUserStopsWithItsWriter(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 1)
	full, calls := errors.New("the disk is full"), 0
	err := postgres.NewBulk(c.DB).ExportUser(t.Context(), keptUser(t, c), func(ports.KeptRecord) error {
		calls++
		return full
	})
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("after %d calls the error is %v", calls, err)
	}
}
