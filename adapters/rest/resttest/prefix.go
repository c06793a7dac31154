package resttest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// testPrefix puts a proxy that strips a prefix before Roster. A client must find every
// page, and everything new, by the addresses that it was sent.
func testPrefix(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.endless()
	w.changed(ada())
	w.users.SearchUsersFunc = func(context.Context, ports.SearchUsers) (ports.FoundUsers, error) {
		f := found(ada())
		f.More = true
		return f, nil
	}
	reply(&w.organizations.ListOrganizationsFunc, ports.Page[domain.Organization]{Items: []domain.Organization{engines()}, More: true}, nil)
	reply(&w.memberships.MembersFunc, ports.Page[domain.Membership]{Items: []domain.Membership{ownership()}, More: true}, nil)
	reply(&w.memberships.OrganizationsOfFunc,
		ports.Page[domain.Affiliation]{Items: []domain.Affiliation{{Organization: engines(), Role: domain.Member}}, More: true}, nil)
	reply(&w.events.ReportEngagementFunc, ports.Page[domain.Engagement]{Items: report(), More: true}, nil)
	reply(&w.apiKeys.ListAPIKeysFunc, ports.Page[domain.APIKey]{Items: []domain.APIKey{plainKey()}, More: true}, nil)
	reply(&w.plans.PutPlanFunc, true, nil)
	reply(&w.memberships.SetRoleFunc, domain.Membership{}, failing(domain.NotFound, domain.ReasonUnknown, ""))
	server := httptest.NewServer(http.StripPrefix("/directory", w.handler))
	defer server.Close()

	for _, target := range []string{
		"/users", "/users?limit=1&sort=email", "/users?changed_since=2026-01-01T00:00:00Z", "/organizations", "/organizations?limit=1",
		"/keys", membersPath, adaOrganizations, january, "POST /users/search", "POST /users/search?limit=1",
	} {
		method, body := "GET", ""
		if path, posts := strings.CutPrefix(target, "POST "); posts {
			method, body, target = "POST", `{"term":"ada"}`, path
		}
		target = "/directory" + target
		first := fetch(t, server, method, target, strings.NewReader(body), "Content-Type", "application/json")
		_ = readAll(t, first.Body)
		for relation, next := range links(target, first.Header) {
			second := fetch(t, server, method, next, strings.NewReader(body), "Content-Type", "application/json")
			if text := readAll(t, second.Body); second.StatusCode != 200 {
				t.Errorf("%s %s: the %s page is %s: %d %s", method, target, relation, next, second.StatusCode, text)
			}
		}
		if !strings.Contains(first.Header.Get("Link"), `rel="next"`) {
			t.Errorf("%s %s has no next page: %v", method, target, first.Header)
		}
	}
	for _, c := range []struct{ method, target, body, want string }{
		{"POST", "/users", bob, adaPath},
		{"POST", "/organizations", foundation, "/organizations/" + adaID},
		{"POST", "/keys", newKeyJSON, keyPath},
		{"POST", keyPath + "/rotate", `{"overlap":3600}`, keyPath},
		{"PUT", "/plans/team", `{"name":"Team"}`, "/plans/team"},
		{"PUT", memberPath, `{"role":"member"}`, memberPath},
	} {
		response := fetch(t, server, c.method, "/directory"+c.target, strings.NewReader(c.body), "Content-Type", "application/json")
		text := readAll(t, response.Body)
		if location, err := response.Location(); err != nil || location.Path != "/directory"+c.want || response.StatusCode != 201 {
			t.Errorf("%s %s: %d %s is at %v, not %s: %v", c.method, c.target, response.StatusCode, text, location, c.want, err)
		}
	}
}
