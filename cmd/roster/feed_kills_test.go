package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// feedKills is how many times a server is killed.
func feedKills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("ROSTER_TEST_KILLS")
	if text == "" {
		return 6
	}
	kills, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("ROSTER_TEST_KILLS: %v: run make test-feed", err)
	}
	return kills
}

// write changes users of its own until stopped. Where a server is down, it asks the other
// one: what became of a request that got no response does not matter.
func write(t *testing.T, name string, servers []string, stopped *atomic.Bool) {
	random := rand.New(rand.NewPCG(1, uint64(len(name))))
	var ids []string
	for n := 0; !stopped.Load(); n++ {
		method, path := http.MethodPost, "/users"
		body := fmt.Sprintf(`{"username":"%s%d","email":"%s%d@example.com"}`, name, n, name, n)
		if len(ids) > 0 && n%4 > 0 {
			path = "/users/" + ids[random.IntN(len(ids))]
			switch n % 4 {
			case 1, 2:
				method, body = http.MethodPatch, fmt.Sprintf(`{"display_name":"%s %d"}`, name, n)
			case 3:
				method, body = http.MethodDelete, ""
			}
		}
		request := newRequestTo(t, method, servers[random.IntN(len(servers))]+path, body)
		if method == http.MethodPatch {
			request.Header.Set("Content-Type", "application/merge-patch+json")
		}
		got, err := do(http.DefaultClient, request)
		var made struct{ ID string }
		if err == nil && got.status == http.StatusCreated && json.Unmarshal([]byte(got.body), &made) == nil {
			ids = append(ids, made.ID)
		}
	}
}

// TestFollowersOfKilledServersLoseNothing kills servers under writes. Each follower must get
// every entry of the log, each version of each user, and know the table in the end.
func TestFollowersOfKilledServersLoseNothing(t *testing.T) {
	kills := feedKills(t)
	database := migrated.Database(t)
	ports := freePorts(t, 2)
	servers := []string{fmt.Sprintf("http://127.0.0.1:%d", ports[0]), fmt.Sprintf("http://127.0.0.1:%d", ports[1])}
	start := func(n int) *replica {
		return startReplica(t, nil, "DATABASE_URL="+database, fmt.Sprintf("PORT=%d", ports[n]))
	}
	replicas := []*replica{start(0), start(1)}
	var stopWriting, stopFollowing atomic.Bool
	var writers, readers sync.WaitGroup
	for _, name := range []string{"a", "bb", "ccc", "dddd"} {
		writers.Go(func() { write(t, name, servers, &stopWriting) })
	}
	followers := []*feedFollower{
		{T: t, servers: servers, received: map[string]feedEvent{}},
		{T: t, servers: []string{servers[1], servers[0]}, received: map[string]feedEvent{}},
	}
	for _, f := range followers {
		readers.Go(func() { f.follow(&stopFollowing) })
	}
	for kill := range kills {
		before := followers[0].count()
		pgtest.Eventually(t, "entries between two kills", func() bool { return followers[0].count() >= before+50 })
		_ = replicas[kill%2].command.Process.Kill()
		<-replicas[kill%2].ended
		replicas[kill%2] = start(kill % 2)
	}
	stopWriting.Store(true)
	writers.Wait()
	db := pgtest.Connect(t, database)
	entries := pgtest.Scalar[int](t, db, "SELECT count(*) FROM roster.log")
	for _, f := range followers {
		pgtest.Eventually(t, "all entries", func() bool { return f.count() >= entries })
	}
	stopFollowing.Store(true)
	for _, each := range replicas {
		each.stop()
	}
	readers.Wait()
	followers = append(followers, replayed(t, database))
	for _, f := range followers {
		f.compare(db, entries)
	}
	if code, stdout, stderr := roster(t, []string{"DATABASE_URL=" + database}, "log", "verify"); code != 0 {
		t.Errorf("the log is not as it was sealed: %s%s", stdout, stderr)
	}
	t.Logf("%d kills, %d entries, %d users", kills, entries, pgtest.Scalar[int](t, db, "SELECT count(*) FROM roster.users"))
}

// replayed is a follower that has read the whole log by the command line.
func replayed(t *testing.T, database string) *feedFollower {
	t.Helper()
	f := &feedFollower{T: t, received: map[string]feedEvent{}}
	code, stdout, stderr := roster(t, []string{"DATABASE_URL=" + database}, "log", "follow", "--after", "beginning", "--no-wait", "--json")
	if code != 0 {
		t.Fatalf("roster log follow ends with %d: %s", code, stderr)
	}
	for line := range strings.Lines(stdout) {
		var event feedEvent
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		f.take(event)
	}
	return f
}

// compare compares what a follower knows with the log and with the users.
func (f *feedFollower) compare(db *pgx.Conn, entries int) {
	f.Helper()
	if len(f.received) != entries {
		f.Errorf("of %d entries a follower got %d", entries, len(f.received))
	}
	type state struct {
		versions []int64
		newest   feedEvent
	}
	known := map[string]state{}
	for _, event := range f.order {
		of := known[event.Subject]
		of.versions = append(of.versions, event.Data.Version)
		if event.Data.Version > of.newest.Data.Version {
			of.newest = event
		}
		known[event.Subject] = of
	}
	rows, err := db.Query(f.Context(), "SELECT id::text, version, deleted_at IS NOT NULL FROM roster.users")
	if err != nil {
		f.Fatal(err)
	}
	defer rows.Close()
	users := 0
	for ; rows.Next(); users++ {
		var id string
		var version int64
		var deleted bool
		if err := rows.Scan(&id, &version, &deleted); err != nil {
			f.Fatal(err)
		}
		of := known[id]
		slices.Sort(of.versions)
		for i, v := range of.versions {
			if v != int64(i+1) {
				f.Errorf("of user %s the versions %v came", id, of.versions)
				break
			}
		}
		if of.newest.Data.Version != version || (of.newest.Type == "roster.user.deleted") != deleted {
			f.Errorf("user %s at version %d, deleted %t, is %+v to a follower", id, version, deleted, of.newest)
		}
	}
	if len(known) != users {
		f.Errorf("a follower knows %d users, and there are %d", len(known), users)
	}
}
