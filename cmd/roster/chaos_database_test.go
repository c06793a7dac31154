package main

import (
	"syscall"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func untilUnready(c *chaos, w *watch) { w.awaitUnready(c.t) }

var databaseFaults = map[string]fault{
	"PostgreSQL is killed": {
		start: func(c *chaos) func() {
			c.postgres.Kill()
			return c.postgres.Start
		},
		during: untilUnready, lasts: 5 * time.Second,
	},
	"a process of a connection is killed": {start: killBackend},
	"PostgreSQL is stopped": {
		start: func(c *chaos) func() {
			c.postgres.Freeze()
			return c.postgres.Thaw
		},
		during: untilUnready, lasts: 20 * time.Second,
	},
	"PostgreSQL is restarted": {
		start: func(c *chaos) func() {
			c.postgres.Stop()
			return c.postgres.Start
		},
	},
	"PostgreSQL quits at once and recovers": {
		start: func(c *chaos) func() {
			c.postgres.Quit()
			return c.postgres.Start
		},
	},
	"writes are stopped by default_transaction_read_only": {
		start:  stopWrites,
		during: func(c *chaos, _ *watch) { c.createUntilRefused() },
		lasts:  2 * time.Second, answers: takesRoom, timed: true,
	},
}

func TestChaosOfTheDatabase(t *testing.T) {
	for name, f := range databaseFaults {
		t.Run(name, func(t *testing.T) {
			parallelIfShort(t)
			c := newChaos(t, pgtest.StartServer(t, durably), nil)
			c.meet(f)
		})
	}
}

// killBackend kills the process of one connection, after which PostgreSQL ends all others
// and recovers.
func killBackend(c *chaos) func() {
	const one = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'roster' LIMIT 1`
	pid := query[int](c.t, c.postgres.URL("roster"), one)
	probe := pgtest.Connect(c.t, c.postgres.URL("roster"))
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		c.t.Fatal(err)
	}
	// The connection of the test ends, too, when the recovery begins.
	pgtest.Eventually(c.t, "the end of all connections", func() bool {
		_, err := probe.Exec(c.t.Context(), "SELECT 1")
		return err != nil
	})
	return func() {}
}

// stopWrites makes sessions that begin read-only, as an operator does, and ends the others.
func stopWrites(c *chaos) func() {
	conn := pgtest.Connect(c.t, c.postgres.URL("postgres"))
	pgtest.Execute(c.t, conn, "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
	pgtest.Terminate(c.t, conn, "application_name = 'roster'")
	return func() {
		pgtest.Execute(c.t, conn, "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")
	}
}
