//go:build patroni

package main

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"
)

const (
	// maxOutage is the longest time without a write after the leader was killed.
	maxOutage = 35 * time.Second
	// failoverOperations are sent before the leader is killed, and again afterwards.
	failoverOperations = 2_000
)

// TestPatroniFailsOver kills the leader of a cluster with strict synchronous replication,
// ROSTER_TEST_FAILOVERS times or 20. The history of each round must be that of a directory
// that loses no acknowledged write.
func TestPatroniFailsOver(t *testing.T) {
	rounds := countOf(t, "failovers", "ROSTER_TEST_FAILOVERS", 20)
	cluster := startPatroni(t)
	var outages []time.Duration
	operations, unknown := 0, 0
	for round := 1; round <= rounds; round++ {
		outage, all, unsure := failOver(t, cluster, round)
		outages, operations, unknown = append(outages, outage), operations+all, unknown+unsure
	}
	slices.Sort(outages)
	t.Logf("%d failovers: %d operations, %d of them without a response, no acknowledged write lost; "+
		"writes were back within %v to %v, median %v",
		rounds, operations, unknown, outages[0], outages[len(outages)-1], outages[len(outages)/2])
}

func failOver(t *testing.T, cluster *patroniCluster, round int) (outage time.Duration, operations, unknown int) {
	t.Helper()
	server := spawnProgram(t, "roster", cluster.newDatabase(fmt.Sprintf("round%d", round)), "ROSTER_CONNECT_TIMEOUT=5s")
	defer server.kill()
	s := newScenario(1<<40, server.url)
	defer s.stop()
	s.start(uint64(round))
	s.await(t, failoverOperations)

	leader := cluster.leader()
	if leader == nil {
		t.Fatal("the cluster has no leader")
	}
	killed := time.Now()
	cluster.kill(leader)
	outage = awaitWrite(t, server.url, round, killed)
	if outage > maxOutage {
		t.Errorf("round %d: writes were back after %v", round, outage)
	}
	s.await(t, s.done.Load()+failoverOperations)
	s.stop()
	h := s.history()
	if err := h.Check(); err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	s.refuseUnexpected(t)
	t.Logf("round %d: %s was killed; writes were back after %v; %d operations, %d without a response",
		round, leader.name, outage.Round(time.Millisecond), len(h.Operations), countUnknown(h))
	cluster.start(leader)
	cluster.awaitHealthy()
	return outage, len(h.Operations), countUnknown(h)
}

// awaitWrite returns how long after a time the first write succeeded.
func awaitWrite(t *testing.T, url string, round int, since time.Time) time.Duration {
	t.Helper()
	for n := 1; ; n++ {
		request := newRequestTo(t, "PUT", url+"/plans/"+fmt.Sprintf("after%d-%d", round, n), `{"name":"After","seats":1}`)
		client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{}}
		got, err := do(client, request)
		client.CloseIdleConnections()
		if err == nil && got.status/100 == 2 {
			return time.Since(since)
		}
		if err == nil && got.status != 503 {
			t.Fatalf("status %d: %s", got.status, got.body)
		}
		if time.Since(since) > 5*time.Minute {
			t.Fatal("writes are not back after 5 minutes")
		}
		time.Sleep(50 * time.Millisecond)
	}
}
