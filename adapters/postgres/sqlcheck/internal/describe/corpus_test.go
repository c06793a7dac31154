package describe_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
)

// example is a statement of the corpus, with what is true of its columns.
type example struct {
	title  string
	wants  []want
	args   []string // of each execution, as SQL
	values []describe.Values
	text   string
}

// want is the truth about a column: "never" is NULL; comes back "null" with
// the library's data; or "cautious": is never NULL, but said to be nullable.
type want struct{ name, truth string }

// examples reads the corpus for a version of PostgreSQL: blocks of a title,
// the columns, optionally lines of "args" and a line of "given", and the
// statement. What an older version doesn't know is in files of its own.
func examples(t *testing.T, version int) []example {
	t.Helper()
	files, err := filepath.Glob("testdata/corpus/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	for since := 16; since <= min(version, 18); since++ {
		files = append(files, fmt.Sprintf("testdata/corpus-%d.sql", since))
	}
	var found []example
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for block := range strings.SplitSeq(strings.TrimSpace(string(content)), "\n\n") {
			found = append(found, parseExample(t, block))
		}
	}
	return found
}

func parseExample(t *testing.T, block string) example {
	t.Helper()
	var e example
	for i, line := range strings.Split(block, "\n") {
		comment, isComment := strings.CutPrefix(line, "-- ")
		switch {
		case i == 0:
			e.title = comment
		case i == 1:
			for column := range strings.SplitSeq(comment, ", ") {
				name, truth, _ := strings.Cut(column, " ")
				e.wants = append(e.wants, want{name, truth})
			}
		case isComment && strings.HasPrefix(comment, "args "):
			e.args = append(e.args, "("+strings.TrimPrefix(comment, "args ")+")")
		case isComment && strings.HasPrefix(comment, "given "):
			e.values = parseGiven(t, comment)
		default:
			e.text += line + "\n"
		}
	}
	return e
}

var givenPattern = regexp.MustCompile(`(not null|elements of) \$(\d)`)

func parseGiven(t *testing.T, comment string) []describe.Values {
	t.Helper()
	values := make([]describe.Values, 9)
	for _, m := range givenPattern.FindAllStringSubmatch(comment, -1) {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			t.Fatal(err)
		}
		values[n-1].NotNull = values[n-1].NotNull || m[1] == "not null"
		values[n-1].ElementsNotNull = values[n-1].ElementsNotNull || m[1] == "elements of"
	}
	return values
}

func TestTheCorpus(t *testing.T) {
	onEachServer(t, func(t *testing.T, conn *pgx.Conn) {
		d := describe.New(conn)
		version := serverVersion(t, conn)
		corpus := examples(t, version/10000)
		if len(corpus) < 150 {
			t.Errorf("%d statements", len(corpus))
		}
		columns, cautious := 0, 0
		for _, e := range corpus {
			t.Run(e.title, func(t *testing.T) {
				s, err := d.Statement(t.Context(), e.text, e.values...)
				if err != nil {
					t.Fatal(err)
				}
				e.compare(t, s, e.execute(t, conn))
			})
			for _, w := range e.wants {
				columns++
				if w.truth == "cautious" {
					cautious++
				}
			}
		}
		t.Logf("PostgreSQL %d: %d statements, %d columns, of which %d are said to be nullable without need (%.1f%%)",
			version, len(corpus), columns, cautious, 100*float64(cautious)/float64(columns))
		if 20*cautious > columns {
			t.Error("that is more than 5%")
		}
	})
}

func serverVersion(t *testing.T, conn *pgx.Conn) (version int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		t.Fatal(err)
	}
	return version
}

// compare holds the description against the truth and against the data.
func (e example) compare(t *testing.T, s describe.Statement, wasNull map[string]bool) {
	t.Helper()
	if len(s.Columns) != len(e.wants) {
		t.Fatalf("%d columns, not %d", len(s.Columns), len(e.wants))
	}
	for i, c := range s.Columns {
		w := e.wants[i]
		switch {
		case c.Name != w.name:
			t.Errorf("column %q, not %q", c.Name, w.name)
		case wasNull[c.Name] && !c.Nullable():
			t.Errorf("UNSAFE: %s came back NULL, and was said to be never", c.Name)
		case wasNull[c.Name] != (w.truth == "null"):
			t.Errorf("the corpus is wrong: %s is NULL in the data: %v", c.Name, wasNull[c.Name])
		case c.Nullable() != (w.truth != "never"):
			t.Errorf("%s: %q", c.Name, c.Null)
		}
	}
}

// execute runs the statement, in a transaction that is undone, and finds the
// columns that came back NULL.
func (e example) execute(t *testing.T, conn *pgx.Conn) map[string]bool {
	t.Helper()
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(t.Context())
	if _, err := tx.Exec(t.Context(), "PREPARE example AS "+e.text, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = conn.Exec(t.Context(), "DEALLOCATE example", pgx.QueryExecModeSimpleProtocol) }()
	if e.args == nil {
		e.args = []string{""}
	}
	found := map[string]bool{}
	for _, args := range e.args {
		rows, err := tx.Query(t.Context(), "EXECUTE example"+args, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			for i, v := range rows.RawValues() {
				if v == nil {
					found[rows.FieldDescriptions()[i].Name] = true
				}
			}
		}
		if rows.Err() != nil {
			t.Fatal(rows.Err())
		}
	}
	return found
}
