package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
)

func TestKeyListShowsWhatTheAPIShows(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	i := serve(t, "DATABASE_URL="+url)
	mustRun(t, url, "key", "create", "--name", "billing", "--scope", "read")
	listed := func() (keys []map[string]any) {
		if err := json.Unmarshal([]byte(i.expect(200, "GET", "/keys", "").body), &keys); err != nil || len(keys) != 1 {
			t.Fatalf("%v, %v", keys, err)
		}
		return keys
	}
	i.expect(204, "DELETE", fmt.Sprintf("/keys/%s", listed()[0]["id"]), "")
	want := listed()
	var got map[string]any
	if err := json.Unmarshal([]byte(mustRun(t, url, "key", "list", "--json")), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(want[0])) {
		if want[0][name] != nil && got[name] == nil {
			t.Errorf("there is no %s, which GET /keys shows", name)
		}
	}
}
