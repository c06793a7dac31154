package main

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestAReplicaTakesTheSocketOfSystemd(t *testing.T) {
	t.Parallel()
	socket := newSharedSocket(t)
	r := startReplica(t, socket.file, "DATABASE_URL="+migrated.Database(t), "ROSTER_ADDR="+socket.address)
	got, err := do(http.DefaultClient, newRequestTo(t, "GET", "http://"+socket.address+"/readyz", ""))
	if err != nil || got.status != 200 {
		t.Errorf("%d, %v", got.status, err)
	}
	http.DefaultClient.CloseIdleConnections()
	r.stop()
	if got := r.notice(); got != "STOPPING=1" {
		t.Errorf("after READY=1 it says %q", got)
	}
}

func TestASocketOfSystemdThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	database := "DATABASE_URL=" + migrated.Database(t)
	tcp := newSharedSocket(t)
	everywhere, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = everywhere.Close() }()
	local, err := net.Listen("unix", filepath.Join(t.TempDir(), "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = local.Close() }()
	datagrams := listenForNotices(t)
	for name, c := range map[string]struct {
		script  string
		socket  interface{ File() (*os.File, error) }
		environ []string
		want    string
	}{
		"for another process":    {"exec roster serve", nil, []string{"LISTEN_FDS=1", "LISTEN_PID=1"}, `LISTEN_PID is \"1\", and this process`},
		"two sockets":            {"", nil, []string{"LISTEN_FDS=2"}, `LISTEN_FDS is \"2\": let systemd pass one socket`},
		"no number":              {"", nil, []string{"LISTEN_FDS=one"}, `LISTEN_FDS is \"one\"`},
		"no count":               {"", nil, nil, `LISTEN_FDS is \"\"`},
		"no socket":              {"", nil, []string{"LISTEN_FDS=1"}, "the file descriptor 3 is no socket"},
		"a socket of Unix":       {"", local.(*net.UnixListener), []string{"LISTEN_FDS=1"}, "set ListenStream= to address and port"},
		"datagrams":              {"", datagrams, []string{"LISTEN_FDS=1"}, "does not listen: set ListenStream="},
		"open to everybody":      {"", everywhere.(*net.TCPListener), []string{"LISTEN_FDS=1"}, "would be an administrator"},
		"beside another address": {"", tcp, []string{"LISTEN_FDS=1", "ROSTER_ADDR=127.0.0.1:1"}, "unset ROSTER_ADDR"},
	} {
		script := c.script
		if script == "" {
			script = "LISTEN_PID=$$ exec roster serve"
		}
		command := exec.Command("sh", "-c", script)
		command.Env = append(append(os.Environ(), noLimits()...), database, "ROSTER_LOG_FORMAT=json")
		command.Env = append(command.Env, c.environ...)
		if c.socket != nil {
			file, err := c.socket.File()
			if err != nil {
				t.Fatal(err)
			}
			command.ExtraFiles = []*os.File{file}
			defer func() { _ = file.Close() }()
		}
		out, _ := command.CombinedOutput() // an error: the exit code says it
		want := strings.ReplaceAll(c.want, `\"`, `"`)
		if code := command.ProcessState.ExitCode(); code != exitUsage || !strings.Contains(string(out), want) {
			t.Errorf("%s: the exit code is %d, and not %q:\n%s", name, code, want, out)
		}
	}
}
