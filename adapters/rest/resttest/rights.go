package resttest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
)

// principals are callers with different rights, by name.
func principals() map[string]domain.Principal {
	in := func(role domain.Role) domain.Principal {
		return domain.Principal{Subject: "x", Roles: map[domain.OrganizationID]domain.Role{engines().ID: role}}
	}
	with := func(scope domain.Scope) domain.Principal {
		return domain.Principal{Subject: "x", Scopes: []domain.Scope{scope}}
	}
	elsewhere := domain.Principal{Subject: "x", Roles: map[domain.OrganizationID]domain.Role{domain.OrganizationID(ada().ID): domain.Owner}}
	return map[string]domain.Principal{
		"nobody": {}, "read": with(domain.ScopeRead), "write": with(domain.ScopeWrite), "admin": with(domain.ScopeAdmin),
		"its owner": in(domain.Owner), "its admin": in(domain.Admin), "its member": in(domain.Member), "another's owner": elsewhere,
	}
}

// testRights sends every request without the right, and with it.
func testRights(t *testing.T, edge Edge) {
	const reader, writer, administrator = "read,admin", "write,admin", "admin"
	allowed := map[string]string{
		"GET /organizations": reader, "GET /organizations?slug=engines": reader, "POST /organizations": administrator,
		"GET " + orgPath: reader, "PUT " + orgPath: administrator, "PATCH " + orgPath: administrator, "DELETE " + orgPath: administrator,
		"GET " + orgPath + "/erasure": administrator,
		"GET " + membersPath:          reader, "GET " + memberPath: reader,
		"GET /plans": reader, "GET /plans/team": reader, "PUT /plans/team": administrator, "DELETE /plans/team": administrator,
		"POST /events": writer,
		// Ada is an owner, so only owners may change her role or remove her.
		"PUT " + memberPath: "admin,its owner", "DELETE " + memberPath: "admin,its owner",
	}
	for name, principal := range principals() {
		w := newWorld(t, edge, func(o *rest.Options) {
			o.Authenticate = func(*http.Request) (domain.Principal, error) { return principal, nil }
		})
		t.Run(name, func(t *testing.T) {
			for _, c := range stockRequests() {
				response := w.ask(t, c.method, c.target, c.body)
				if may := strings.Contains(","+allowed[c.method+" "+c.target]+",", ","+name+","); !may {
					refused(t, response, 403, "denied")
				} else if response.Code >= 300 {
					t.Errorf("%s %s is refused: %d %s", c.method, c.target, response.Code, response.Body)
				}
			}
		})
	}
	t.Run("an organization's admin manages the roles below owner", func(t *testing.T) { testAdmins(t, edge) })
}

func testAdmins(t *testing.T, edge Edge) {
	w := newWorld(t, edge, func(o *rest.Options) {
		o.Authenticate = func(*http.Request) (domain.Principal, error) { return principals()["its admin"], nil }
	})
	w.memberOf(domain.Member)
	for _, role := range []string{"member", "admin"} {
		if response := w.ask(t, "PUT", memberPath, `{"role":"`+role+`"}`); response.Code != 200 {
			t.Errorf("giving %s is refused: %d %s", role, response.Code, response.Body)
		}
	}
	refused(t, w.ask(t, "PUT", memberPath, `{"role":"owner"}`), 403, "denied")
	accepted(t, w.ask(t, "DELETE", memberPath, ""), 204, "")
	w.memberOf(domain.Owner)
	refused(t, w.ask(t, "PUT", memberPath, `{"role":"member"}`), 403, "denied")
	refused(t, w.ask(t, "DELETE", memberPath, ""), 403, "denied")
	if roles, removals := len(w.memberships.SetRoleCalls()), len(w.memberships.RemoveMemberCalls()); roles != 2 || removals != 1 {
		t.Errorf("%d roles were given and %d members removed, want 2 and 1", roles, removals)
	}
}
