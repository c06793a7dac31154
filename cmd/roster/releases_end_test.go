package main

import (
	"fmt"
	"slices"
	"strings"
)

func (t *tour) searches() {
	for _, term := range []string{"ben-" + t.name, "ada-" + t.name + "-2 example.com"} {
		body := fmt.Sprintf(`{"term":%q}`, term)
		for server := range t.urls {
			found := t.sendTo(server, []int{200}, "POST", "/users/search", body)
			if !strings.Contains(found.body, t.ada) && !strings.Contains(found.body, t.ben) {
				t.refuse(server, "a search for %q finds %s", term, found.body)
			}
		}
	}
	t.expect(200, "POST", "/users/search?limit=1", `{"term":"ada"}`)
	changes := t.expect(200, "GET", "/users?changed_since=2020-01-01T00:00:00Z&limit=1", "")
	if next := nextPage(changes.header.Get("Link")); next != "" {
		t.expect(200, "GET", next, "")
	}
}

func (t *tour) deletions() {
	ben := "/users/" + t.ben
	t.expect(204, "DELETE", ben, "")
	t.expect(404, "GET", ben, "")
	t.expect(200, "POST", ben+"/restore", "")
	t.both(ben)
	t.both(ben + "/organizations")
	t.send([]int{202, 204}, "POST", ben+"/erase", "")
	t.expect(404, "GET", ben, "")
	t.expect(200, "GET", ben+"/erasure", "")
}

func (t *tour) keys() {
	created := t.expect(201, "POST", "/keys", fmt.Sprintf(`{"name":%q,"scopes":["read"]}`, t.name))
	key := "/keys/" + idIn(created)
	t.both(key)
	t.expect(200, "GET", "/keys?limit=1", "")
	t.send([]int{200, 201}, "POST", key+"/rotate", "{}")
	t.expect(204, "DELETE", key, "")
}

// ends deletes what is left, and asks what needs no record.
func (t *tour) ends() {
	t.send([]int{202, 204}, "DELETE", "/organizations/"+t.organization, "")
	t.expect(404, "GET", "/organizations/"+t.organization, "")
	t.expect(200, "GET", "/organizations/"+t.organization+"/erasure", "")
	t.expect(204, "DELETE", "/plans/"+t.name, "")
	for _, path := range []string{"/me", "/readyz", "/livez"} {
		t.expect(200, "GET", path, "")
	}
}

// takeImports imports through each server what the other exports.
func (r *releases) takeImports() {
	ended := make(chan struct{})
	go func() { // which a response that is not expected ends
		defer close(ended)
		t := &tour{releases: r, name: "import"}
		const ndjson = "Content-Type: application/x-ndjson"
		for server := range t.urls {
			plan, user := fmt.Sprintf(`{"code":"import%d","name":"Imported"}`+"\n", server), createUser(fmt.Sprintf("import%d", server))+"\n"
			for path, line := range map[string]string{"/bulk/plans": plan, "/bulk/users": user} {
				for repeat := range 2 { // the second time it is there already
					got := t.sendTo((server+repeat)%2, []int{200}, "POST", path, line, ndjson)
					if strings.Contains(got.body, `"rejected":1`) || !strings.Contains(got.body, `"rejected":0`) {
						t.refuse((server+repeat)%2, "the import of %s is answered by %s", line, got.body)
					}
				}
			}
		}
		for _, path := range []string{"/bulk/plans", "/bulk/organizations", "/bulk/users", "/bulk/memberships", "/bulk/events"} {
			before, now := t.sendTo(0, []int{200}, "GET", path, ""), t.sendTo(1, []int{200}, "GET", path, "")
			if !slices.EqualFunc(sortedLines(before.body), sortedLines(now.body), agree) {
				t.refuse(1, "GET %s has other records than that of the last release", path)
			}
		}
	}()
	<-ended
}

func sortedLines(text string) []string {
	return slices.Sorted(strings.Lines(text))
}
