package schema_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/schema"
)

// mutation breaks one object. PostgreSQL refuses some.
type mutation struct{ object, statement string }

// everyMutation returns each kind of mutation of each object of a kind.
var everyMutation = map[string]func(*schema.Schema) []mutation{
	"a renamed column": func(s *schema.Schema) []mutation {
		return ofColumns(s, "ALTER TABLE roster.%s RENAME COLUMN %s TO mutant")
	},
	"a dropped column": func(s *schema.Schema) []mutation {
		all := ofColumns(s, "ALTER TABLE roster.%s DROP COLUMN %s CASCADE")
		return slices.DeleteFunc(all, func(m mutation) bool {
			return strings.HasPrefix(m.object, "column roster.schema_migrations.") // whose rows can't be made up
		})
	},
	"a nullable column": func(s *schema.Schema) []mutation {
		return ofColumns(s, "ALTER TABLE roster.%s ALTER COLUMN %s DROP NOT NULL")
	},
	"a renamed or dropped table": func(s *schema.Schema) (all []mutation) {
		for _, table := range s.Tables {
			if table.Name == "schema_migrations" {
				continue // without it the database has no schema of Roster's
			}
			all = append(all, mutation{"table roster." + table.Name, "ALTER TABLE roster." + table.Name + " RENAME TO mutant"},
				mutation{"table roster." + table.Name, "DROP TABLE roster." + table.Name + " CASCADE"})
		}
		return all
	},
	"a dropped, renamed or other index": func(s *schema.Schema) (all []mutation) {
		for _, table := range s.Tables {
			for _, index := range table.Indexes {
				if !index.Constraint {
					name := "index roster." + index.Name
					all = append(all, mutation{name, "DROP INDEX roster." + index.Name},
						mutation{name, "ALTER INDEX roster." + index.Name + " RENAME TO mutant"},
						mutation{name, fmt.Sprintf("DROP INDEX roster.%s; CREATE INDEX %[1]s ON roster.%s ((1))", index.Name, table.Name)})
				}
			}
		}
		return all
	},
	"a disabled, renamed or dropped trigger": func(s *schema.Schema) (all []mutation) {
		for _, table := range s.Tables {
			for _, trigger := range table.Triggers {
				object := "trigger " + trigger.Name + " of roster." + table.Name
				for _, text := range []string{
					"ALTER TABLE roster.%[1]s DISABLE TRIGGER %[2]s", "ALTER TABLE roster.%[1]s ENABLE REPLICA TRIGGER %[2]s",
					"ALTER TRIGGER %[2]s ON roster.%[1]s RENAME TO mutant", "DROP TRIGGER %[2]s ON roster.%[1]s",
				} {
					all = append(all, mutation{object, fmt.Sprintf(text, table.Name, trigger.Name)})
				}
			}
		}
		return all
	},
	"a dropped or renamed constraint": func(s *schema.Schema) (all []mutation) {
		for _, table := range s.Tables {
			for _, constraint := range table.Constraints {
				object := "constraint " + constraint.Name + " of roster." + table.Name
				all = append(all, mutation{object, fmt.Sprintf("ALTER TABLE roster.%s DROP CONSTRAINT %s CASCADE", table.Name, constraint.Name)},
					mutation{object, fmt.Sprintf("ALTER TABLE roster.%s RENAME CONSTRAINT %s TO mutant", table.Name, constraint.Name)})
			}
		}
		return all
	},
	"a changed, renamed or dropped function": func(s *schema.Schema) (all []mutation) {
		for _, f := range s.Functions {
			kind, name := "function", "roster."+f.Name+"("+f.Arguments+")"
			if f.Kind == "p" {
				kind = "procedure"
			}
			for _, text := range []string{"ALTER %s %s SET work_mem = '5MB'", "ALTER %s %s RENAME TO mutant", "DROP %s %s CASCADE"} {
				all = append(all, mutation{kind + " " + name, fmt.Sprintf(text, kind, name)})
			}
		}
		return all
	},
}

func ofColumns(s *schema.Schema, text string) (all []mutation) {
	for _, table := range s.Tables {
		for _, column := range table.Columns {
			all = append(all, mutation{"column roster." + table.Name + "." + column.Name, fmt.Sprintf(text, table.Name, column.Name)})
		}
	}
	return all
}

// refused are the mutations that PostgreSQL refuses: of keys, of a column by which a
// table is partitioned, and of numbered columns.
var refused = []string{"42P16", "42601", "55000"}

func TestEachObjectThatIsBrokenIsNamedAndItsFixWorks(t *testing.T) {
	expected, err := schema.Expected()
	if err != nil {
		t.Fatal(err)
	}
	for name, mutations := range everyMutation {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t)
			tried := 0
			for i, m := range mutations(expected) {
				if os.Getenv("ROSTER_TEST_MUTANTS") != "all" && i%10 != 0 {
					continue // make check-mutants tries all
				}
				_, err := d.conn.Exec(t.Context(), m.statement)
				if fault, ok := errors.AsType[*pgconn.PgError](err); ok && slices.Contains(refused, fault.Code) {
					continue
				} else if err != nil {
					t.Fatalf("%s: %v", m.statement, err)
				}
				d.expect(t, m)
				tried++
			}
			if tried < 3 {
				t.Errorf("only %d mutations were made", tried)
			}
		})
	}
}

// expect requires that a mutation is named, unless it changes nothing, and that the
// statements of the differences remove it.
func (d *database) expect(t *testing.T, m mutation) {
	t.Helper()
	found := d.verify(t)
	if strings.HasSuffix(m.statement, "DROP NOT NULL") && len(found) == 0 {
		return // it was nullable
	}
	if !slices.ContainsFunc(found, func(difference schema.Difference) bool { return difference.Object == m.object }) {
		t.Fatalf("%s: %s is not among\n%s", m.statement, m.object, list(found))
	}
	if left := d.fix(t, found); len(left) > 0 {
		t.Fatalf("%s: after the statements of\n%s\nthere is\n%s", m.statement, list(found), list(left))
	}
}

func TestAMigratedDatabaseIsTheExpectedOne(t *testing.T) {
	t.Parallel()
	d := open(t)
	if found := d.verify(t); len(found) > 0 {
		t.Errorf("make generate is due, or this is a false alarm on this version of PostgreSQL:\n%s", list(found))
	}
	extensions := pgtest.Column[string](t, d.conn, "SELECT extname::text FROM pg_extension")
	if !slices.Equal(extensions, []string{"plpgsql"}) {
		t.Errorf("the schema needs the extensions %q, which are not compared", extensions)
	}
	pgtest.Execute(t, d.conn, "SELECT roster.ensure_event_partitions(ARRAY['2026-01-15', '2026-02-15']::timestamptz[])")
	if found := d.verify(t); len(found) > 0 {
		t.Errorf("partitions are taken for differences:\n%s", list(found))
	}
}
