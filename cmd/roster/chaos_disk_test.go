package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// onDisk returns what makes a server keep its data on a disk. The files of its log are few,
// so that they are used again.
func onDisk(d *disk) func(*embedded.Options) {
	return func(o *embedded.Options) {
		durably(o)
		o.DataDir = filepath.Join(d.path, "data")
		o.Settings["max_wal_size"], o.Settings["min_wal_size"] = "48MB", "32MB"
	}
}

// takesRoom is a statement that needs room for a table.
const takesRoom = "CREATE TEMPORARY TABLE room AS SELECT repeat('x', 100) FROM generate_series(1, 20000)"

// Where the data has no room, PostgreSQL refuses what would make a file longer.
func TestChaosOfAFullDisk(t *testing.T) {
	parallelIfShort(t)
	full := newDisk(t)
	server := pgtest.StartServer(t, onDisk(full))
	moveLog(t, server, filepath.Join(full.path, "data", "cluster"))
	c := newChaos(t, server, nil)
	c.meet(fault{
		start: func(*chaos) func() { return full.fill() },
		during: func(c *chaos, w *watch) {
			c.createUntilRefused()
			ready := w.ready(200)
			for range 20 {
				if got, err := c.send("GET", "/users?limit=5", ""); err != nil || got.status != 200 {
					t.Errorf("a list while the disk is full: %v, %d: %s", err, got.status, got.body)
				}
			}
			pgtest.Eventually(t, "200 of /readyz while the disk is full", func() bool { return w.ready(200) > ready+2 })
			if n := w.ready(503); n > 0 {
				t.Errorf("/readyz was answered %d times with 503", n)
			}
		},
		answers: takesRoom, lasts: 5 * time.Second,
	})
}

// createUntilRefused creates users until the database refuses to write. It may begin to do so
// only after some.
func (c *chaos) createUntilRefused() {
	c.t.Helper()
	pgtest.Eventually(c.t, "the refusal of a write", func() bool {
		got, err := c.create()
		switch {
		case err == nil && got.status == 201:
			return false
		case err == nil && got.status == 503 && strings.Contains(got.body, "#read-only") && got.header.Get("Retry-After") != "":
			return true
		}
		c.t.Fatalf("a write that should be refused: %v, %d, %v: %s", err, got.status, got.header, got.body)
		return false
	})
}

// moveLog moves the log of a server to another disk than that of its data.
func moveLog(t *testing.T, server *pgtest.Server, cluster string) {
	t.Helper()
	folder, err := os.MkdirTemp("", "roster-log-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Stop() // it writes there
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(folder, 0o711); err != nil { // PostgreSQL may run as another user
		t.Fatal(err)
	}
	server.Stop()
	const script = `cp -a "$1/pg_wal" "$2/" && rm -r "$1/pg_wal" && ln -s "$2/pg_wal" "$1/pg_wal"`
	if out, err := exec.CommandContext(t.Context(), "sh", "-c", script, "sh", cluster, folder).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	server.Start()
}

// Where the log has no room, PostgreSQL ends. It starts again when there is room.
func TestChaosOfAFullDiskOfTheLog(t *testing.T) {
	parallelIfShort(t)
	full := newDisk(t)
	// It might recover on the room that it gives back itself.
	ends := func(o *embedded.Options) { o.Settings["restart_after_crash"] = "off" }
	c := newChaos(t, pgtest.StartServer(t, onDisk(full), ends), nil)
	c.meet(fault{
		start: func(c *chaos) func() {
			empty := full.fill()
			fillLog(c)
			return func() {
				empty()
				c.postgres.Lost()
				c.postgres.Start()
			}
		},
		during: untilUnready, lasts: 5 * time.Second,
	})
}

// fillLog begins files of the log until the server ends, since there is no room for another.
func fillLog(c *chaos) {
	conn := pgtest.Connect(c.t, c.postgres.URL("postgres"))
	pgtest.Eventually(c.t, "the end of PostgreSQL", func() bool {
		_, err := conn.Exec(c.t.Context(), "SELECT pg_logical_emit_message(true, 'chaos', 'x'), pg_switch_wal()", pgx.QueryExecModeSimpleProtocol)
		return err != nil
	})
}
