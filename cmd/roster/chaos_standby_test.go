package main

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// The address of the database leads to a standby for a while. What a commit acknowledges, the
// standby shows: else reads from it would be of the past.
func TestChaosOfAStandby(t *testing.T) {
	parallelIfShort(t)
	primary := pgtest.StartServer(t, onLoopback, func(o *embedded.Options) { o.Settings["synchronous_commit"] = "remote_apply" })
	mustRun(t, primary.URL("roster"), "migrate", "up")
	standby := primary.Standby()
	admin := pgtest.Connect(t, primary.URL("postgres"))
	pgtest.Execute(t, admin, "ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
	pgtest.Eventually(t, "a synchronous standby", func() bool {
		return pgtest.Scalar[int](t, admin, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1
	})
	proxy := newSwitch(t)
	proxy.to(primary.Address())
	c := newChaos(t, primary, func(address string) string {
		host, port, _ := strings.Cut(proxy.address, ":")
		return changed(t, address, func(u *url.URL) {
			query := u.Query()
			query.Set("host", host)
			query.Set("port", port)
			u.RawQuery = query.Encode()
		})
	})
	c.meet(fault{
		start: func(c *chaos) func() {
			proxy.to("127.0.0.1", "1") // no connection leads to the primary while others lead to the standby
			pgtest.Terminate(t, admin, "application_name = 'roster'")
			proxy.to(standby.Address())
			return func() { proxy.to(primary.Address()) }
		},
		during: func(c *chaos, _ *watch) {
			pgtest.Eventually(t, "reads from the standby", func() bool {
				got, err := c.send("GET", "/users?limit=1", "")
				return err == nil && got.status == 200
			})
			c.createUntilRefused()
		},
		answers: takesRoom, timed: true, lasts: 5 * time.Second,
	})
}
