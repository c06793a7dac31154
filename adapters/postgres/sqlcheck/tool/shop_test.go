package tool

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/vet"
)

// TestMain lets this test program be what go vet runs.
func TestMain(m *testing.M) {
	if vet.Invoked(os.Args[1:]) {
		vet.Main()
	}
	goleak.VerifyTestMain(pgtest.Main{M: m})
}

// start starts a server as cmd/sqlcheck does.
func start(ctx context.Context, dir string) (Server, error) {
	return embedded.Start(ctx, embedded.Options{DataDir: filepath.Join(dir, "data"), RuntimeDir: filepath.Join(dir, "run"), Volatile: true})
}

// shop is a copy of the service in testdata, a module of its own.
type shop struct {
	t        *testing.T
	dir      string
	database string
}

func newShop(t *testing.T) *shop {
	t.Helper()
	var empty pgtest.Template
	s := &shop{t: t, dir: t.TempDir(), database: empty.Database(t)}
	if err := os.CopyFS(s.dir, os.DirFS("testdata/shop")); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	module, _, _ := strings.Cut(readFile(t, filepath.Join(root, "go.mod")), "\ntool (")
	_, module, _ = strings.Cut(module, "\n")
	s.write("go.mod", "module example.com/shop\n"+module+
		"\nrequire github.com/roster-directory/roster v0.0.0\nreplace github.com/roster-directory/roster => "+root+"\n")
	s.write("go.sum", readFile(t, filepath.Join(root, "go.sum")))
	return s
}

// prepared is a shop without findings.
func prepared(t *testing.T) *shop {
	t.Helper()
	s := newShop(t)
	s.expect("prepare", allWell)
	return s
}

// clone is a copy of the shop for a test within a test.
func (s *shop) clone(t *testing.T) *shop {
	t.Helper()
	copied := &shop{t: t, dir: t.TempDir(), database: s.database}
	if err := os.CopyFS(copied.dir, os.DirFS(s.dir)); err != nil {
		t.Fatal(err)
	}
	return copied
}

func (s *shop) path(name string) string { return filepath.Join(s.dir, name) }

func (s *shop) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(s.path(name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) replace(name string, oldNew ...string) {
	s.t.Helper()
	before := readFile(s.t, s.path(name))
	after := strings.NewReplacer(oldNew...).Replace(before)
	if after == before {
		s.t.Fatalf("%s has none of %q", name, oldNew)
	}
	s.write(name, after)
}

func (s *shop) migrate(name, statement string) {
	s.t.Helper()
	s.write("migrations/"+name, "-- +goose Up\n"+statement+";\n")
}

// expect runs the command, wants an exit status and the texts in the output,
// and returns that.
func (s *shop) expect(command string, status int, texts ...string) string {
	s.t.Helper()
	var out, errs bytes.Buffer
	args := append([]string{"-database=" + s.database}, strings.Fields(command)...)
	got := Main(s.t.Context(), append(args, s.path("store")), &out, &errs, start)
	if got != status {
		s.t.Fatalf("%s: exit status %d, not %d: %s%s", command, got, status, out.String(), errs.String())
	}
	if status == allWell && out.Len() > 0 {
		s.t.Errorf("%s: printed %s", command, out.String())
	}
	has(s.t, command, out.String()+errs.String(), texts...)
	return out.String()
}

// fails is what a command prints that can't find out.
func (s *shop) fails(command string) string {
	s.t.Helper()
	var out, errs bytes.Buffer
	if got := Main(s.t.Context(), []string{"-database=" + s.database, command, s.path("store")}, &out, &errs, start); got != failed {
		s.t.Errorf("%s: exit status %d", command, got)
	}
	return out.String() + errs.String()
}

// build runs go build, which must fail with the texts; without any, succeed.
func (s *shop) build(texts ...string) {
	s.t.Helper()
	c := exec.CommandContext(s.t.Context(), "go", "build", "./...")
	c.Dir = s.dir
	out, err := c.CombinedOutput()
	if (err != nil) != (len(texts) > 0) {
		s.t.Fatalf("go build: %v: %s", err, out)
	}
	has(s.t, "go build", string(out), texts...)
}

func has(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: no %q in\n%s", what, part, text)
		}
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
