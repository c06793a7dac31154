package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// ownerOf is the variable that makes this binary another Roster: it starts a
// server in the folder that it names and holds it until it is killed.
const ownerOf = "ROSTER_EMBEDDED_TEST_FOLDER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(ownerOf); folder != "" {
		holdServer(folder)
	}
	goleak.VerifyTestMain(m)
}

func holdServer(folder string) {
	if _, err := Start(context.Background(), in(folder)); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("started")
	select {}
}

// otherProcess starts another process with a server in the folder. Its lines
// tell how it goes; it is killed at the end of the test if not before.
func otherProcess(t *testing.T, folder string) (process *exec.Cmd, lines *bufio.Reader) {
	t.Helper()
	process = exec.Command(os.Args[0])
	process.Env = append(os.Environ(), ownerOf+"="+folder)
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(process) })
	return process, bufio.NewReader(out)
}

func awaitLine(t *testing.T, lines *bufio.Reader, want string) {
	t.Helper()
	line, err := lines.ReadString('\n')
	if err != nil || strings.TrimSpace(line) != want {
		rest, _ := io.ReadAll(lines)
		t.Fatalf("the other process said %q (%v), not %q: %s", line, err, want, rest)
	}
}

// kill ends a process as a crash does: it gets to clean up nothing.
func kill(process *exec.Cmd) {
	_ = process.Process.Kill()
	_ = process.Wait()
}

// folder returns a folder that the server's user may enter, as t.TempDir's isn't.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "roster-embedded-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func in(folder string) Options {
	return Options{
		DataDir: filepath.Join(folder, "data"), CacheDir: filepath.Join(folder, "cache"),
		RuntimeDir: filepath.Join(folder, "run"), Volatile: true,
		Settings: map[string]string{"shared_buffers": "16MB"},
	}
}

func started(t *testing.T, o Options) *Server {
	t.Helper()
	server, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *Server) {
	t.Helper()
	if err := server.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

// refused returns the error of a start that must fail.
func refused(t *testing.T, o Options) error {
	t.Helper()
	server, err := Start(t.Context(), o)
	if err == nil {
		stop(t, server)
		t.Fatal("it started")
	}
	return err
}

func connected(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(context.Background()) })
	return connection
}

func run(t *testing.T, connection *pgx.Conn, sql string) {
	t.Helper()
	if _, err := connection.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func value(t *testing.T, connection *pgx.Conn, sql string) string {
	t.Helper()
	var text string
	if err := connection.QueryRow(t.Context(), sql).Scan(&text); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return text
}

// eventually waits for something that another process does.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !happened() {
		select {
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q isn't in: %s", part, text)
		}
	}
}
