package main

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

const toxiproxyPath = "../../bin/toxiproxy-2.5.0/toxiproxy-server"

// toxiproxy is a running Toxiproxy with one proxy, named postgres. It disturbs what passes.
type toxiproxy struct {
	t   *testing.T
	url string // of its API
	// host and port are where the proxy listens.
	host, port string
}

// startToxiproxy starts a proxy to a server.
func startToxiproxy(t *testing.T, server *pgtest.Server) *toxiproxy {
	t.Helper()
	host, port := server.Address()
	program, err := filepath.Abs(toxiproxyPath)
	if err == nil {
		_, err = os.Stat(program)
	}
	if err != nil {
		t.Fatalf("Toxiproxy for tests is missing; run: make toxiproxy (%v)", err)
	}
	ports := freePorts(t, 2)
	api, own := strconv.Itoa(ports[0]), strconv.Itoa(ports[1])
	command := exec.Command(program, "-host", "127.0.0.1", "-port", api)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // the error: it was killed
	})
	p := &toxiproxy{t, "http://127.0.0.1:" + api, "127.0.0.1", own}
	pgtest.Eventually(t, "Toxiproxy", func() bool {
		_, err := do(http.DefaultClient, newRequestTo(t, "GET", p.url+"/version", ""))
		return err == nil
	})
	p.send("POST", "/proxies", map[string]any{
		"name": "postgres", "listen": net.JoinHostPort(p.host, p.port), "upstream": net.JoinHostPort(host, port), "enabled": true,
	})
	return p
}

// send sends a request to the API.
func (p *toxiproxy) send(method, path string, body any) {
	p.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	got, err := do(http.DefaultClient, newRequestTo(p.t, method, p.url+path, string(text)))
	if err != nil || got.status/100 != 2 {
		p.t.Fatalf("Toxiproxy, %s %s: %v, %d: %s", method, path, err, got.status, got.body)
	}
}

// disturb applies a toxic to open and new connections, in the direction of a stream, and
// returns what ends it.
func (p *toxiproxy) disturb(kind, stream string, attributes map[string]int) (end func()) {
	p.t.Helper()
	p.send("POST", "/proxies/postgres/toxics", map[string]any{"name": kind + stream, "type": kind, "stream": stream, "attributes": attributes})
	return func() { p.send("DELETE", "/proxies/postgres/toxics/"+kind+stream, nil) }
}

// refuse closes all connections and accepts none, until the returned function is called.
func (p *toxiproxy) refuse() (end func()) {
	p.t.Helper()
	p.send("POST", "/proxies/postgres", map[string]any{"enabled": false})
	return func() { p.send("POST", "/proxies/postgres", map[string]any{"enabled": true}) }
}

// through returns an address of a database by way of the proxy.
func (p *toxiproxy) through(address string) string {
	return changed(p.t, address, func(u *url.URL) {
		query := u.Query()
		query.Set("host", p.host)
		query.Set("port", p.port)
		u.RawQuery = query.Encode()
	})
}
