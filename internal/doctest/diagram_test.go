package doctest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

var update = flag.Bool("update", false, "write the diagram and the table of docs/concepts.md")

const concepts = "docs/concepts.md"

// drawn are the tables of the diagram, in its order. The others stand in a table.
var drawn = []string{"plans", "organizations", "memberships", "users", "events", "user_tombstones"}

// column is a column of the migrated schema.
type columnOf struct {
	Table, Name, Type string
	NotNull           bool
	Primary, Unique   bool
	References        string // the table of its foreign key, or ""
}

const selectColumns = `
	SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
		coalesce(bool_or(i.indisprimary), false) AS primary,
		EXISTS (SELECT FROM pg_index u WHERE u.indrelid = c.oid AND u.indisunique AND NOT u.indisprimary AND u.indnatts = 1
			AND pg_get_indexdef(u.indexrelid, 1, true) ~ ('\m' || a.attname || '\M')) AS unique,
		coalesce((SELECT f.confrelid::regclass::text FROM pg_constraint f
			WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]), '') AS references
	FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_index i ON i.indrelid = c.oid AND a.attnum = ANY (i.indkey)
	WHERE c.relnamespace = 'roster'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
	GROUP BY c.oid, c.relname, a.attname, a.attnum, a.atttypid, a.atttypmod, a.attnotnull ORDER BY c.relname, a.attnum`

func columnsOf(t *testing.T, conn *pgx.Conn) []columnOf {
	t.Helper()
	rows, err := conn.Query(t.Context(), selectColumns)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[columnOf])
	if err != nil {
		t.Fatal(err)
	}
	return found
}

var shortTypes = strings.NewReplacer("timestamp with time zone", "timestamptz", "character varying", "varchar", " ", "_")

// diagram draws the drawn tables in Mermaid's language. A solid line is a foreign
// key; a dashed one is a column that is named after a table, without one.
func diagram(columns []columnOf) string {
	var lines, boxes strings.Builder
	for _, table := range drawn {
		fmt.Fprintf(&boxes, "    %s {\n", table)
		for _, c := range columns {
			if c.Table != table {
				continue
			}
			to, line := strings.TrimPrefix(c.References, "roster."), "--"
			if to == "" && slices.Contains(drawn, strings.TrimSuffix(c.Name, "_id")+"s") {
				to, line = strings.TrimSuffix(c.Name, "_id")+"s", ".."
			}
			end := "||"
			if !c.NotNull {
				end = "|o"
			}
			if to != "" {
				fmt.Fprintf(&lines, "    %s %s%so{ %s : %s\n", to, end, line, table, c.Name)
			}
			fmt.Fprintf(&boxes, "        %s %s%s\n", shortTypes.Replace(c.Type), c.Name, c.keys(to != "" && line == "--"))
		}
		boxes.WriteString("    }\n")
	}
	return "```mermaid\nerDiagram\n" + lines.String() + boxes.String() + "```\n"
}

// keys are the marks of a column's constraints, and whether it may be null.
func (c columnOf) keys(foreign bool) string {
	var marks []string
	for mark, set := range map[string]bool{"PK": c.Primary, "FK": foreign, "UK": c.Unique && !c.Primary} {
		if set {
			marks = append(marks, mark)
		}
	}
	slices.Sort(marks)
	text := ""
	if len(marks) > 0 {
		text = " " + strings.Join(marks, ", ")
	}
	if !c.NotNull {
		text += ` "may be null"`
	}
	return text
}

// otherTables lists the tables that are not drawn, with the schema's comments.
func otherTables(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| table | what it holds |\n|---|---|\n")
	for _, pair := range pairs(t, conn, `
		SELECT c.relname, coalesce(obj_description(c.oid), '') FROM pg_class c
		WHERE c.relnamespace = 'roster'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`) {
		if !slices.Contains(drawn, pair[0]) {
			fmt.Fprintf(&b, "| `roster.%s` | %s |\n", pair[0], pair[1])
		}
	}
	return b.String()
}

// generated is a part of a document between two marks.
func generated(part string) (start, end string) {
	return "<!-- " + part + ": written by go test ./internal/doctest -update -->\n", "<!-- end of " + part + " -->\n"
}

func TestTheDataModelIsThatOfTheMigrations(t *testing.T) {
	conn := pgtest.Connect(t, latest.Database(t))
	text := read(t, concepts)
	for part, want := range map[string]string{"diagram": diagram(columnsOf(t, conn)), "tables": otherTables(t, conn)} {
		start, end := generated(part)
		before, rest, opened := strings.Cut(text, start)
		old, after, closed := strings.Cut(rest, end)
		switch {
		case !opened || !closed:
			t.Fatalf("%s lacks the marks %q and %q", concepts, start, end)
		case *update:
			text = before + start + want + end + after
		case old != want:
			t.Errorf("%s: the part %q is not that of the migrated database; run: go test ./internal/doctest -update\nafter that, %s",
				concepts, part, firstDifference(old, want))
		}
	}
	if *update {
		if err := os.WriteFile(filepath.Join(root, concepts), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheDiagramShowsKeysAndReferences(t *testing.T) {
	got := diagram([]columnOf{
		{Table: "plans", Name: "code", Type: "text", NotNull: true, Primary: true},
		{Table: "organizations", Name: "plan", Type: "text", NotNull: true, References: "roster.plans"},
		{Table: "events", Name: "user_id", Type: "uuid"},
		{Table: "events", Name: "at", Type: "timestamp with time zone", NotNull: true, Unique: true},
	})
	for _, want := range []string{
		"    plans ||--o{ organizations : plan\n", "    users |o..o{ events : user_id\n",
		"        text code PK\n", "        text plan FK\n", "        uuid user_id \"may be null\"\n", "        timestamptz at UK\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}
