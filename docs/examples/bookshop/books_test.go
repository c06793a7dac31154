package bookshop

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main{M: m}.Run()) }

var migrated = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	text, err := os.ReadFile("migrations/00001_books.sql")
	if err != nil {
		return err
	}
	up, _, _ := strings.Cut(string(text), "-- +goose Down")
	_, err = conn.Exec(ctx, up)
	return err
})

func TestBooksAreAddedAndFound(t *testing.T) {
	config, err := pgxpool.ParseConfig(migrated.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.Tracer = sqlcheck.NewTracer(func(_ context.Context, text string) { t.Errorf("sent past sqlcheck: %s", text) })
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	shop := New(pool)
	for isbn, title := range map[string]string{"1": "The C Programming Language", "2": "The Go Programming Language", "3": "Go in Practice"} {
		if err := shop.Add(t.Context(), isbn, title); err != nil {
			t.Fatal(err)
		}
	}
	books, err := shop.Books(t.Context(), List{Word: sqlcheck.Some("go"), Sort: "title", Limit: 10})
	if err != nil || len(books) != 2 || books[0].ISBN != "3" || books[1].ISBN != "2" || books[0].Subtitle != nil {
		t.Errorf("got %v, %v", books, err)
	}
	if books, err := shop.Books(t.Context(), List{Sort: "newest", Limit: 1}); err != nil || len(books) != 1 {
		t.Errorf("got %v, %v", books, err)
	}
}

// TestAdoptionTakesFewLines counts what a service with pgx and squirrel writes
// for sqlcheck: every line that would not be there, or not as it is.
func TestAdoptionTakesFewLines(t *testing.T) {
	theirs := regexp.MustCompile(`sqlcheck|\bdb:"|^\s*(Name|Enums|Build):|^\s*\},?\)$|^type newBook`)
	count := 0
	for _, name := range []string{"books.go", "sqlcheck.json", "../go.mod"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if theirs.MatchString(line) || name == "sqlcheck.json" {
				count++
			}
		}
	}
	if count >= 30 {
		t.Errorf("%d lines, of which there are to be fewer than 30", count)
	}
	t.Logf("%d lines", count)
}

func TestTheServiceIsChecked(t *testing.T) {
	if out, err := run(t, ".", "go", "tool", "sqlcheck", "check"); err != nil || out != "" {
		t.Errorf("%v: %s", err, out)
	}
}

func TestARenamedColumnIsNamedAndDoesNotBuild(t *testing.T) {
	dir := copyOf(t)
	file := filepath.Join(dir, "migrations/00002_name.sql")
	if err := os.WriteFile(file, []byte("-- +goose Up\nALTER TABLE shop.books RENAME COLUMN title TO name;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const migration = "migrations/00002_name.sql"
	fails(t, dir, []string{"go", "tool", "sqlcheck", "check"},
		migration+": stale: this migration is newer than the snapshots: run sqlcheck prepare",
		`books.go:30: query "books.list": it seems to use shop.books.title, which `+migration+` renames to name`)
	const cause = `column shop.books.title does not exist; did ` + migration + ` rename it to name?`
	fails(t, dir, []string{"go", "tool", "sqlcheck", "prepare"},
		`books.go:30: query "books.list" (4 of 4 variants): `+cause, `books.go:49: query "books.add" (1 of 1 variants): `+cause)
	fails(t, dir, []string{"go", "build", "."},
		"books.go:30: undefined: query_books_list_does_not_fit_the_schema",
		"books.go:49: undefined: query_books_add_does_not_fit_the_schema",
		"r.Name undefined (type Book has no field or method Name)")
}

// copyOf is a copy of the service, in a module like this one.
func copyOf(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "bookshop"), os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		moved := strings.Replace(string(text), "=> ../..", "=> "+root, 1)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(moved), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "bookshop")
}

// fails expects a command to fail with texts.
func fails(t *testing.T, dir string, command []string, texts ...string) {
	t.Helper()
	out, err := run(t, dir, command...)
	if err == nil {
		t.Errorf("%q succeeded", command)
	}
	for _, text := range texts {
		if !strings.Contains(out, text) {
			t.Errorf("%q: no %q in\n%s", command, text, out)
		}
	}
}

func run(t *testing.T, dir string, command ...string) (string, error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), command[0], command[1:]...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	return string(out), err
}
