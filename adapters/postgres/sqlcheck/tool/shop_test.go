package tool

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
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

// shop is the service in testdata, in a module of its own.
type shop struct {
	t        *testing.T
	dir      string
	database string
}

// shopFiles are the files of a module by name.
type shopFiles map[string][]byte

// original is the shop as it is in testdata.
var original = sync.OnceValues(func() (shopFiles, error) {
	files, err := filesIn("testdata/shop")
	if err != nil {
		return nil, err
	}
	root, err := filepath.Abs("../../../..")
	if err != nil {
		return nil, err
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	module, _, _ := strings.Cut(string(mod), "\ntool (")
	_, module, _ = strings.Cut(module, "\n")
	files["go.mod"] = []byte("module example.com/shop\n" + module +
		"\nrequire github.com/roster-directory/roster v0.0.0\nreplace github.com/roster-directory/roster => " + root + "\n")
	files["go.sum"], err = os.ReadFile(filepath.Join(root, "go.sum"))
	return files, err
})

// preparedShop is the shop after prepare, once there is one.
var preparedShop shopFiles

// shopDir has the same path in all tests, so that the go command finds in its
// cache what an earlier test compiled and linked.
var shopDir = filepath.Join(os.TempDir(), fmt.Sprintf("sqlcheck-shop-%d", os.Getpid()))

// shopOf writes files into the folder of all shops for one test.
func shopOf(t *testing.T, files shopFiles) *shop {
	t.Helper()
	var empty pgtest.Template
	s := &shop{t: t, dir: shopDir, database: empty.Database(t)}
	s.reset(files)
	t.Cleanup(func() {
		if err := os.RemoveAll(s.dir); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newShop(t *testing.T) *shop {
	t.Helper()
	files, err := original()
	if err != nil {
		t.Fatal(err)
	}
	return shopOf(t, files)
}

// prepared is a shop without findings.
func prepared(t *testing.T) *shop {
	t.Helper()
	if preparedShop != nil {
		return shopOf(t, preparedShop)
	}
	s := newShop(t)
	s.expect("prepare", allWell)
	var err error
	if preparedShop, err = filesIn(s.dir); err != nil {
		t.Fatal(err)
	}
	return s
}

// reset makes the folder hold the files and no others.
func (s *shop) reset(files shopFiles) {
	s.t.Helper()
	if err := os.RemoveAll(s.dir); err != nil {
		s.t.Fatal(err)
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(s.path(name)), 0o750); err != nil {
			s.t.Fatal(err)
		}
		s.write(name, string(text))
	}
}

func filesIn(dir string) (shopFiles, error) {
	files := shopFiles{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		files[relative], err = os.ReadFile(name)
		return err
	})
	return files, err
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
