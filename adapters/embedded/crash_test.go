package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

func TestAKilledProcessTakesItsServerAlong(t *testing.T) {
	dir := folder(t)
	o := in(dir)
	process, lines := otherProcess(t, dir)
	awaitLine(t, lines, "started")
	url := urlOf(t, o)
	connection := connected(t, url)
	run(t, connection, "CREATE TABLE kept AS SELECT 'still here' AS word")

	kill(process)
	eventually(t, "the server stops", func() bool { return connection.Ping(t.Context()) != nil })
	eventually(t, "it stops cleanly", func() bool { return !exists(filepath.Join(o.DataDir, "cluster", "postmaster.pid")) })
	contains(t, tail(filepath.Join(o.DataDir, "server.log")), "received fast shutdown request", "database system is shut down")

	if got := value(t, connected(t, started(t, o).URL("postgres")), "SELECT word FROM kept"); got != "still here" {
		t.Errorf("got %q", got)
	}
}

// urlOf is the address of another process's server, as its Server gives it.
func urlOf(t *testing.T, o Options) string {
	t.Helper()
	password, err := os.ReadFile(filepath.Join(o.DataDir, "password"))
	if err != nil {
		t.Fatal(err)
	}
	socketDir := filepath.Join(o.RuntimeDir, folderKey(o.DataDir))
	return endpoint{socketDir: socketDir, port: 5432, password: string(password[:len(password)-1])}.url("postgres")
}

func TestAStartRightAfterACrashWaitsForTheOldServer(t *testing.T) {
	dir := folder(t)
	process, lines := otherProcess(t, dir)
	awaitLine(t, lines, "started")
	kill(process)
	started(t, in(dir))
}

func TestTheServerOfAKilledProcessHoldsItsFolder(t *testing.T) {
	dir := folder(t)
	o := in(dir)
	process, lines := otherProcess(t, dir)
	awaitLine(t, lines, "started")
	server := readPid(filepath.Join(o.DataDir, "cluster", "postmaster.pid"))
	if err := syscall.Kill(server, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	kill(process) // and its server does not stop
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Start(ctx, o)
	if err := syscall.Kill(server, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(err, ErrInUse) {
		t.Fatal(err)
	}
	contains(t, err.Error(), "kill -INT "+strconv.Itoa(server))
	started(t, o)
}

func TestAnInterruptedFirstStartLeavesNothingHalfMade(t *testing.T) {
	dir := folder(t)
	o := in(dir)
	process, _ := otherProcess(t, dir)
	eventually(t, "initdb is at work", func() bool {
		return exists(filepath.Join(o.DataDir, "cluster.partial", "data", "PG_VERSION"))
	})
	kill(process)
	if exists(filepath.Join(o.DataDir, "cluster")) {
		t.Fatal("initdb was done before it was killed")
	}
	started(t, o)
	if exists(filepath.Join(o.DataDir, "cluster.partial")) {
		t.Error("the half-made data is left")
	}
}

func TestAFolderInUseIsRefused(t *testing.T) {
	t.Run("by this process", func(t *testing.T) {
		o := in(folder(t))
		server := started(t, o)
		err := refused(t, o)
		if !errors.Is(err, ErrInUse) {
			t.Error(err)
		}
		contains(t, err.Error(), o.DataDir, "process "+strconv.Itoa(os.Getpid()), "ROSTER_DATA")
		connected(t, server.URL("postgres")) // undisturbed
	})
	t.Run("by another process", func(t *testing.T) {
		dir := folder(t)
		process, lines := otherProcess(t, dir)
		awaitLine(t, lines, "started")
		err := refused(t, in(dir))
		if !errors.Is(err, ErrInUse) {
			t.Error(err)
		}
		contains(t, err.Error(), "process "+strconv.Itoa(process.Process.Pid))
	})
}

func TestWaitingForALeftoverInitdbHeedsTheContext(t *testing.T) {
	dir := t.TempDir()
	held, err := acquire(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer held.release()
	if err := held.file.Truncate(0); err != nil { // by nobody who lives
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = acquire(ctx, dir)
	if !errors.Is(err, ErrInUse) || !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	contains(t, err.Error(), "a program that a killed process left")
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}
