package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
)

// tour sends requests about records of its own to two releases in turn.
type tour struct {
	*releases
	turn                   int
	name                   string
	organization, ada, ben string // ids
}

// send sends a request to the server whose turn it is. A response with a status that
// is not wanted ends the tour.
func (t *tour) send(wanted []int, method, path, body string, headers ...string) response {
	t.turn++
	return t.sendTo(t.turn%2, wanted, method, path, body, headers...)
}

func (t *tour) sendTo(server int, wanted []int, method, path, body string, headers ...string) response {
	t.Helper()
	t.sent.Add(1)
	request := newRequestTo(t.T, method, t.urls[server]+path, body)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	got, err := do(t.http, request)
	if err != nil || !slices.Contains(wanted, got.status) {
		t.refuse(server, "%s %s %s: status %d, not %v: %s (%v)", method, path, body, got.status, wanted, got.body, err)
	}
	return got
}

// refuse records what a server did wrong, and ends the tour.
func (t *tour) refuse(server int, format string, args ...any) {
	if t.unexpected.Add(1) <= 5 { // else the rest hides them
		t.Errorf([]string{"the last release: ", "this build: "}[server]+format, args...)
	}
	t.Fail()
	runtime.Goexit()
}

// expect is send with one status.
func (t *tour) expect(status int, method, path, body string, headers ...string) response {
	t.Helper()
	return t.send([]int{status}, method, path, body, headers...)
}

// both reads the same from both servers, and returns what this build says.
func (t *tour) both(path string) response {
	t.Helper()
	before, now := t.sendTo(0, []int{200}, "GET", path, ""), t.sendTo(1, []int{200}, "GET", path, "")
	if !agree(before.body, now.body) {
		t.refuse(1, "GET %s: %s, and the last release has %s", path, now.body, before.body)
	}
	return now
}

// agree reports whether two JSON texts have the same values in the fields that both
// have: a new release may add some.
func agree(a, b string) bool {
	var left, right any
	if json.Unmarshal([]byte(a), &left) != nil || json.Unmarshal([]byte(b), &right) != nil {
		return a == b
	}
	return alike(left, right)
}

func alike(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		for name, value := range a {
			if other, has := b[name]; has && !alike(value, other) {
				return false
			}
		}
		return ok
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, alike)
	}
	return reflect.DeepEqual(a, b)
}

const mergePatch = "Content-Type: application/merge-patch+json"

func (t *tour) plans() {
	plan := "/plans/" + t.name
	t.expect(201, "PUT", plan, `{"name":"Small","seats":3}`, "If-None-Match: *")
	t.expect(412, "PUT", plan, `{"name":"Small","seats":3}`, "If-None-Match: *")
	t.expect(200, "PUT", plan, `{"name":"Team","seats":2}`)
	t.both(plan)
	t.expect(200, "GET", "/plans", "")
}

func (t *tour) organizations() {
	created := t.expect(201, "POST", "/organizations", fmt.Sprintf(`{"name":"Acme","slug":%q,"plan":%[1]q,"owner":%q}`, t.name, t.ada))
	t.organization = idIn(created)
	path := "/organizations/" + t.organization
	tag := "If-Match: " + created.header.Get("ETag")
	t.expect(200, "PATCH", path, `{"name":"Acme Ltd"}`, mergePatch, tag)
	t.expect(412, "PATCH", path, `{"name":"Acme Inc"}`, mergePatch, tag)
	t.expect(200, "PUT", path, fmt.Sprintf(`{"name":"Acme","slug":%q,"plan":%[1]q}`, t.name))
	t.both(path)
	t.both("/organizations?slug=" + t.name)
	t.both("/users?limit=1&sort=username&status=active&organization=" + t.organization)
}

// idIn is the id of the record in a response.
func idIn(got response) string {
	var record struct{ ID string }
	_ = json.Unmarshal([]byte(got.body), &record) // the id is then empty, and not found
	return record.ID
}

func (t *tour) users() {
	ada, ben := "ada-"+t.name, "ben-"+t.name
	key := fmt.Sprintf("Idempotency-Key: %q", ada)
	created := t.expect(201, "POST", "/users", createUser(ada), key)
	if again := t.expect(201, "POST", "/users", createUser(ada), key); !agree(again.body, created.body) {
		t.refuse(t.turn%2, "the response kept for a key is %s, not %s", again.body, created.body)
	}
	t.ada, t.ben = idIn(created), idIn(t.expect(201, "POST", "/users", createUser(ben)))
	t.expect(409, "POST", "/users", createUser(ben))
	t.expect(200, "PATCH", "/users/"+t.ada, `{"display_name":"Ada Lovelace","attributes":{"team":"one"}}`, mergePatch)
	t.expect(200, "PUT", "/users/"+t.ada, createUser(ada+"-2"))
	t.expect(200, "PATCH", "/users/"+t.ben, `{"status":"suspended"}`, mergePatch)
	t.expect(200, "PATCH", "/users/"+t.ben, `{"status":"active"}`, mergePatch)
	t.both("/users/" + t.ada)
	t.both("/users?username=" + ben)
	t.expect(200, "POST", "/users/lookup", fmt.Sprintf(`{"ids":[%q,%q]}`, t.ada, t.ben))
	page := t.expect(200, "GET", "/users?limit=1", "")
	t.expect(200, "GET", nextPage(page.header.Get("Link")), "") // the cursor of the one at the other
}

func (t *tour) members() {
	members := "/organizations/" + t.organization + "/members"
	ada, ben := members+"/"+t.ada, members+"/"+t.ben
	t.expect(200, "PUT", ada, `{"role":"owner"}`)
	t.expect(201, "PUT", ben, `{"role":"member"}`)
	t.expect(200, "PUT", ben, `{"role":"admin"}`)
	t.both(members)
	t.both(ben)
	t.both("/users/" + t.ben + "/organizations")
	t.expect(204, "DELETE", ben, "")
	t.expect(409, "DELETE", ada, "") // the last owner
	t.expect(201, "PUT", ben, `{"role":"member"}`)
	other := idIn(t.expect(201, "POST", "/users", createUser("eve-"+t.name)))
	t.expect(409, "PUT", members+"/"+other, `{"role":"member"}`) // the plan has two seats
}

func (t *tour) events() {
	const format = `{"organization_id":%q,"user_id":%q,"kind":"login","occurred_at":"2026-01-%02dT00:00:00Z"}`
	for day := 10; day < 14; day++ {
		body := `{"events":[` + fmt.Sprintf(format, t.organization, t.ada, day) + "," + fmt.Sprintf(format, t.organization, t.ben, day+1) + `]}`
		if got := t.expect(200, "POST", "/events", body); !strings.Contains(got.body, `"accepted":2`) {
			t.refuse(t.turn%2, "the response to events is %s", got.body)
		}
	}
	const window = "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"
	report := t.both("/reports/engagement?" + window + "&organization=" + t.organization)
	if !strings.Contains(report.body, `"events":8`) || !strings.Contains(report.body, `"active_members":2`) {
		t.refuse(1, "the report is %s", report.body)
	}
	t.both("/reports/engagement?" + window + "&bucket=week&organization=" + t.organization)
}
