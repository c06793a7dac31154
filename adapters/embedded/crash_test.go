package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

func TestAKilledProcessTakesItsServerAlong(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	o := in(dir)
	process, lines := otherProcess(t, dir)
	awaitStarted(t, lines)
	url := urlOf(t, o)
	connection := connected(t, url)
	run(t, connection, "CREATE TABLE kept AS SELECT 'still here' AS word")

	kill(process)
	eventually(func() bool { return connection.Ping(t.Context()) != nil })
	eventually(func() bool { return !exists(filepath.Join(o.DataDir, "cluster", "postmaster.pid")) }) // it stops cleanly
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
	t.Parallel()
	dir := folder(t)
	process, lines := otherProcess(t, dir)
	awaitStarted(t, lines)
	kill(process)
	started(t, in(dir))
}

func TestTheServerOfAKilledProcessHoldsItsFolder(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	o := in(dir)
	process, lines := otherProcess(t, dir)
	awaitStarted(t, lines)
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

// slowInitdb makes half of a cluster, and then waits until a file is removed.
const slowInitdb = `#!/bin/sh
for argument; do case $argument in --pgdata=*) data=${argument#--pgdata=} ;; esac; done
mkdir "$data" && echo 15 >"$data/PG_VERSION"
while [ -e "$0.wait" ]; do sleep 0.01; done
`

func TestAnInterruptedFirstStartLeavesNothingHalfMade(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	o := in(dir)
	bin := programs(t, filepath.Join(dir, "bin"), "15.1")
	write(t, filepath.Join(bin, "initdb"), slowInitdb)
	write(t, filepath.Join(bin, "initdb.wait"), "")
	process, _ := otherProcess(t, dir, "PATH="+bin+":"+os.Getenv("PATH"))
	eventually(func() bool { return exists(filepath.Join(o.DataDir, "cluster.partial", "data", "PG_VERSION")) })
	kill(process)
	if exists(filepath.Join(o.DataDir, "cluster")) {
		t.Fatal("initdb was done before it was killed")
	}
	if err := os.Remove(filepath.Join(bin, "initdb.wait")); err != nil {
		t.Fatal(err)
	}
	started(t, o)
	if exists(filepath.Join(o.DataDir, "cluster.partial")) {
		t.Error("the half-made data is left")
	}
}

func TestAFolderInUseIsRefused(t *testing.T) {
	t.Parallel()
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
		awaitStarted(t, lines)
		err := refused(t, in(dir))
		if !errors.Is(err, ErrInUse) {
			t.Error(err)
		}
		contains(t, err.Error(), "process "+strconv.Itoa(process.Process.Pid))
	})
}

func TestWaitingForALeftoverInitdbEndsWithTheContext(t *testing.T) {
	dir := t.TempDir()
	held, _, err := acquire(t.Context(), dir, time.Hour, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer held.release()
	if err := held.file.Truncate(0); err != nil { // as if its process had ended
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = acquire(ctx, dir, time.Hour, nil)
	if !errors.Is(err, ErrInUse) || !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	contains(t, err.Error(), "a program that a killed process left")
}

func TestAStartWaitsForAProgramThatStillHasAReleasedLock(t *testing.T) {
	dir := t.TempDir()
	released, _, err := acquire(t.Context(), dir, time.Hour, nil)
	if err != nil {
		t.Fatal(err)
	}
	inherited, err := syscall.Dup(int(released.file.Fd())) // as a forked program has it
	if err != nil {
		t.Fatal(err)
	}
	released.release()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := acquire(ctx, dir, time.Hour, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("it did not wait: %v", err)
	}
	if err := syscall.Close(inherited); err != nil {
		t.Fatal(err)
	}
	again, _, err := acquire(t.Context(), dir, time.Hour, nil)
	if err != nil {
		t.Fatal(err)
	}
	again.release()
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
