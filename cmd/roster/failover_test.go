package main

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func onLoopback(o *embedded.Options) { o.Listen = "127.0.0.1:0" }

// atHosts returns the address of a server's database with other hosts.
func atHosts(t *testing.T, address string, hosts, ports []string, attributes string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := parsed.Query()
	query.Set("host", strings.Join(hosts, ","))
	query.Set("port", strings.Join(ports, ","))
	if attributes != "" {
		query.Set("target_session_attrs", attributes)
	}
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// awaitWrites waits until requests that write are served again. Until then they get 503
// with Retry-After.
func (i *instance) awaitWrites(names *atomic.Int64) {
	i.t.Helper()
	pgtest.Eventually(i.t, "writes", func() bool {
		got, err := i.send("POST", "/users", createUser(fmt.Sprintf("user%d", names.Add(1))))
		if err != nil {
			i.t.Fatal(err)
		}
		if got.status == 201 {
			return true
		}
		if got.status != 503 || got.header.Get("Retry-After") == "" {
			i.t.Fatalf("status %d, %v: %s", got.status, got.header, got.body)
		}
		return false
	})
}

func TestWritesFollowThePrimaryWithoutARestart(t *testing.T) {
	t.Parallel()
	first := pgtest.StartServer(t, onLoopback)
	source := first.URL("roster")
	_, firstPort := first.Address()
	var second *pgtest.Server
	names := new(atomic.Int64)
	mustRun(t, source, "migrate", "up")
	second = first.Standby()
	_, secondPort := second.Address()
	both := atHosts(t, source, []string{"127.0.0.1", "127.0.0.1"}, []string{firstPort, secondPort}, "read-write")
	i := serve(t, "DATABASE_URL="+both)
	i.awaitWrites(names)
	pgtest.Execute(t, pgtest.Connect(t, first.URL("postgres")), "ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
	i.awaitWrites(names)
	before := i.expect(200, "GET", changes, "")

	first.Stop()
	second.Promote()
	i.awaitWrites(names)
	i.expect(200, "GET", "/readyz", "")
	i.expect(200, "GET", next(before), "")

	// The first server comes back as a standby, and is no place for writes.
	second.Standby()
	i.awaitWrites(names)
	second.Stop()
	i.expect(503, "GET", "/readyz", "")
}

func TestServeWaitsForAPrimary(t *testing.T) {
	t.Parallel()
	primary := pgtest.StartServer(t, onLoopback)
	source := primary.URL("roster")
	mustRun(t, source, "migrate", "up")
	_, primaryPort := primary.Address()
	standby := primary.Standby()
	_, port := standby.Address()
	primary.Stop()
	hosts := []string{"127.0.0.1", "127.0.0.1"}
	i := launch(t, "DATABASE_URL="+atHosts(t, source, hosts, []string{port, primaryPort}, "read-write"))
	i.awaitLog("Waiting for the database")
	standby.Promote()
	i.awaitLog("Roster serves")
}

// A name or a balancer may lead to a standby for a moment. Connections to it stay open
// when the address leads to the primary again.
func TestConnectionsToAStandbyAreReplacedWhenItRefusesAWrite(t *testing.T) {
	t.Parallel()
	primary := pgtest.StartServer(t, onLoopback)
	source := primary.URL("roster")
	mustRun(t, source, "migrate", "up")
	standby := primary.Standby()
	proxy := newSwitch(t)
	proxy.to(standby.Address())
	host, port, err := net.SplitHostPort(proxy.address)
	if err != nil {
		t.Fatal(err)
	}
	i := serve(t, "DATABASE_URL="+atHosts(t, source, []string{host}, []string{port}, ""), "ROSTER_MIGRATE=no")
	i.expect(200, "GET", "/users", "")
	if got := i.expect(503, "POST", "/users", createAda); !strings.Contains(got.body, "#read-only") || got.header.Get("Retry-After") == "" {
		t.Errorf("the response, %v, is %s", got.header, got.body)
	}
	proxy.to(primary.Address())
	i.awaitWrites(new(atomic.Int64))
}

// proxySwitch passes connections on to an address that can change. Open connections stay.
type proxySwitch struct {
	address string
	target  atomic.Value
}

func newSwitch(t *testing.T) *proxySwitch {
	t.Helper()
	p := new(proxySwitch)
	p.address = forward(t, p.connect)
	return p
}

func (p *proxySwitch) to(host, port string) { p.target.Store(net.JoinHostPort(host, port)) }

func (p *proxySwitch) connect() net.Conn {
	server, err := net.Dial("tcp", p.target.Load().(string))
	if err != nil {
		return nil
	}
	return server
}
