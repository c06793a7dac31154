package embedded

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestDataLastsBetweenRuns(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	first := started(t, o)
	url := first.URL("postgres")
	run(t, connected(t, url), "CREATE TABLE kept AS SELECT 'still here' AS word")
	stop(t, first)

	second := started(t, o)
	if second.URL("postgres") != url {
		t.Errorf("the address changed from %s to %s", url, second.URL("postgres"))
	}
	if got := value(t, connected(t, url), "SELECT word FROM kept"); got != "still here" {
		t.Errorf("got %q", got)
	}
	if !exists(filepath.Join(o.DataDir, "server.log.old")) {
		t.Error("the log of the run before is gone")
	}
}

func TestServerReportsItsVersionAndFolder(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	o := in(folder(t))
	o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	server := started(t, o)
	if server.DataDir() != o.DataDir {
		t.Errorf("the data is in %s, not %s", server.DataDir(), o.DataDir)
	}
	connection := connected(t, server.URL("postgres"))
	if full := value(t, connection, "SHOW server_version"); full != server.Version() && !strings.HasPrefix(full, server.Version()+" ") {
		t.Errorf("the version is %s, not %s", full, server.Version())
	}
	contains(t, log.String(), o.DataDir, server.Version())
	if strings.Contains(log.String(), connection.Config().Password) {
		t.Error("the password is logged")
	}
}

func TestServerIsReachedByItsSocketOnly(t *testing.T) {
	t.Parallel()
	server := started(t, in(folder(t)))
	connection := connected(t, server.URL("postgres"))
	if got := value(t, connection, "SHOW listen_addresses"); got != "" {
		t.Errorf("it listens on %q", got)
	}
	info, err := os.Stat(connection.Config().Host)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's folder has the mode %v", info.Mode())
	}
	stop(t, server)
	if exists(connection.Config().Host) {
		t.Error("the socket's folder is left")
	}
}

func TestServerListensOnALoopbackAddress(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	o.Listen = "127.0.0.1:0"
	connection := connected(t, started(t, o).URL("postgres"))
	if got := value(t, connection, "SELECT host(inet_server_addr())"); got != "127.0.0.1" {
		t.Errorf("connected to %s", got)
	}
}

func TestListeningElsewhereIsRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cases := map[string]string{
		"every address": "0.0.0.0:5432",
		"a name":        "localhost:5432",
		"no port":       "127.0.0.1",
		"a taken port":  taken.Addr().String(),
	}
	for name, address := range cases {
		t.Run(name+" is refused", func(t *testing.T) {
			if _, _, err := reserve(address); err == nil {
				t.Errorf("%s is accepted", address)
			} else {
				contains(t, err.Error(), "the address to listen on")
			}
		})
	}
}

func TestAWrongPasswordIsRefused(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	config := connected(t, started(t, o).URL("postgres")).Config()
	config.Password = "guess"
	connection, err := pgx.ConnectConfig(t.Context(), config)
	if err == nil {
		_ = connection.Close(t.Context())
		t.Fatal("it was let in")
	}
	if sqlState(err) != "28P01" {
		t.Error(err)
	}
	info, err := os.Stat(filepath.Join(o.DataDir, "password"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the password file has the mode %v", info.Mode())
	}
}

func TestEnsureDatabaseMakesItOnce(t *testing.T) {
	t.Parallel()
	server := started(t, in(folder(t)))
	const name = `a "quoted" name?`
	for range 2 {
		url, err := server.EnsureDatabase(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if got := value(t, connected(t, url), "SELECT current_database()"); got != name {
			t.Errorf("the database is %s", got)
		}
	}
	stop(t, server)
	if _, err := server.EnsureDatabase(t.Context(), name); err == nil {
		t.Error("a stopped server made a database")
	}
}

func TestStopDoesNotWaitForClients(t *testing.T) {
	t.Parallel()
	server := started(t, in(folder(t)))
	connection := connected(t, server.URL("postgres"))
	run(t, connection, "BEGIN")
	stop(t, server)
	<-server.Done()
	stop(t, server) // again: the same result
	if err := connection.Ping(t.Context()); err == nil {
		t.Error("the connection is still open")
	}
}

func TestStopQuitsWhenItsTimeIsUp(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	server, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	// A stopped process acts on SIGQUIT only when it continues.
	pid := server.process.command.Process.Pid
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancelCause(t.Context())
	timeout := errors.New("out of time")
	context.AfterFunc(over, func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
	cancel(timeout)
	if err := server.Stop(over); !errors.Is(err, timeout) {
		t.Errorf("got %v", err)
	}
	started(t, o) // recovers
}

func TestAServerThatEndsOnItsOwnIsNoticed(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	server, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	server.process.signal(syscall.SIGINT)
	<-server.Done()
	err = server.Stop(t.Context())
	if err == nil {
		t.Fatal("Stop says nothing")
	}
	contains(t, err.Error(), "on its own", "database system is shut down")
	started(t, o)
}

func TestStartReportsWhyTheServerDidNotComeUp(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	o.Settings = map[string]string{"shared_buffers": "many"}
	contains(t, refused(t, o).Error(), o.DataDir, "shared_buffers", "many")
	o.Settings = nil
	started(t, o) // the folder is free and whole
}

func TestStartEndsWithItsContext(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("not now")
	cancel(reason)
	if _, err := Start(ctx, o); err == nil {
		t.Fatal("it started")
	}
	started(t, o)
}
