package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

var longAgo = time.Unix(1, 0)

// A roll replaces a replica while requests arrive.
type roll func(n int)

// rollUnderLoad rolls and lets clients send requests meanwhile, until there are enough
// of both. No request may fail, and what was acknowledged must be stored.
func rollUnderLoad(t *testing.T, address, database string, rolls int, requests int64, do roll) {
	t.Helper()
	// The server of the tests has no autovacuum, and without it lists become slow.
	conn := pgtest.Connect(t, database)
	load := newRollLoad(address)
	load.start()
	for n := range rolls {
		// Each roll meets its part of the requests.
		pgtest.Eventually(t, "requests", func() bool { return load.done.Load() >= requests*int64(n)/int64(rolls) })
		do(n)
		pgtest.Execute(t, conn, "VACUUM (ANALYZE) roster.users, roster.postings, roster.vocabulary")
		if (n+1)%10 == 0 {
			t.Logf("%d rolls, %d requests, %d failed", n+1, load.done.Load(), load.failed.Load())
		}
	}
	pgtest.Eventually(t, "requests", func() bool { return load.done.Load() >= requests })
	load.stop()
	load.verify(t, database)
	t.Logf("%d rolls, %d requests, %d of them acknowledged creates", rolls, load.done.Load(), len(load.stored()))
}

func (l *rollLoad) stored() (names []string) {
	for _, c := range l.clients {
		names = append(names, c.stored...)
	}
	slices.Sort(names)
	return names
}

func (l *rollLoad) verify(t *testing.T, database string) {
	t.Helper()
	for _, c := range l.clients {
		if c.failure != "" {
			t.Logf("a failure of client %d: %s", c.number, c.failure)
		}
	}
	if failed := l.failed.Load(); failed > 0 {
		t.Errorf("%d of %d requests failed", failed, l.done.Load())
	}
	found := pgtest.Column[string](t, pgtest.Connect(t, database), "SELECT external_id FROM roster.users")
	slices.Sort(found)
	if stored := l.stored(); !slices.Equal(found, stored) {
		t.Errorf("%d creates were acknowledged, and %d users are stored", len(stored), len(found))
	}
}

// untimed are settings with which a test does not depend on the speed of the machine: a
// connection stays open until its client has used it, or has closed it.
var untimed = []string{"ROSTER_DRAIN_DELAY=0s", "ROSTER_LINGER=1h", "ROSTER_IDLE_TIMEOUT=1h"}

func TestRollsBehindABalancerLoseNoRequest(t *testing.T) {
	t.Parallel()
	database := migrated.Database(t)
	var addresses []string
	var replicas [2]*replica
	start := func(n int) {
		replicas[n] = startReplica(t, nil, append(slices.Clone(untimed), "DATABASE_URL="+database, "ROSTER_ADDR="+addresses[n])...)
	}
	for n, port := range freePorts(t, 2) {
		addresses = append(addresses, fmt.Sprintf("127.0.0.1:%d", port))
		start(n)
	}
	balancer := startTCPBalancer(t, addresses...)
	rollUnderLoad(t, balancer, database, 4, 4000, func(n int) {
		replicas[n%2].stop()
		start(n % 2)
	})
}

func TestRollsOnASharedSocketLoseNoRequest(t *testing.T) {
	t.Parallel()
	rollOnSharedSocket(t, 4, 4000, untimed)
}

// rollOnSharedSocket starts the new replica before it stops the old one.
func rollOnSharedSocket(t *testing.T, rolls int, requests int64, settings []string) {
	t.Helper()
	database := migrated.Database(t)
	socket := newSharedSocket(t)
	start := func() *replica {
		return startReplica(t, socket.file, append(slices.Clone(settings), "DATABASE_URL="+database)...)
	}
	running := start()
	rollUnderLoad(t, socket.address, database, rolls, requests, func(int) {
		next := start()
		running.stop()
		running = next
	})
	running.stop()
}
