// Package adoption is what the tests of the services that adopted sqlcheck have in
// common.
package adoption

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// most is how many lines a service may change.
const most = 40

// TakesFewLines counts the lines of a file that its version in the folder before lacks,
// with those of the service's other files for sqlcheck that a person writes.
func TakesFewLines(t *testing.T, name string) {
	t.Helper()
	before, after := lines(t, filepath.Join("before", name)), lines(t, name)
	count := len(lines(t, "sqlcheck.json")) + len(after) - common(before, after) + 1 // a tool line in go.mod
	if count >= most {
		t.Errorf("%d lines changed, of which there are to be fewer than %d", count, most)
	}
	t.Logf("%d lines", count)
}

func lines(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(strings.Lines(string(text)))
}

// common is how many lines two texts have in common, in one order.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, line := range a {
		diagonal := 0
		for i := range b {
			above := row[i+1]
			if line == b[i] {
				row[i+1] = diagonal + 1
			} else {
				row[i+1] = max(above, row[i])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// IsChecked runs check and vet, which are to find nothing.
func IsChecked(t *testing.T) {
	t.Helper()
	for _, command := range []string{"check", "vet"} {
		if out, err := exec.CommandContext(t.Context(), "go", "tool", "sqlcheck", command).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("sqlcheck %s: %v: %s", command, err, out)
		}
	}
}

// Template is a database with files of SQL, without the lines that name roles.
func Template(files ...string) *pgtest.Template {
	return pgtest.NewTemplate(func(ctx context.Context, url string) error {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			statements := slices.DeleteFunc(slices.Collect(strings.Lines(string(text))), func(line string) bool {
				return strings.Contains(line, "OWNER TO") || strings.HasPrefix(line, "GRANT")
			})
			if _, err := conn.Exec(ctx, strings.Join(statements, "")); err != nil {
				return err
			}
		}
		return nil
	})
}

// Pool is a pool on a database of the test's own.
func Pool(t *testing.T, template *pgtest.Template) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), template.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}
