package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/system"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
)

// faketimePaths are where libfaketime may be.
const faketimePaths = "/usr/lib/*/faketime/libfaketime.so.1 /usr/lib*/faketime/libfaketime.so.1 /usr/local/lib/faketime/libfaketime.so.1"

// hostClock is the clock of the database's host, by libfaketime.
type hostClock struct {
	t      *testing.T
	folder string // of the programs, which have the clock, and of its offset
}

// newHostClock makes programs of PostgreSQL whose clock can be set.
func newHostClock(t *testing.T) *hostClock {
	t.Helper()
	var library string
	for pattern := range strings.SplitSeq(faketimePaths, " ") {
		if found, _ := filepath.Glob(pattern); len(found) > 0 { // fails only for a malformed pattern
			library = found[0]
		}
	}
	if library == "" {
		t.Fatal("libfaketime for tests is missing: install your system's package faketime")
	}
	programs, err := embedded.Programs(t.Context(), embedded.Options{Repository: os.Getenv("ROSTER_PG_REPOSITORY")}, 0)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "roster-clock-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(folder, 0o755); err != nil { // PostgreSQL may run as another user
		t.Fatal(err)
	}
	h := &hostClock{t, folder}
	h.set("+0")
	// The monotonic clock stays as it is, as that of a host whose clock is set does.
	const clocked = "#!/bin/sh\nLD_PRELOAD='%s' FAKETIME_TIMESTAMP_FILE='%s' FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 " +
		"DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_RESET=1 exec '%s' \"$@\"\n"
	h.write("postgres", fmt.Sprintf(clocked, library, h.offset(), filepath.Join(programs, "postgres")))
	h.write("initdb", fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\"\n", filepath.Join(programs, "initdb")))
	return h
}

func (h *hostClock) offset() string { return filepath.Join(h.folder, "offset") }

func (h *hostClock) write(name, text string) {
	h.t.Helper()
	if err := os.WriteFile(filepath.Join(h.folder, name), []byte(text), 0o755); err != nil {
		h.t.Fatal(err)
	}
}

// set sets the clock, by an offset such as -1h.
func (h *hostClock) set(offset string) {
	h.t.Helper()
	next := h.offset() + ".next" // renamed, so that no process reads a part of it
	if err := os.WriteFile(next, []byte(offset+"\n"), 0o644); err != nil {
		h.t.Fatal(err)
	}
	if err := os.Rename(next, h.offset()); err != nil {
		h.t.Fatal(err)
	}
}

func TestChaosOfTheClockOfTheDatabase(t *testing.T) {
	for _, offset := range []string{"+1h", "-1h"} {
		t.Run(offset, func(t *testing.T) {
			parallelIfShort(t)
			h := newHostClock(t)
			c := newChaos(t, pgtest.StartServer(t, durably, func(o *embedded.Options) { o.BinDir = h.folder }), nil)
			c.meet(fault{
				start: func(*chaos) func() {
					h.set(offset)
					return func() { h.set("+0") }
				},
				during: func(c *chaos, _ *watch) {
					// Fails until the clock is off. A connection that begins at the jump takes too long.
					const jumped = "SELECT 1 / (abs(extract(epoch FROM clock_timestamp()) - %d) > 3000)::int"
					if err := c.awaitAnswer(fmt.Sprintf(jumped, time.Now().Unix())); err != nil {
						t.Fatal(err)
					}
				},
				lasts: 5 * time.Second,
			})
		})
	}
}

// jumpingClock is a clock that can be set, and identifiers of its time.
type jumpingClock struct{ offset atomic.Int64 }

func (c *jumpingClock) Now() time.Time {
	return time.Now().Add(time.Duration(c.offset.Load())).Round(0)
}

// NewID returns a UUID of version 7.
func (c *jumpingClock) NewID() [16]byte {
	id := system.NewIDs().NewID()
	now := c.Now().UnixMilli()
	for i := 5; i >= 0; i-- {
		id[i] = byte(now)
		now >>= 8
	}
	return id
}

// The clock of Roster's own host jumps back and forth. What users are told stays in order.
func TestChaosOfTheClockOfRoster(t *testing.T) {
	parallelIfShort(t)
	database := openDatabase(t, postgres.Config{URL: migrated.Database(t)})
	clock := new(jumpingClock)
	api, err := rest.New(app.New(database.Stores(), clock, clock, system.NewRandom()), rest.Options{
		Authenticate: authenticateAs(domain.LocalAdministrator()), Ready: database.Ready,
		CursorKey: func(context.Context) ([]byte, error) { return []byte("a secret"), nil },
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(newHandler(api))
	t.Cleanup(server.Close)
	jumps := []time.Duration{time.Hour, -time.Hour, 0, 23 * time.Hour, -23 * time.Hour, 0}
	n := operationsOfChaos(t)
	s := newScenario(n, server.URL)
	t.Cleanup(s.stop)
	s.start(1)
	for i, jump := range jumps {
		s.await(t, s.wanted*int64(i+1)/int64(len(jumps)+1))
		clock.offset.Store(int64(jump))
	}
	s.running.Wait()
	s.stop()
	h := s.history()
	if err := h.Check(); err != nil {
		t.Error(err)
	}
	s.refuseUnexpected(t)
	t.Logf("%d operations, %d of them without a response, and %d lists; the clock jumped %d times", len(h.Operations), countUnknown(h),
		len(h.Lists), len(jumps))
}
