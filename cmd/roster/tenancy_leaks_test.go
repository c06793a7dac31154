package main

import (
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

func administratorOf(x tenant) domain.Principal {
	return domain.Principal{Subject: "key:1", Scopes: []domain.Scope{domain.ScopeAdmin}, Within: x.organization.ID}
}

// TestCursorsAreOfOneTenant follows the cursors of other callers.
func TestCursorsAreOfOneTenant(t *testing.T) {
	bothWays(t, func(w *tenancy) {
		home, abroad := w.newStored(), w.newStored()
		for _, c := range []inquiry{
			{method: "GET", target: "/users?limit=1"},
			{method: "GET", target: "/users?limit=1&sort=email"},
			{method: "GET", target: "/users?limit=1&changed_since=2020-01-01T00:00:00Z"},
			{method: "POST", target: "/users/search?limit=1", body: `{"term":"example"}`},
		} {
			for name, caller := range map[string]domain.Principal{"all": domain.LocalAdministrator(), "another tenant": administratorOf(abroad)} {
				page := w.ask(caller, c)
				asked, _, _ := strings.Cut(c.target, "?") // links are relative to it
				next := c
				next.target = path.Join(path.Dir(asked), nextPage(page.Header().Get("Link")))
				if got := w.ask(caller, next); got.Code != 200 {
					w.Errorf("the next page of %s: %d %s", name, got.Code, got.Body)
				}
				if got := w.ask(administratorOf(home), next); got.Code != 400 || abroad.shows(next, got) != "" {
					w.Errorf("%s: the cursor of %s is accepted, or shows more: %d %s", c.target, name, got.Code, got.Body)
				}
			}
		}
		// An empty page has no cursor, and the same links as one of nobody.
		target := "/users?email_domain=" + url.QueryEscape(abroad.word+".example")
		if got := w.ask(administratorOf(home), inquiry{method: "GET", target: target}); strings.Contains(got.Header().Get("Link"), "next") {
			w.Errorf("a page of nobody has a next one: %v", got.Header())
		}
	})
}

// TestIdempotencyKeysAreOfOneTenant sends the key of a request again as the same
// subject in another tenant.
func TestIdempotencyKeysAreOfOneTenant(t *testing.T) {
	bothWays(t, func(w *tenancy) {
		home, abroad := w.newStored(), w.newStored()
		for _, c := range []inquiry{
			{method: "PATCH", target: "/users/" + memberID(abroad), body: `{"display_name":"Changed"}`, headers: []string{"Idempotency-Key", "k1"}},
			{method: "PATCH", target: "/organizations/" + orgID(abroad), body: `{"name":"Changed"}`, headers: []string{"Idempotency-Key", "k3"}},
		} {
			first, again := w.ask(administratorOf(abroad), c), w.ask(administratorOf(abroad), c)
			if first.Code != 200 || again.Code != 200 || first.Body.String() != again.Body.String() {
				w.Errorf("sent twice: %d %s\n%d %s", first.Code, first.Body, again.Code, again.Body)
			}
			if got := w.ask(administratorOf(home), c); got.Code != 404 || abroad.shows(c, got) != "" {
				w.Errorf("the key of another tenant: %d %s", got.Code, got.Body)
			}
		}
		free := domain.Principal{Subject: "key:1", Scopes: []domain.Scope{domain.ScopeAdmin}}
		for i, event := range []tenant{abroad, home} {
			c := inquiry{method: "POST", target: "/events", body: newEvent(event), headers: []string{"Idempotency-Key", "k4"}}
			if got := w.ask([]domain.Principal{free, administratorOf(home)}[i], c); !strings.Contains(got.Body.String(), `"accepted":1`) {
				w.Errorf("a tenant's key is taken by a caller of all: %d %s", got.Code, got.Body)
			}
		}
	})
}

// TestConflictsDoNotTellWhoExists gives a tenant's things the names of another's.
func TestConflictsDoNotTellWhoExists(t *testing.T) {
	bothWays(t, func(w *tenancy) {
		home, abroad, missing := w.newStored(), w.newStored(), w.newTenant()
		user, organization := "/users/"+memberID(home), "/organizations/"+orgID(home)
		for _, request := range []func(tenant) inquiry{
			func(x tenant) inquiry { return inquiry{"POST", "/users", names(x), nil} },
			func(x tenant) inquiry { return inquiry{"PUT", user, names(x), nil} },
			func(x tenant) inquiry { return inquiry{"PATCH", user, `{"username":"` + x.word + `.member"}`, nil} },
			func(x tenant) inquiry {
				return inquiry{"PATCH", user, `{"email":"member@` + x.word + `.example"}`, nil}
			},
			func(x tenant) inquiry { return inquiry{"PATCH", user, `{"external_id":"` + x.word + `/member"}`, nil} },
			func(x tenant) inquiry { return inquiry{"PATCH", organization, `{"slug":"` + x.word + `"}`, nil} },
			func(x tenant) inquiry { return inquiry{"PATCH", organization, `{"plan":"` + x.word + `"}`, nil} },
			func(x tenant) inquiry { return inquiry{"PATCH", user, `{"status":"suspended"}`, nil} },
			func(x tenant) inquiry { return inquiry{"DELETE", "/users/" + x.owner.ID.String(), "", nil} },
		} {
			taken, free := w.ask(administratorOf(home), request(abroad)), w.ask(administratorOf(home), request(missing))
			if taken.Code != 403 || abroad.answer(taken) != missing.answer(free) {
				w.Errorf("%v tells who exists:\n%d %s\n%d %s", request(abroad), taken.Code, taken.Body, free.Code, free.Body)
			}
		}
		unchanged := inquiry{"PUT", user, names(home), nil}
		if got := w.ask(administratorOf(home), unchanged); got.Code != 200 || !strings.Contains(got.Body.String(), "Changed") {
			w.Errorf("a replacement that keeps the names: %d %s", got.Code, got.Body)
		}
	})
}

// TestABoundOwnerAddsMembersWithTheScopeWriteOnly lets a tenant's owner add users of
// another tenant, and users who do not exist.
func TestABoundOwnerAddsMembersWithTheScopeWriteOnly(t *testing.T) {
	bothWays(t, func(w *tenancy) {
		home, abroad, missing := w.newStored(), w.newStored(), w.newTenant()
		owner := administratorOf(home)
		owner.Scopes, owner.Roles = []domain.Scope{domain.ScopeRead}, map[domain.OrganizationID]domain.Role{home.organization.ID: domain.Owner}
		add := func(x tenant) inquiry {
			return inquiry{"PUT", "/organizations/" + orgID(home) + "/members/" + memberID(x), `{"role":"member"}`, nil}
		}
		taken, free := w.ask(owner, add(abroad)), w.ask(owner, add(missing))
		if taken.Code != 403 || abroad.answer(taken) != missing.answer(free) {
			w.Errorf("a refused addition tells who exists:\n%d %s\n%d %s", taken.Code, taken.Body, free.Code, free.Body)
		}
		get := inquiry{method: "GET", target: "/users/" + memberID(abroad)}
		if got := w.ask(owner, get); got.Code != 404 {
			w.Errorf("before it is added, the user is seen: %d %s", got.Code, got.Body)
		}
		owner.Scopes = append(owner.Scopes, domain.ScopeWrite)
		if added, got := w.ask(owner, add(abroad)), w.ask(owner, get); added.Code != 201 || got.Code != 200 {
			w.Errorf("added: %d %s; seen: %d", added.Code, added.Body, got.Code)
		}
		organizations := w.ask(owner, inquiry{method: "GET", target: get.target + "/organizations"})
		if body := organizations.Body.String(); !strings.Contains(body, home.word) || strings.Contains(body, abroad.word) {
			w.Errorf("the organizations of a user of two are %s", body)
		}
		removed := inquiry{method: "DELETE", target: add(abroad).target}
		if gone, got := w.ask(owner, removed), w.ask(owner, get); gone.Code != 204 || got.Code != 404 {
			w.Errorf("removed: %d %s; seen: %d", gone.Code, gone.Body, got.Code)
		}
	})
}
