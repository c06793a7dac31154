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

	"github.com/roster-directory/roster/adapters/embedded/scratch"
)

// folderVariable makes this test binary start a server in a folder and run until
// it is killed.
const folderVariable = "ROSTER_EMBEDDED_TEST_FOLDER"

// shareVariable makes it share the server.
const shareVariable = "ROSTER_EMBEDDED_TEST_SHARE"

func TestMain(m *testing.M) {
	if folder := os.Getenv(folderVariable); folder != "" {
		holdServer(folder)
	}
	goleak.VerifyTestMain(m)
}

func holdServer(folder string) {
	server, err := Start(context.Background(), in(folder))
	if err == nil && os.Getenv(shareVariable) != "" {
		err = server.Share(false)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("started")
	select {}
}

// otherProcess starts another process with a server in the folder. The process
// prints a line once the server runs. It is killed at the end of the test if not
// before.
func otherProcess(t *testing.T, folder string, environ ...string) (process *exec.Cmd, lines *bufio.Reader) {
	t.Helper()
	process = exec.Command(os.Args[0])
	process.Env = append(append(os.Environ(), folderVariable+"="+folder), environ...)
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

func awaitStarted(t *testing.T, lines *bufio.Reader) {
	t.Helper()
	if line, err := lines.ReadString('\n'); err != nil || line != "started\n" {
		rest, _ := io.ReadAll(lines)
		t.Fatalf("the other process printed %q (%v): %s", line, err, rest)
	}
}

// kill ends a process as a crash does, so that it can clean up nothing.
func kill(process *exec.Cmd) {
	_ = process.Process.Kill()
	_ = process.Wait()
}

// folder returns a folder that the server's user may enter, unlike t.TempDir's.
func folder(t *testing.T) string {
	t.Helper()
	made, err := scratch.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := made.Remove(); err != nil {
			t.Error(err)
		}
	})
	return made.Path
}

func in(folder string) Options {
	return Options{
		DataDir: filepath.Join(folder, "data"), CacheDir: filepath.Join(folder, "cache"),
		RuntimeDir: filepath.Join(folder, "run"), Volatile: true,
		Settings:    map[string]string{"shared_buffers": "16MB"},
		lockTimeout: time.Hour, // however slow the machine is
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
func eventually(happened func() bool) {
	for !happened() {
		time.Sleep(5 * time.Millisecond)
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
