package postgres_test

import (
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// canary is a word of a person that occurs nowhere else.
func canary(n int) string { return fmt.Sprintf("qzx%dkwj", n) }

// person is a user with canaries in every field, and with a member's events. It had other
// names before. The values are what an operator searches for.
func person(t *testing.T, c testdb.Crowd) (domain.UserID, []string) {
	t.Helper()
	user := testdb.User(500)
	named := func(n int) {
		user.Username = domain.MustParse(domain.ParseUsername(canary(n)))
		user.Email = domain.MustParse(domain.ParseEmail(canary(n+1) + "@" + canary(n+2) + ".example"))
		user.DisplayName = domain.MustParse(domain.ParseDisplayName(canary(n+3) + ` "Жзщканарейка" 鑫龘犇 زقازيقكناري Ζξώκανάρι ` + canary(n+4)))
		user.ExternalID = domain.MustParse(domain.ParseExternalID(canary(n + 5)))
		user.Attributes = domain.MustParse(domain.ParseAttributes([]byte(`{"` + canary(n+6) + `":{"a":["` + canary(n+7) + `"]}}`)))
	}
	key := func(name string) *ports.Idempotency {
		return &ports.Idempotency{Caller: "a caller", Operation: "createUser", Key: name, Fingerprint: [32]byte{1}, At: testdb.Begin}
	}
	named(100)
	if _, err := c.Users.CreateUser(t.Context(), ports.CreateUser{User: user, Idempotency: key("a")}); err != nil {
		t.Fatal(err)
	}
	named(200)
	_, err := c.Users.ReplaceUser(t.Context(), ports.ReplaceUser{
		ID: user.ID, Username: user.Username, Email: user.Email, DisplayName: user.DisplayName, ExternalID: user.ExternalID,
		Attributes: &user.Attributes, At: testdb.Begin, Idempotency: key("b"),
	})
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Execute(t, c.Conn,
		fmt.Sprintf("INSERT INTO roster.memberships SELECT id, '%s', 'member', now() FROM roster.organizations", user.ID),
		monthsFrom("2024-01-15Z", 3),
		fmt.Sprintf(`INSERT INTO roster.events
			SELECT gen_random_uuid(), o.id, '%s', 'login', '2024-01-31 12:00Z'::timestamptz + n * interval '1 day',
			jsonb_build_object('%s', '%s') FROM roster.organizations o, generate_series(1, 40) n`, user.ID, canary(300), canary(301)))
	values := []string{"Жзщканарейка", "鑫龘犇", "زقازيقكناري", "Ζξώκανάρι", canary(300), canary(301)}
	for n := range 8 {
		values = append(values, canary(100+n), canary(200+n))
	}
	return user.ID, values
}

// leftIn returns the columns that hold each value, and those of them that may.
func leftIn(t *testing.T, d *postgres.Database, id domain.UserID, values []string) (wrong, allowed map[string]int64) {
	t.Helper()
	wrong, allowed = map[string]int64{}, map[string]int64{}
	err := postgres.NewLeftovers(d).Find(t.Context(), id.String(), values, func(left postgres.Leftover) error {
		to := wrong
		if left.Reason != "" {
			to = allowed
		}
		to[fmt.Sprintf("%s.%s %d", left.Table, left.Column, left.Value)] += left.Rows
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return wrong, allowed
}

func dumped(t *testing.T, c *pgx.Conn) string {
	t.Helper()
	bin := pgtest.Scalar[string](t, c, "SELECT setting FROM pg_config WHERE name = 'BINDIR'")
	dump, err := exec.CommandContext(t.Context(), filepath.Join(bin, "pg_dump"), "--inserts", c.Config().ConnString()).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.ToLower(string(dump))
}

func TestNothingOfAnErasedPersonIsInADump(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 2)
	id, values := person(t, c)
	// Vocabulary and postings hold words without marks, in lower case.
	words := slices.Concat(values, []string{"ζξωκαναρι", "kwj"})
	before := dumped(t, c.Conn)
	for _, word := range words {
		if !strings.Contains(before, strings.ToLower(word)) {
			t.Errorf("before the erasure, the dump has no %q", word)
		}
	}
	wrong, _ := leftIn(t, c.DB, id, values)
	for _, column := range []string{
		"users.id 0", "users.username", "users.email", "users.display_name", "users.external_id", "users.attributes", "users.search",
		"memberships.user_id 0", "events.user_id 0", "events.payload", "idempotency_keys.result", "idempotency_keys.about 0",
		"postings.token", "postings.user_id 0", "vocabulary.token", "engagement_members.user_id 0",
	} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(wrong)), func(found string) bool { return strings.HasPrefix(found, column) }) {
			t.Errorf("before the erasure, %s is not found in %v", column, wrong)
		}
	}
	if _, err := c.Users.EraseUser(t.Context(), ports.EraseUser{ID: id}); err != nil {
		t.Fatal(err)
	}
	after := dumped(t, c.Conn)
	for _, word := range words {
		if strings.Contains(after, strings.ToLower(word)) {
			t.Errorf("after the erasure, the dump has %q", word)
		}
	}
	if n := strings.Count(after, "login"); n < 80 {
		t.Errorf("the dump has %d of the 80 events", n)
	}
	wrong, allowed := leftIn(t, c.DB, id, values)
	if len(wrong) > 0 {
		t.Errorf("after the erasure there is left: %v", wrong)
	}
	want := []string{"erasures.subject 0", "log.subject 0", "user_tombstones.id 0"}
	if got := slices.Sorted(maps.Keys(allowed)); !slices.Equal(got, want) {
		t.Errorf("by design there is left %v; want %v", got, want)
	}
}

// Tables that nobody knows of are searched, too, whatever the types of their columns.
func TestEveryColumnIsSearched(t *testing.T) {
	t.Parallel()
	d, c := testdb.New(t)
	id := testdb.User(1).ID
	pgtest.Execute(t, c, `CREATE TABLE roster.later (number bigint, at timestamptz, flag boolean, id uuid, ids uuid[], word text,
			words text[], object jsonb, old json, bytes bytea, raw bytea, code char(20))`,
		fmt.Sprintf(`INSERT INTO roster.later SELECT 1, now(), true, '%[1]s', '{%[1]s}', 'x%[2]sx', ARRAY['a', '%[2]s'],
			jsonb_build_object('a', ARRAY['%[2]s']), json_build_object('%[2]s', 1), convert_to('x%[2]s', 'UTF8'), uuid_send('%[1]s'), '%[2]s'
			FROM generate_series(1, 3)`, id, `Qž"y`),
		"INSERT INTO roster.later (number) SELECT generate_series(1, 10)")
	wrong, _ := leftIn(t, d, id, []string{`qŽ"Y`, `Qž"y`})
	want := map[string]int64{"later.id 0": 3, "later.ids 0": 3, "later.raw 0": 3, "later.bytes 2": 3}
	for _, column := range []string{"word", "words", "object", "old", "code"} {
		want["later."+column+" 1"], want["later."+column+" 2"] = 3, 3 // case is ignored
	}
	if !maps.Equal(wrong, want) {
		t.Errorf("found %v; want %v", wrong, want)
	}
}

// The planner's statistics hold values of erased users until they are made again.
func TestStatisticsAreSearched(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 2)
	testdb.CreateUsers(t, c.Users, 1, 5)
	id, values := person(t, c)
	pgtest.Execute(t, c.Conn, "ANALYZE roster.users")
	if _, err := c.Users.EraseUser(t.Context(), ports.EraseUser{ID: id}); err != nil {
		t.Fatal(err)
	}
	for _, sampled := range []bool{true, false} {
		_, allowed := leftIn(t, c.DB, id, values)
		found := slices.ContainsFunc(slices.Collect(maps.Keys(allowed)), func(column string) bool {
			return strings.HasPrefix(column, "users.")
		})
		if found != sampled {
			t.Errorf("the statistics are said to hold values: %t; want %t (%v)", found, sampled, allowed)
		}
		pgtest.Execute(t, c.Conn, "ANALYZE roster.users")
	}
}
