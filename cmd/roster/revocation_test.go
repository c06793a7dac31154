package main

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"testing"
)

// revocations is how many keys the test revokes. ROSTER_TEST_REVOCATIONS sets another
// number.
const revocations = 200

// TestARevokedKeyIsRefusedByEveryReplica revokes keys on one of two replicas while
// requests with them are under way on both. A request that begins after the answer
// of the revocation is refused.
func TestARevokedKeyIsRefusedByEveryReplica(t *testing.T) {
	t.Parallel()
	most := countOf(t, "revocations", "ROSTER_TEST_REVOCATIONS", revocations)
	settings := []string{"DATABASE_URL=" + migrated.Database(t), "ROSTER_AUTH=token", "ROSTER_LOG=warn"}
	token, _ := newKey(t, settings, "first")
	admin := bearer(token)
	settings[2] = "ROSTER_LOG=info" // serve waits for a line of it
	replicas := [2]*instance{serve(t, settings...), serve(t, settings...)}

	var next, admitted atomic.Int64
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for n := next.Add(1); n <= int64(most); n = next.Add(1) {
				k := revoked{admin: admin, replicas: replicas, admitted: &admitted}
				k.test(t, int(n)%2)
			}
		})
	}
	workers.Wait()
	t.Logf("%d keys were revoked; %d requests were admitted before", most, admitted.Load())
	if admitted.Load() < int64(most) {
		t.Errorf("only %d requests were admitted before %d revocations", admitted.Load(), most)
	}
}

// revoked is a key that is revoked while it is used.
type revoked struct {
	admin    string
	replicas [2]*instance
	admitted *atomic.Int64
	ended    atomic.Bool
}

// test makes a key, uses it on both replicas at the same time, revokes it on one of
// them, and uses it once more on both.
func (k *revoked) test(t *testing.T, where int) {
	var made struct {
		ID    string `json:"id"`
		Token string `json:"token"`
	}
	one, other := k.replicas[where], k.replicas[1-where]
	got, err := one.send("POST", "/keys", `{"name":"short","scopes":["read"]}`, k.admin)
	if err == nil {
		err = json.Unmarshal([]byte(got.body), &made)
	}
	if err != nil || made.Token == "" {
		t.Errorf("POST /keys: %+v %v", got, err)
		return
	}
	var users sync.WaitGroup
	used := make(chan struct{}, len(k.replicas))
	for _, replica := range k.replicas {
		users.Go(func() {
			k.use(t, replica, made.Token)
			used <- struct{}{}
			for k.use(t, replica, made.Token) { // until it is refused
			}
		})
	}
	for range k.replicas {
		<-used
	}
	got, err = other.send("DELETE", "/keys/"+made.ID, "", k.admin)
	if err != nil || got.status >= 300 {
		t.Errorf("DELETE /keys: %+v %v", got, err)
	}
	k.ended.Store(true)
	users.Wait()
}

// use sends a request with the token. It reports whether the key may be used again.
func (k *revoked) use(t *testing.T, replica *instance, token string) bool {
	ended := k.ended.Load() // before the request begins
	got, err := replica.send("GET", "/plans", "", bearer(token))
	switch {
	case err != nil || got.status != 200 && got.status != 401:
		t.Errorf("got %+v %v", got, err)
	case ended && got.status != 401:
		t.Error("a request is admitted that began after the key was revoked")
	case got.status == 200:
		k.admitted.Add(1)
	}
	return !ended && err == nil
}
