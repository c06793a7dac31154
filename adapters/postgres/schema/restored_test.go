package schema_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/schema"
)

var emptyDatabase = pgtest.NewTemplate(nil)

// PostgreSQL prints the expressions of a restored dump with fewer parentheses, and the
// columns may be in another order.
func TestARestoredDumpIsTheExpectedSchema(t *testing.T) {
	t.Parallel()
	from := open(t)
	pgtest.Execute(t, from.conn, "SELECT roster.ensure_event_partitions(ARRAY['2026-01-15']::timestamptz[])",
		"ALTER TABLE roster.plans DROP COLUMN name", "ALTER TABLE roster.plans ADD COLUMN name text NOT NULL",
		`ALTER TABLE roster.plans ADD CONSTRAINT plans_name_check CHECK (char_length(name) BETWEEN 1 AND 100
			AND name !~ '[\u0001-\u001f\u007f-\u009f]' AND roster.is_visible(name))`)
	if found := from.verify(t); len(found) > 0 {
		t.Errorf("before the dump there is\n%s", list(found))
	}
	bin := pgtest.Scalar[string](t, from.conn, "SELECT setting FROM pg_config WHERE name = 'BINDIR'")
	dump, err := exec.CommandContext(t.Context(), filepath.Join(bin, "pg_dump"), "--schema=roster", "--no-owner", from.url).Output()
	if err != nil {
		t.Fatal(err)
	}
	to := emptyDatabase.Database(t)
	restore := exec.CommandContext(t.Context(), filepath.Join(bin, "psql"), "-qX", "-v", "ON_ERROR_STOP=1", to)
	input, err := restore.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = input.Write(dump) // psql says why it ended
		_ = input.Close()
	}()
	if out, err := restore.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if found := at(t, to).verify(t); len(found) > 0 {
		t.Errorf("after the restore there is\n%s", list(found))
	}
}

func TestDefinitionsAreComparedByTheirMeaning(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"CHECK ((((a >= 1) AND (a <= 9)) AND (b = 'x y'::text)))", "CHECK (((a >= 1) AND (a <= 9) AND (b = 'x y'::text)))", true},
		{"CHECK ((a OR (b OR c)))", "CHECK (((a OR b) OR c))", true},
		{"CHECK (((a OR b) AND c))", "CHECK ((a OR (b AND c)))", false},
		{"CHECK ((f(a AND b) AND c))", "CHECK ((f a AND b AND c))", false},
		{"CHECK ((a = 'x  y'::text))", "CHECK ((a = 'x y'::text))", false},
		{"CHECK ((a = '(b)'::text))", "CHECK ((a = 'b'::text))", false},
		{"CHECK ((a = 'it''s (a'::text))", "CHECK (a = 'it''s (a'::text)", true},
		{"CREATE INDEX i ON t USING btree (a, b)", "CREATE INDEX i ON t USING btree (b, a)", false},
	} {
		if schema.Same(c.a, c.b) != c.same {
			t.Errorf("%s and %s: want %t", c.a, c.b, c.same)
		}
	}
}
