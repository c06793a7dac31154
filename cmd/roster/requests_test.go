package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

type user struct {
	ID        string `json:"id"`
	Username  string `json:"username"`
	Email     string `json:"email"`
	CreatedAt string `json:"created_at"`
}

const createAda = `{"username":"ada","email":"ada@example.com"}`

// createUser is the body of a request that creates a user.
func createUser(name string) string {
	return fmt.Sprintf(`{"username":%q,"email":"%s@example.com"}`, name, name)
}

func read[T any](t *testing.T, body string) (value T) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return value
}

func TestTheSevenRequestsAreServed(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t))
	if got := i.expect(200, "GET", "/users", ""); got.body != "[]" {
		t.Errorf("an empty directory is listed as %s", got.body)
	}
	ada := read[user](t, i.expect(201, "POST", "/users", createAda).body)
	bob := read[user](t, i.expect(201, "POST", "/users", createUser("bob")).body)
	if ada.ID == "" || ada.CreatedAt == "" || ada.Email != "ada@example.com" {
		t.Errorf("created %+v", ada)
	}
	if got := read[user](t, i.expect(200, "GET", "/users/"+ada.ID, "").body); got != ada {
		t.Errorf("got %+v, not %+v", got, ada)
	}
	replaced := read[user](t, i.expect(200, "PUT", "/users/"+ada.ID, `{"username":"countess","email":"ada@example.com"}`).body)
	if replaced.Username != "countess" || replaced.ID != ada.ID {
		t.Errorf("replaced by %+v", replaced)
	}
	if list := read[[]user](t, i.expect(200, "GET", "/users", "").body); len(list) != 2 || list[0] != bob || list[1] != replaced {
		t.Errorf("the list, newest first, is %+v", list)
	}
	if found := read[[]user](t, i.expect(200, "POST", "/users/search", `{"term":"countess"}`).body); len(found) != 1 || found[0] != replaced {
		t.Errorf("found %+v", found)
	}
	i.expect(204, "DELETE", "/users/"+ada.ID, "")
	for _, method := range []string{"GET", "DELETE"} {
		i.expect(404, method, "/users/"+ada.ID, "")
	}
	i.expect(404, "PUT", "/users/"+ada.ID, createAda)
	const window = "?from=2026-02-01T00:00:00Z&to=2026-02-08T00:00:00Z"
	if got := i.expect(200, "GET", "/reports/engagement"+window, ""); got.body != "[]" {
		t.Errorf("the report of no organizations is %s", got.body)
	}
}

func TestForeignHostsAndPagesAreRefused(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_CORS=https://app.example.com", "ROSTER_HOSTS=roster.example.com")
	for name, c := range map[string]struct {
		header string
		status int
	}{
		"the host localhost":                {"Host: localhost:3000", 200},
		"a host that is set":                {"Host: roster.example.com", 200},
		"another host":                      {"Host: evil.example", 421},
		"a page of this machine":            {"Origin: http://localhost:5173", 200},
		"a page of an origin that is set":   {"Origin: https://app.example.com", 200},
		"another page":                      {"Origin: https://evil.example", 403},
		"a page without an origin":          {"Origin: null", 403},
		"a page that starts as one allowed": {"Origin: https://app.example.com.evil.example", 403},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := i.send("GET", "/users", "", c.header)
			if err != nil || got.status != c.status {
				t.Errorf("%s: got %d (%v), not %d: %s", c.header, got.status, err, c.status, got.body)
			}
		})
	}
}

func TestRequestsAreLoggedIfAskedFor(t *testing.T) {
	t.Parallel()
	quiet := serve(t, "DATABASE_URL="+migrated.Database(t))
	quiet.expect(200, "GET", "/users", "")
	chatty := serve(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_ACCESS_LOG=yes")
	chatty.expect(200, "GET", "/users", "")
	chatty.awaitLog("/users")
	quiet.stop()
	if strings.Contains(quiet.log.String(), "/users") {
		t.Errorf("an access log without the setting:\n%s", quiet.log)
	}
}

func TestAQueryIsLoggedUnderTheTraceOfItsRequest(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t), "ROSTER_SLOW_QUERY=1ns")
	i.expect(200, "GET", "/users", "", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	line := i.awaitLog("users.newest")
	if !strings.Contains(line, `"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"`) {
		t.Errorf("the line of the query does not name the trace: %s", line)
	}
}
