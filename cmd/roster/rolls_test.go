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
	load := newRollLoad(address)
	load.start()
	for n := range rolls {
		// Each roll meets its part of the requests.
		pgtest.Eventually(t, "requests", func() bool { return load.done.Load() >= requests*int64(n)/int64(rolls) })
		do(n)
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

// drainSettings are the defaults of a drain. Its clients send a request at least every
// 200 ms.
func drainSettings(delay, linger time.Duration) []string {
	return []string{"ROSTER_DRAIN_DELAY=" + delay.String(), "ROSTER_LINGER=" + linger.String()}
}

func TestRollsBehindABalancerLoseNoRequest(t *testing.T) {
	t.Parallel()
	database := migrated.Database(t)
	ports := freePorts(t, 2)
	replicas := make([]*replica, len(ports))
	start := func(n int) {
		replicas[n] = startReplica(t, nil, append(drainSettings(2*time.Second, 3*time.Second),
			"DATABASE_URL="+database, fmt.Sprintf("PORT=%d", ports[n]))...)
	}
	start(0)
	start(1)
	balancer := newTCPBalancer(t, fmt.Sprintf("127.0.0.1:%d", ports[0]), fmt.Sprintf("127.0.0.1:%d", ports[1]))
	ready := func() {
		pgtest.Eventually(t, "ready replicas", func() bool {
			return balancer.backends[0].ready.Load() && balancer.backends[1].ready.Load()
		})
	}
	ready()
	rollUnderLoad(t, balancer.listener.Addr().String(), database, 3, 3000, func(n int) {
		replicas[n%2].stop()
		start(n % 2)
		ready()
	})
}

func TestRollsOnASharedSocketLoseNoRequest(t *testing.T) {
	t.Parallel()
	rollOnSharedSocket(t, 4, 4000)
}

// rollOnSharedSocket starts the new replica before it stops the old one.
func rollOnSharedSocket(t *testing.T, rolls int, requests int64) {
	t.Helper()
	database := migrated.Database(t)
	socket := newSharedSocket(t)
	start := func() *replica {
		return startReplica(t, socket.file, append(drainSettings(5*time.Second, 5*time.Second), "DATABASE_URL="+database)...)
	}
	running := start()
	rollUnderLoad(t, socket.address, database, rolls, requests, func(int) {
		next := start()
		running.stop()
		running = next
	})
	running.stop()
}
