package resttest

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func testMemberships(t *testing.T, edge Edge) {
	t.Run("operations follow the contract", func(t *testing.T) { testMembershipResponses(t, edge) })
	t.Run("members are added, or get another role", func(t *testing.T) { testPuttingMembers(t, edge) })
	t.Run("commands reach the store as they were sent", func(t *testing.T) { testMembershipCommands(t, edge) })
	t.Run("pages lead to pages", func(t *testing.T) { testMemberPages(t, edge) })
	t.Run("requests that break the contract are refused", func(t *testing.T) { testMemberFaults(t, edge) })
}

func testMembershipResponses(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, c := range []struct {
		name, method, target, body string
		status                     int
		want                       string
	}{
		{"list", "GET", membersPath, "", 200, "[" + membershipJSON + "," + membershipJSON + "]"},
		{"get", "GET", memberPath, "", 200, membershipJSON},
		{"give a role", "PUT", memberPath, `{"role":"owner"}`, 200, membershipJSON},
		{"send back the response of get", "PUT", memberPath, membershipJSON, 200, membershipJSON},
		{"remove", "DELETE", memberPath, "", 204, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			response := w.ask(t, c.method, c.target, c.body)
			accepted(t, response, c.status, c.want)
			if got := response.Header(); got.Get("ETag") != "" || got.Get("Location") != "" {
				t.Errorf("a membership has no version and a known path: %v", got)
			}
		})
	}
	reply(&w.memberships.MembersFunc, ports.Page[domain.Membership]{}, nil)
	accepted(t, w.ask(t, "GET", membersPath, ""), 200, "[]")
}

func testPuttingMembers(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	response := w.ask(t, "PUT", memberPath, `{"role":"admin"}`, "Prefer", "return=minimal")
	accepted(t, response, 204, "")
	if got := response.Header(); got.Get("Preference-Applied") != "return=minimal" || got.Get("ETag") != "" {
		t.Errorf("it is answered with %v", got)
	}
	reply(&w.memberships.SetRoleFunc, domain.Membership{}, failing(domain.NotFound, domain.ReasonUnknown, ""))
	response = w.ask(t, "PUT", memberPath, `{"role":"admin"}`)
	accepted(t, response, 201, strings.Replace(membershipJSON, "owner", "admin", 1))
	if got := response.Header().Get("Location"); resolved(memberPath, got) != memberPath || strings.HasPrefix(got, "/") {
		t.Errorf("Location is %q", got)
	}
	response = w.ask(t, "PUT", memberPath, `{"role":"admin"}`, "Prefer", "return=minimal")
	accepted(t, response, 201, "")
	if got := response.Header(); got.Get("Preference-Applied") != "return=minimal" || resolved(memberPath, got.Get("Location")) != memberPath {
		t.Errorf("it is answered with %v", got)
	}
}

func testMembershipCommands(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "PUT", memberPath, `{"role":"admin"}`)
	if got := w.memberships.SetRoleCalls()[0].SetRole; got != (ports.SetRole{Organization: engines().ID, User: ada().ID, Role: domain.Admin}) {
		t.Errorf("gave %+v", got)
	}
	w.ask(t, "DELETE", memberPath, "")
	if got := w.memberships.RemoveMemberCalls()[0]; got.V1 != engines().ID || got.V2 != ada().ID {
		t.Errorf("removed %+v", got)
	}
	w.ask(t, "GET", memberPath, "")
	if got := w.memberships.MembershipOfCalls()[0]; got.V1 != engines().ID || got.V2 != ada().ID {
		t.Errorf("got %+v", got)
	}
	w.ask(t, "GET", membersPath, "")
	w.ask(t, "GET", membersPath+"?role=owner&limit=7", "")
	calls := w.memberships.MembersCalls()
	if got := calls[0].ListMembers; got != (ports.ListMembers{Organization: engines().ID, Limit: domain.DefaultListSize}) {
		t.Errorf("without parameters, it listed %+v", got)
	}
	if got := calls[1].ListMembers; got.Role != domain.Owner || got.Limit.Int() != 7 {
		t.Errorf("listed %+v", got)
	}
}

func testMemberPages(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	if got := w.ask(t, "GET", membersPath+"?role=owner", "").Header().Get("Link"); got != `<members?role=owner>; rel="first"` {
		t.Errorf("Link is %q", got)
	}
	earlier := ownership()
	earlier.User, earlier.JoinedAt = domain.UserID(engines().ID), earlier.JoinedAt.Add(-1)
	reply(&w.memberships.MembersFunc, ports.Page[domain.Membership]{Items: []domain.Membership{earlier, ownership()}, More: true}, nil)
	target := membersPath + "?role=owner&limit=2"
	next := links(target, w.ask(t, "GET", target, "").Header())["next"]
	if !strings.HasPrefix(next, target+"&cursor=") {
		t.Fatalf("the next page is %q", next)
	}
	w.ask(t, "GET", next, "")
	got := w.memberships.MembersCalls()[2].ListMembers
	if got.After == nil || !got.After.JoinedAt.Equal(ownership().JoinedAt) || got.After.User != ada().ID ||
		got.Role != domain.Owner || got.Limit.Int() != 2 {
		t.Errorf("the next page is %+v after %+v", got, got.After)
	}
	for _, other := range []string{
		strings.Replace(next, orgID, adaID, 1), strings.Replace(next, "role=owner", "role=admin", 1), strings.Replace(next, "role=owner&", "", 1),
	} {
		refused(t, w.ask(t, "GET", other, ""), 400, "parameter", "?cursor")
	}
}

func testMemberFaults(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for body, places := range map[string][]string{
		`{}`:                        {"/role"},
		`{"role":"king"}`:           {"/role"},
		`{"role":null}`:             {"/role"},
		`{"role":"owner","x":1}`:    {"/x"},
		`{"Role":"owner","user":1}`: {"/Role", "/user", "/role"},
		`"owner"`:                   {""},
	} {
		refused(t, w.ask(t, "PUT", memberPath, body), 422, "invalid", places...)
	}
	bad := "/organizations/x/members/y"
	refused(t, w.ask(t, "PUT", bad+"?z=1", `{"role":"king"}`), 400, "parameter", "?id", "?user", "?z", "/role")
	refused(t, w.ask(t, "GET", bad, ""), 400, "parameter", "?id", "?user")
	refused(t, w.ask(t, "DELETE", bad, ""), 400, "parameter", "?id", "?user")
	refused(t, w.ask(t, "GET", "/organizations/x/members?role=king&limit=0&sort=role", ""), 400, "parameter", "?id", "?role",
		"?sort", "?limit")
	refused(t, w.ask(t, "PUT", memberPath, `{"role":"owner"}`, "Content-Type", "text/plain"), 415, "media-type")
	if written := len(w.memberships.SetRoleCalls()) + len(w.memberships.AddMemberCalls()) +
		len(w.memberships.RemoveMemberCalls()); written > 0 {
		t.Errorf("%d bad requests reached the store", written)
	}
}
