package main

import (
	"cmp"
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// operation is an operation of the contract, with the scope that it needs; empty
// where it needs none.
type operation struct {
	id    string
	scope domain.Scope
}

// contractOperations are the operations that have a caller.
func contractOperations(t *testing.T, w *tenancy) []operation {
	t.Helper()
	document := read[struct {
		Paths map[string]map[string]json.RawMessage
	}](t, w.ask(domain.Principal{}, inquiry{method: "GET", target: "/openapi.json"}).Body.String())
	var all []operation
	for path, methods := range document.Paths {
		for method, raw := range methods {
			if !slices.Contains([]string{"get", "put", "post", "patch", "delete", "head", "options"}, method) {
				continue
			}
			found := read[struct {
				OperationID string
				Security    []map[string][]domain.Scope
			}](t, string(raw))
			if found.OperationID == "" {
				t.Errorf("%s %s has no operationId", method, path)
			}
			if len(found.Security) == 0 {
				continue // it has no caller
			}
			o := operation{id: found.OperationID}
			if scopes := found.Security[0]["token"]; len(scopes) > 0 {
				o.scope = scopes[0]
			}
			all = append(all, o)
		}
	}
	return all
}

// callers are the callers of the matrix, by name. Their roles, some of them or all,
// are in a tenant.
func callers(home tenant, roles ...domain.Role) map[string]domain.Principal {
	all := map[string]domain.Principal{}
	for scope, scopes := range map[string][]domain.Scope{
		"nothing": nil, "read": {domain.ScopeRead}, "write": {domain.ScopeWrite}, "read and write": {domain.ScopeRead, domain.ScopeWrite},
		"admin": {domain.ScopeAdmin},
	} {
		all[scope] = domain.Principal{Subject: "free", Scopes: scopes}
		for _, role := range append(roles, "", domain.Owner) {
			caller := domain.Principal{Subject: "bound", Scopes: scopes, Within: home.organization.ID}
			if role != "" {
				caller.Roles = map[domain.OrganizationID]domain.Role{home.organization.ID: role}
			}
			all[strings.TrimSpace(scope+" within "+string(role))] = caller
		}
	}
	return all
}

// trial is what a caller gets for a request about its own tenant, another one, and
// one that does not exist.
type trial struct {
	*tenancy
	operation
	probe
	caller                domain.Principal
	home, abroad, missing tenant
}

func (c trial) try(x tenant) *httptest.ResponseRecorder { return c.ask(c.caller, c.about(x)) }

// may reports whether the caller has the right for its own tenant.
func (c trial) may() bool {
	if c.role {
		role := c.caller.Roles[c.home.organization.ID]
		return slices.Contains(c.caller.Scopes, domain.ScopeAdmin) || role == domain.Admin || role == domain.Owner
	}
	bound := !c.caller.Within.IsZero()
	scope := cmp.Or(c.probe.scope, c.operation.scope)
	return !(c.whole && bound) && (scope == "" || c.caller.RequireWithin(scope) == nil)
}

func (c trial) check() {
	c.Helper()
	foreign, absent := c.try(c.abroad), c.try(c.missing)
	own := c.try(c.home)
	request := c.about(c.home)
	fail := func(what string, got *httptest.ResponseRecorder) {
		c.Helper()
		c.Errorf("%s: %s %s %s: %d %s", what, request.method, request.target, request.body, got.Code, got.Body)
	}
	bound := !c.caller.Within.IsZero()
	switch {
	case c.may() && !c.absent && own.Code >= 400:
		fail("the caller may, and is refused", own)
	case c.may() && c.absent && own.Code != 404:
		fail("the caller may, and there is nothing", own)
	case !c.may() && own.Code != 403:
		fail("the caller may not, and is not denied", own)
	case !c.may() && !c.role && (foreign.Code != 403 || absent.Code != 403):
		fail("the caller may not, and is not denied elsewhere", foreign)
	case c.may() && !c.free && !c.whole && c.home.answer(own) == c.missing.answer(absent):
		fail("the request does not tell what exists from what does not", own)
	case !bound && c.may() && !c.role && foreign.Code != own.Code:
		fail("a caller that sees all is refused elsewhere", foreign)
	}
	if !bound {
		return
	}
	if c.abroad.answer(foreign) != c.missing.answer(absent) && !c.free {
		c.Errorf("%s: what exists elsewhere is told from what does not:\n%s\n%s", c.id, c.abroad.answer(foreign), c.missing.answer(absent))
	}
	if c.conceals != 0 && (c.may() || c.role) && foreign.Code != c.conceals {
		fail("elsewhere", foreign)
	}
	for about, got := range map[*tenant]*httptest.ResponseRecorder{&c.abroad: foreign, &c.home: own, &c.missing: absent} {
		if mark := c.abroad.shows(c.about(*about), got); mark != "" {
			fail("the response shows "+mark+" of another tenant", got)
		}
	}
	c.unchanged()
}

// unchanged checks that the other tenant is as it was.
func (c trial) unchanged() {
	c.Helper()
	ctx, x := c.Context(), c.abroad
	for _, user := range []domain.User{x.owner, x.member} {
		stored := parsed[domain.User](c.T)(c.stores.Users.UserByID(ctx, user.ID))
		if stored.Version != 1 || stored.DisplayName != user.DisplayName {
			c.Errorf("%s changed a user elsewhere: %+v", c.id, stored)
		}
	}
	member := parsed[domain.Membership](c.T)(c.stores.Memberships.MembershipOf(ctx, x.organization.ID, x.member.ID))
	organization := parsed[domain.Organization](c.T)(c.stores.Organizations.OrganizationByID(ctx, x.organization.ID))
	key := parsed[ports.StoredAPIKey](c.T)(c.stores.APIKeys.StoredAPIKey(ctx, x.key)).Key
	if member.Role != domain.Member || organization.Version != 1 || !key.RevokedAt.IsZero() || !key.ExpiresAt.IsZero() {
		c.Errorf("%s changed another tenant: %+v, %+v, %+v", c.id, member, organization, key)
	}
	window := parsed[domain.Window](c.T)(domain.ParseWindow(eventTime.AddDate(0, 0, -10), eventTime.AddDate(0, 0, 10)))
	page := parsed[ports.Page[domain.Engagement]](c.T)(c.stores.Events.ReportEngagement(ctx, ports.ReportEngagement{
		Window: window, Filter: ports.EngagementFilter{Organization: x.organization.ID}, Limit: domain.DefaultListSize,
	}))
	if len(page.Items) != 1 || page.Items[0].Events != 1 {
		c.Errorf("%s added events elsewhere: %+v", c.id, page.Items)
	}
}

// TestTheMatrixOfRoles asks each operation of the contract, as each kind of caller,
// about what is its own, what is another tenant's, and what does not exist.
func TestTheMatrixOfRoles(t *testing.T) {
	bothWays(t, func(w *tenancy) {
		known := probes()
		shared := [2]tenant{w.newStored(), w.newStored()} // by requests that change nothing
		for _, o := range contractOperations(w.T, w) {
			if len(known[o.id]) == 0 {
				w.Errorf("operation %s is not in the matrix: add requests for it to probes", o.id)
			}
			for _, p := range known[o.id] {
				var roles []domain.Role
				if p.role {
					roles = []domain.Role{domain.Member, domain.Admin}
				}
				for name := range callers(shared[0], roles...) {
					home, abroad := shared[0], shared[1]
					if !p.reads(home) {
						home, abroad = w.newStored(), w.newStored()
					}
					w.Run(o.id+" by "+name, func(t *testing.T) {
						own := *w
						own.T = t
						trial{&own, o, p, callers(home, roles...)[name], home, abroad, w.newTenant()}.check()
					})
				}
			}
			delete(known, o.id)
		}
		for id := range known {
			w.Errorf("the contract has no operation %s: remove its requests", id)
		}
	})
}
