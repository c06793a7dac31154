package pgtest

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// words returns a template with a table, and the number of its migrations.
func words() (template *Template, migrations *atomic.Int32) {
	migrations = new(atomic.Int32)
	return NewTemplate(func(ctx context.Context, url string) error {
		migrations.Add(1)
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "CREATE TABLE words AS SELECT 'template' AS word")
		return errors.Join(err, conn.Close(ctx))
	}), migrations
}

func TestEachDatabaseIsACloneOfItsOwn(t *testing.T) {
	template, migrations := words()
	t.Run("in parallel", func(t *testing.T) {
		for range 4 {
			t.Run("a test", func(t *testing.T) {
				t.Parallel()
				conn := Connect(t, template.Database(t))
				Execute(t, conn, "INSERT INTO words VALUES ('mine')")
				if n := Scalar[int](t, conn, "SELECT count(*) FROM words"); n != 2 {
					t.Errorf("%d words", n)
				}
			})
		}
	})
	if n := migrations.Load(); n != 1 {
		t.Errorf("%d migrations", n)
	}
}

func TestADatabaseIsDroppedWithItsTest(t *testing.T) {
	t.Parallel()
	var empty Template
	conn := Connect(t, empty.Database(t))
	name := ""
	t.Run("a test that leaves a connection open", func(t *testing.T) {
		conn, err := pgx.Connect(t.Context(), empty.Database(t))
		if err != nil {
			t.Fatal(err)
		}
		name = conn.Config().Database
	})
	if n := Scalar[int](t, conn, "SELECT count(*) FROM pg_database WHERE datname = $1", name); name == "" || n != 0 {
		t.Errorf("%s is left", name)
	}
}

func TestAMigrationThatFailsFailsTheTest(t *testing.T) {
	t.Parallel()
	broken := NewTemplate(func(context.Context, string) error { return errors.New("no such column") })
	contains(t, failure(t, func(t testing.TB) { broken.Database(t) }), "migrating the template", "no such column")
}

// It replaces the shared server, so that it runs alone.
func TestATestWithoutAServerFails(t *testing.T) {
	shared.mu.Lock()
	old := lazyHost{host: shared.host, server: shared.server, files: shared.files}
	shared.host, shared.server, shared.files = nil, nil, nil
	shared.mu.Unlock()
	t.Cleanup(func() { shared.host, shared.server, shared.files = old.host, old.server, old.files })

	for name, address := range map[string]string{
		"that accepts":         "postgres://127.0.0.1:1/postgres",
		"with such an address": "host=/nowhere",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(urlVariable, address)
			contains(t, failure(t, func(t testing.TB) { new(Template).Database(t) }), "no PostgreSQL to test on", urlVariable)
		})
	}
}

func TestAServerOfAnotherMajorVersionFailsTheTest(t *testing.T) {
	t.Setenv(urlVariable, "")
	t.Setenv(majorVariable, "14")
	var l lazyHost
	_, err := l.get(t.Context())
	if err == nil {
		t.Fatal("it is used")
	}
	contains(t, err.Error(), majorVariable+" is 14")
	if err := l.stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAServerMayBeGiven(t *testing.T) {
	given := StartServer(t)
	t.Setenv(urlVariable, given.URL("postgres"))
	var l lazyHost
	h, err := l.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := l.get(t.Context()); again != h || err != nil {
		t.Errorf("the second call returned another host: %v", err)
	}
	template, _ := words()
	if _, err := template.prepare(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	conn := Connect(t, given.URL("postgres"))
	const ours = "SELECT count(*) FROM pg_database WHERE datname LIKE 'roster_test_%'"
	if n := Scalar[int](t, conn, ours); n != 1 {
		t.Errorf("%d databases on the given server", n)
	}
	if err := l.stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := Scalar[int](t, conn, ours); n != 0 {
		t.Errorf("%d databases are left", n)
	}
}

func TestAHost(t *testing.T) {
	t.Parallel()
	address := StartServer(t).URL("postgres")
	t.Run("drops the databases of killed processes", func(t *testing.T) { dropsDatabasesOfKilledProcesses(t, address) })
	t.Run("connects again when its connection is lost", func(t *testing.T) { connectsAgain(t, address) })
}

func dropsDatabasesOfKilledProcesses(t *testing.T, address string) {
	t.Helper()
	conn := Connect(t, address)
	alive, err := openHost(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := alive.create(t.Context(), "template1")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"roster_test_7_1", "roster_test_7_2", "roster_test_of_mine"} {
		Execute(t, conn, "CREATE DATABASE "+name)
	}
	next, err := openHost(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	const left = "SELECT count(*) FROM pg_database WHERE datname IN ('roster_test_7_1', 'roster_test_7_2')"
	if n := Scalar[int](t, conn, left); n != 0 {
		t.Errorf("%d databases are left", n)
	}
	if n := Scalar[int](t, conn, "SELECT count(*) FROM pg_database WHERE datname IN ('roster_test_of_mine', $1)", kept); n != 2 {
		t.Errorf("%d databases of 2 are left", n)
	}
	if err := errors.Join(alive.close(t.Context()), next.close(t.Context())); err != nil {
		t.Error(err)
	}
}

func connectsAgain(t *testing.T, address string) {
	t.Helper()
	h, err := openHost(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.admin.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.create(t.Context(), "template1"); err != nil {
		t.Error(err)
	}
	if err := h.close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestNothingIsLeftWhenTheTestProcess(t *testing.T) {
	t.Parallel()
	for _, ending := range []string{"exits", "panics", "is killed"} {
		t.Run(ending, func(t *testing.T) {
			t.Parallel()
			process := exec.Command(os.Args[0])
			process.Env = append(os.Environ(), endingOf+"="+ending, urlVariable+"=")
			out, err := process.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := process.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if ending == "is killed" {
				_ = process.Process.Kill()
			}
			_ = process.Wait()
			dir, url, _ := strings.Cut(strings.TrimSpace(line), " ")
			Eventually(t, "the server ends", func() bool { return !accepts(t, url) })
			Eventually(t, "its files are removed", func() bool { return !exists(dir) })
		})
	}
}

// accepts reports whether a server accepts conns.
func accepts(t *testing.T, url string) bool {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	return err == nil && conn.Close(t.Context()) == nil
}
