package resttest

import (
	"context"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func testOrganizations(t *testing.T, edge Edge) {
	t.Run("operations follow the contract", func(t *testing.T) { testOrganizationResponses(t, edge) })
	t.Run("lists are filtered and ordered", func(t *testing.T) { testOrganizationLists(t, edge) })
	t.Run("pages lead to pages", func(t *testing.T) { testOrganizationPages(t, edge) })
	t.Run("totals have a kind", func(t *testing.T) { testOrganizationTotals(t, edge) })
	t.Run("commands reach the store as they were sent", func(t *testing.T) { testOrganizationCommands(t, edge) })
	t.Run("bodies that break the contract are refused", func(t *testing.T) { testOrganizationBodies(t, edge) })
	t.Run("patches tell absent from null", func(t *testing.T) { testOrganizationPatches(t, edge) })
	t.Run("writes and reads obey conditions", func(t *testing.T) { testOrganizationConditions(t, edge) })
}

func testOrganizationResponses(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	made := `{"id":"` + adaID + `","name":"Engines","slug":"engines-2","plan":"free","created_at":"2026-01-01T00:00:01Z","version":1}`
	for _, c := range []struct {
		name, method, target, body string
		status                     int
		want                       string
	}{
		{"list", "GET", "/organizations", "", 200, "[" + enginesJSON + "," + enginesJSON + "]"},
		{"look up by slug", "GET", "/organizations?slug=engines", "", 200, "[" + enginesJSON + "]"},
		{"create", "POST", "/organizations", foundation, 201, made},
		{"get", "GET", orgPath, "", 200, enginesJSON},
		{"get by an id in upper case", "GET", "/organizations/" + strings.ToUpper(orgID), "", 200, enginesJSON},
		{"replace", "PUT", orgPath, replacement, 200, enginesJSON},
		{"replace by the response of get", "PUT", orgPath, enginesJSON, 200, enginesJSON},
		{"patch", "PATCH", orgPath, `{"plan":"free"}`, 200, enginesJSON},
		{"patch by the response of get", "PATCH", orgPath, enginesJSON, 200, enginesJSON},
		{"delete", "DELETE", orgPath, "", 204, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			accepted(t, w.ask(t, c.method, c.target, c.body), c.status, c.want)
		})
	}
	t.Run("a new organization's path is in Location", func(t *testing.T) {
		if got := w.ask(t, "POST", "/organizations", foundation).Header().Get("Location"); got != "organizations/"+adaID {
			t.Errorf("Location is %q", got)
		}
	})
	t.Run("a minimal response has no body", func(t *testing.T) {
		for _, c := range []struct {
			method, target, body string
			status               int
		}{{"POST", "/organizations", foundation, 201}, {"PUT", orgPath, replacement, 204}, {"PATCH", orgPath, "{}", 204}} {
			response := w.ask(t, c.method, c.target, c.body, "Prefer", "return=minimal")
			accepted(t, response, c.status, "")
			if got := response.Header(); got.Get("Preference-Applied") != "return=minimal" || got.Get("ETag") != `"1"` {
				t.Errorf("%s is answered with %v", c.method, got)
			}
		}
	})
}

func testOrganizationLists(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "GET", "/organizations", "")
	w.ask(t, "GET", "/organizations?plan=team&sort=-name&limit=7", "")
	calls := w.organizations.ListOrganizationsCalls()
	if got := calls[0].ListOrganizations; got != (ports.ListOrganizations{Limit: domain.DefaultListSize}) {
		t.Errorf("without parameters, it listed %+v", got)
	}
	if got := calls[1].ListOrganizations; got.Plan != team().Code || got.Order.String() != "-name" || got.Limit.Int() != 7 ||
		got.After != nil {
		t.Errorf("listed %+v", got)
	}
	w.ask(t, "GET", "/organizations?slug=engines", "")
	if got := w.organizations.OrganizationBySlugCalls()[0].Slug; got != engines().Slug {
		t.Errorf("looked up %v", got)
	}
	accepted(t, w.ask(t, "GET", "/organizations?slug=engines&plan=team"+defaults, ""), 200, "["+enginesJSON+"]")
	accepted(t, w.ask(t, "GET", "/organizations?slug=engines&plan=pro&sort=name&limit=1", ""), 200, "[]")
	if got := w.ask(t, "GET", "/organizations?slug=engines&total=capped", "").Header(); got.Get("X-Total-Count") != "1" {
		t.Errorf("the total is %q", got.Get("X-Total-Count"))
	}
	w.replyAll(domain.Absent("organization", engines().Slug))
	accepted(t, w.ask(t, "GET", "/organizations?slug=engines", ""), 200, "[]")
	reply(&w.organizations.ListOrganizationsFunc, ports.Page[domain.Organization]{}, nil)
	accepted(t, w.ask(t, "GET", "/organizations", ""), 200, "[]")
	for query, places := range map[string][]string{
		"slug=engines&limit=0":             {"?limit"},
		"slug=engines&plan=Team&sort=x":    {"?sort", "?plan"},
		"slug=engines&total=all":           {"?total"},
		"slug=engines&cursor=x":            {"?cursor"},
		"slug=Engines":                     {"?slug"},
		"slug=":                            {"?slug"},
		"sort=version&total=all":           {"?sort", "?total"},
		"plan=Team&limit=0&sort=username":  {"?sort", "?limit", "?plan"},
		"name=x&limit=ten":                 {"?name", "?limit"},
		"sort=name&sort=name&fields=id":    {"?sort", "?fields"},
		"cursor=x&total=none&sort=-slug":   {"?cursor"},
		"slug=engines&slug=other&limit=10": {"?slug"},
	} {
		t.Run(query, func(t *testing.T) {
			refused(t, w.ask(t, "GET", "/organizations?"+query, ""), 400, "parameter", places...)
		})
	}
}

func testOrganizationPages(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	if got := w.ask(t, "GET", "/organizations?plan=team", "").Header().Get("Link"); got != `<organizations?plan=team>; rel="first"` {
		t.Errorf("Link is %q", got)
	}
	reply(&w.organizations.ListOrganizationsFunc, ports.Page[domain.Organization]{Items: []domain.Organization{engines()}, More: true}, nil)
	for sort, want := range map[string]domain.OrganizationPosition{
		"created_at": {At: engines().CreatedAt, ID: engines().ID}, "-created_at": {At: engines().CreatedAt, ID: engines().ID},
		"name": {Key: "Analytical Engines", ID: engines().ID}, "-slug": {Key: "engines", ID: engines().ID},
	} {
		target := "/organizations?plan=team&limit=1&sort=" + sort
		next := links(target, w.ask(t, "GET", target, "").Header())["next"]
		if !strings.HasPrefix(next, target+"&cursor=") {
			t.Fatalf("the next page is %q", next)
		}
		w.ask(t, "GET", next, "")
		calls := w.organizations.ListOrganizationsCalls()
		got := calls[len(calls)-1].ListOrganizations
		if got.After == nil || got.After.ID != want.ID || got.After.Key != want.Key || want.Key == "" && !got.After.At.Equal(want.At) ||
			got.Order.String() != sort || got.Plan != team().Code {
			t.Errorf("by %s, the next page is %+v after %+v", sort, got, got.After)
		}
		for _, other := range []string{
			strings.Replace(next, "plan=team", "plan=free", 1), strings.Replace(next, "plan=team&", "", 1),
			strings.Replace(next, "sort="+sort, "sort=-name", 1), strings.Replace(next, "sort="+sort, "sort=slug", 1),
		} {
			refused(t, w.ask(t, "GET", other, ""), 400, "parameter", "?cursor")
		}
	}
	reply(&w.organizations.ListOrganizationsFunc, ports.Page[domain.Organization]{}, hidden())
	refused(t, w.ask(t, "GET", "/organizations", ""), 500, "internal")
}

func testOrganizationTotals(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "GET", "/organizations", "")
	none := w.ask(t, "GET", "/organizations?total=none", "").Header()
	if len(w.organizations.CountOrganizationsCalls()) > 0 || none.Get("X-Total-Count") != "" || none.Get("X-Total-Kind") != "" {
		t.Errorf("it was counted without total: %v", none)
	}
	got := w.ask(t, "GET", "/organizations?total=exact&plan=team", "").Header()
	if got.Get("X-Total-Count") != "1843" || got.Get("X-Total-Kind") != "estimate" {
		t.Errorf("the total is %q %q", got.Get("X-Total-Count"), got.Get("X-Total-Kind"))
	}
	if call := w.organizations.CountOrganizationsCalls()[0]; call.PlanCode != team().Code || call.Counting != domain.CountExact {
		t.Errorf("counted %+v", call)
	}
	w.organizations.CountOrganizationsFunc = func(context.Context, domain.PlanCode, domain.Counting) (domain.Total, error) {
		return domain.Total{}, hidden()
	}
	refused(t, w.ask(t, "GET", "/organizations?total=capped", ""), 500, "internal")
}
