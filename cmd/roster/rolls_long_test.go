//go:build rolls

package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// defaults are settings of a drain as they are by default.
var defaults = []string{"ROSTER_DRAIN_DELAY=", "ROSTER_LINGER=", "ROSTER_SHUTDOWN=", "ROSTER_IDLE_TIMEOUT="}

// asked returns how many rolls and requests the long tests make.
func asked(t *testing.T) (rolls int, requests int64) {
	t.Helper()
	rolls, err := strconv.Atoi(os.Getenv("ROSTER_TEST_ROLLS"))
	if err != nil {
		t.Fatalf("ROSTER_TEST_ROLLS: %v: run make test-rolls", err)
	}
	requests, err = strconv.ParseInt(os.Getenv("ROSTER_TEST_REQUESTS"), 10, 64)
	if err != nil {
		t.Fatalf("ROSTER_TEST_REQUESTS: %v: run make test-rolls", err)
	}
	return rolls, requests
}

func TestManyRollsOnASharedSocketLoseNoRequest(t *testing.T) {
	rolls, requests := asked(t)
	rollOnSharedSocket(t, rolls, requests, defaults)
}

// HAProxy has the file of the documents, and the replicas have the default times.
func TestManyRollsBehindHAProxyLoseNoRequest(t *testing.T) {
	rolls, requests := asked(t)
	database := migrated.Database(t)
	ports := freePorts(t, 3)
	var replicas [2]*replica
	start := func(n int) {
		replicas[n] = startReplica(t, nil, append(slices.Clone(defaults), "DATABASE_URL="+database, fmt.Sprintf("PORT=%d", ports[1+n]))...)
	}
	start(0)
	start(1)
	proxy := startHAProxy(t, ports)
	rollUnderLoad(t, proxy.address, database, rolls, requests, func(n int) {
		replicas[n%2].stop()
		start(n % 2)
		pgtest.Eventually(t, "replicas that are up", func() bool { return proxy.up() == 2 })
	})
	for _, each := range replicas {
		each.stop()
	}
}

// haproxy is a HAProxy that runs.
type haproxy struct {
	t                *testing.T
	address, control string
}

// startHAProxy starts HAProxy with docs/haproxy.cfg, on ports of the test.
func startHAProxy(t *testing.T, ports []int) *haproxy {
	t.Helper()
	text, err := os.ReadFile("../../docs/haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	h := &haproxy{t, fmt.Sprintf("127.0.0.1:%d", ports[0]), filepath.Join(t.TempDir(), "control")}
	config := strings.NewReplacer(
		"127.0.0.1:3000", h.address, "127.0.0.1:3001", fmt.Sprintf("127.0.0.1:%d", ports[1]),
		"127.0.0.1:3002", fmt.Sprintf("127.0.0.1:%d", ports[2]), "\nglobal\n", "\nglobal\n    stats socket "+h.control+"\n",
	).Replace(string(text))
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	log := newTranscript()
	command := exec.Command("haproxy", "-db", "-f", file)
	command.Stderr = log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // the error: it was killed
		if t.Failed() {
			t.Logf("the log of HAProxy:\n%s", log)
		}
	})
	pgtest.Eventually(t, "replicas that are up", func() bool { return h.up() == 2 })
	return h
}

// up returns how many replicas HAProxy sends requests to.
func (h *haproxy) up() (n int) {
	control, err := net.Dial("unix", h.control)
	if err != nil {
		return 0 // it starts
	}
	defer func() { _ = control.Close() }()
	const stateUp = "2" // srv_op_state
	if _, err := fmt.Fprintln(control, "show servers state replicas"); err != nil {
		h.t.Fatal(err)
	}
	text, err := io.ReadAll(control)
	if err != nil {
		h.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 5 && fields[1] == "replicas" && fields[5] == stateUp {
			n++
		}
	}
	return n
}
