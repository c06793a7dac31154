package resttest

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func testOrganizations(t *testing.T, edge Edge) {
	t.Run("they are answered as the contract says", func(t *testing.T) { testOrganizationAnswers(t, edge) })
	t.Run("they are listed as asked", func(t *testing.T) { testOrganizationLists(t, edge) })
	t.Run("pages lead to pages", func(t *testing.T) { testOrganizationPages(t, edge) })
	t.Run("totals say what they are", func(t *testing.T) { testOrganizationTotals(t, edge) })
	t.Run("commands reach the store as they were sent", func(t *testing.T) { testOrganizationCommands(t, edge) })
	t.Run("bodies that break the contract are refused", func(t *testing.T) { testOrganizationBodies(t, edge) })
	t.Run("patches tell absent from null", func(t *testing.T) { testOrganizationPatches(t, edge) })
	t.Run("writes and reads hold to their conditions", func(t *testing.T) { testOrganizationConditions(t, edge) })
}

func testOrganizationAnswers(t *testing.T, edge Edge) {
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
		{"replace by what get answered", "PUT", orgPath, enginesJSON, 200, enginesJSON},
		{"patch", "PATCH", orgPath, `{"plan":"free"}`, 200, enginesJSON},
		{"patch by what get answered", "PATCH", orgPath, enginesJSON, 200, enginesJSON},
		{"delete", "DELETE", orgPath, "", 204, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			accepted(t, w.ask(t, c.method, c.target, c.body), c.status, c.want)
		})
	}
	t.Run("a new organization's path is in Location", func(t *testing.T) {
		if got := w.ask(t, "POST", "/organizations", foundation).Header().Get("Location"); got != "/organizations/"+adaID {
			t.Errorf("Location is %q", got)
		}
	})
	t.Run("those who prefer it get no body", func(t *testing.T) {
		for _, c := range []struct {
			method, target, body string
			status               int
		}{{"POST", "/organizations", foundation, 201}, {"PUT", orgPath, replacement, 204}, {"PATCH", orgPath, "{}", 204}} {
			answer := w.ask(t, c.method, c.target, c.body, "Prefer", "return=minimal")
			accepted(t, answer, c.status, "")
			if got := answer.Header(); got.Get("Preference-Applied") != "return=minimal" || got.Get("ETag") != `"1"` {
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
	if got := calls[1].ListOrganizations; got.Plan != team().Code || got.Order.String() != "-name" || got.Limit.Int() != 7 || got.After != nil {
		t.Errorf("listed %+v", got)
	}
	w.ask(t, "GET", "/organizations?slug=engines", "")
	if got := w.organizations.OrganizationBySlugCalls()[0].Slug; got != engines().Slug {
		t.Errorf("looked up %v", got)
	}
	w.failStock(domain.Absent("organization", engines().Slug))
	accepted(t, w.ask(t, "GET", "/organizations?slug=engines", ""), 200, "[]")
	w.organizations.ListOrganizationsFunc = func(context.Context, ports.ListOrganizations) (ports.Page[domain.Organization], error) {
		return ports.Page[domain.Organization]{}, nil
	}
	accepted(t, w.ask(t, "GET", "/organizations", ""), 200, "[]")
	for query, places := range map[string][]string{
		"slug=engines&limit=5":             {"?slug"},
		"slug=engines&plan=team":           {"?slug"},
		"slug=engines&total=none":          {"?slug"},
		"slug=engines&cursor=x":            {"?slug"},
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
	if got := w.ask(t, "GET", "/organizations?plan=team", "").Header().Get("Link"); got != `</organizations?plan=team>; rel="first"` {
		t.Errorf("Link is %q", got)
	}
	w.organizations.ListOrganizationsFunc = func(context.Context, ports.ListOrganizations) (ports.Page[domain.Organization], error) {
		return ports.Page[domain.Organization]{Items: []domain.Organization{engines()}, More: true}, nil
	}
	for sort, want := range map[string]domain.OrganizationPosition{
		"created_at": {At: engines().CreatedAt, ID: engines().ID}, "-created_at": {At: engines().CreatedAt, ID: engines().ID},
		"name": {Key: "Analytical Engines", ID: engines().ID}, "-slug": {Key: "engines", ID: engines().ID},
	} {
		target := "/organizations?plan=team&limit=1&sort=" + sort
		next := links(w.ask(t, "GET", target, "").Header().Get("Link"))["next"]
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
		for _, other := range []string{strings.Replace(next, "plan=team", "plan=free", 1), strings.Replace(next, "plan=team&", "", 1), strings.Replace(next, "/organizations", "/users", 1)} {
			if answer := w.ask(t, "GET", other, ""); answer.Code != 400 {
				t.Errorf("a cursor of another question is read: %s", other)
			}
		}
	}
	w.organizations.ListOrganizationsFunc = func(context.Context, ports.ListOrganizations) (ports.Page[domain.Organization], error) {
		return ports.Page[domain.Organization]{}, hidden()
	}
	refused(t, w.ask(t, "GET", "/organizations", ""), 500, "internal")
}

func testOrganizationTotals(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "GET", "/organizations", "")
	none := w.ask(t, "GET", "/organizations?total=none", "").Header()
	if len(w.organizations.CountOrganizationsCalls()) > 0 || none.Get("X-Total-Count") != "" || none.Get("X-Total-Kind") != "" {
		t.Errorf("it was counted though nobody asked: %v", none)
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

func testOrganizationCommands(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "POST", "/organizations", foundation, "Idempotency-Key", "k-1")
	made := w.organizations.CreateOrganizationCalls()[0].CreateOrganization
	if o := made.Organization; o.Name.String() != "Engines" || o.Slug.String() != "engines-2" || o.Plan != free().Code || made.Owner != ada().ID || o.ID.String() != adaID {
		t.Errorf("created %+v", made)
	}
	w.ask(t, "PUT", orgPath, replacement, "Idempotency-Key", "k-2", "If-Match", `"3"`)
	w.ask(t, "PATCH", orgPath, `{"slug":"engines-2"}`, "Idempotency-Key", "k-3")
	w.ask(t, "PUT", orgPath, replacement)
	calls := w.organizations.ReplaceOrganizationCalls()
	put, patch, plain := calls[0].ReplaceOrganization, calls[1].ReplaceOrganization, calls[2].ReplaceOrganization
	if put.ID != engines().ID || put.IfMatch != 3 || put.Name.String() != "Engines" || put.Slug.String() != "engines-2" || put.Plan != free().Code {
		t.Errorf("replaced by %+v", put)
	}
	for operation, got := range map[string]*ports.Idempotency{
		"createOrganization k-1": made.Idempotency, "replaceOrganization k-2": put.Idempotency, "patchOrganization k-3": patch.Idempotency,
	} {
		if got == nil || got.Operation+" "+got.Key != operation || got.Caller != "local" || got.Fingerprint == [32]byte{} {
			t.Errorf("%s reached the store as %+v", operation, got)
		}
	}
	if plain.Idempotency != nil || plain.IfMatch != 0 {
		t.Errorf("a request without a key or a condition is %+v", plain)
	}
	w.ask(t, "DELETE", orgPath, "", "If-Match", `"2"`)
	if got := w.organizations.DeleteOrganizationCalls()[0]; got.ID != engines().ID || got.IfMatch != 2 {
		t.Errorf("deleted %+v", got)
	}
	refused(t, w.ask(t, "PUT", orgPath, replacement, "Idempotency-Key", "a b"), 400, "key", "?Idempotency-Key")
}

func testOrganizationBodies(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for body, places := range map[string][]string{
		`{}`: {"/name", "/slug", "/plan", "/owner"},
		`{"name":" ","slug":"-","plan":"Team","owner":"x"}`:                                    {"/name", "/slug", "/plan", "/owner"},
		`{"name":1,"slug":null,"plan":[],"owner":{}}`:                                          {"/name", "/slug", "/plan", "/owner"},
		`{"id":"x","slug":"Engines","version":1}`:                                              {"/id", "/version", "/name", "/plan", "/owner", "/slug"},
		`{"name":"` + strings.Repeat("é", 201) + `",` + foundation[len(`{"name":"Engines",`):]: {"/name"},
	} {
		t.Run("creating by "+body[:min(len(body), 60)], func(t *testing.T) {
			refused(t, w.ask(t, "POST", "/organizations", body), 422, "invalid", places...)
		})
	}
	refused(t, w.ask(t, "PUT", orgPath, `{"slug":"Engines","owner":"x"}`), 422, "invalid", "/owner", "/name", "/plan", "/slug")
	refused(t, w.ask(t, "PUT", "/organizations/x?y=1", `{"name":"a","slug":"Engines"}`, "If-Match", "1"), 400, "parameter", "?id", "?If-Match", "?y", "/plan", "/slug")
	refused(t, w.ask(t, "GET", "/organizations/x", "", "If-None-Match", "1"), 400, "parameter", "?id", "?If-None-Match")
	refused(t, w.ask(t, "DELETE", "/organizations/x?y=1", ""), 400, "parameter", "?id", "?y")
	refused(t, w.ask(t, "POST", "/organizations", foundation, "Content-Type", "text/plain"), 415, "media-type")
	refused(t, w.ask(t, "PUT", orgPath, replacement, "Content-Type", "application/merge-patch+json"), 415, "media-type")
	refused(t, w.ask(t, "POST", "/organizations", foundation+"x"), 400, "unreadable")
	if made, changed := len(w.organizations.CreateOrganizationCalls()), len(w.organizations.ReplaceOrganizationCalls()); made+changed > 0 {
		t.Errorf("bad bodies made %d organizations and changed %d", made, changed)
	}
}

func testOrganizationPatches(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for body, want := range map[string]ports.ReplaceOrganization{
		`{}`:                             {},
		`{"name":"Analytical Engines"}`:  {Name: engines().Name},
		`{"slug":"engines","version":9}`: {Slug: engines().Slug},
		`{"plan":"team","id":"x"}`:       {Plan: team().Code},
	} {
		for _, mediaType := range []string{"application/merge-patch+json", "application/json"} {
			w.ask(t, "PATCH", orgPath, body, "Content-Type", mediaType)
			calls := w.organizations.ReplaceOrganizationCalls()
			want.ID = engines().ID
			if got := calls[len(calls)-1].ReplaceOrganization; got != want {
				t.Errorf("%s became %+v", body, got)
			}
		}
	}
	before := len(w.organizations.ReplaceOrganizationCalls())
	for body, places := range map[string][]string{
		`{"name":null,"slug":null,"plan":null}`: {"/name", "/slug", "/plan"},
		`{"name":"","owner":"x","slug":"A"}`:    {"/owner", "/name", "/slug"},
		`[]`:                                    {""},
	} {
		refused(t, w.ask(t, "PATCH", orgPath, body), 422, "invalid", places...)
	}
	refused(t, w.ask(t, "PATCH", "/organizations/x", `{"name":null}`), 400, "parameter", "?id", "/name")
	if got := len(w.organizations.ReplaceOrganizationCalls()); got != before {
		t.Errorf("%d bad patches reached the store", got-before)
	}
}

func testOrganizationConditions(t *testing.T, edge Edge) {
	writes := []struct{ method, body string }{{"PUT", replacement}, {"PATCH", "{}"}, {"DELETE", ""}}
	for _, c := range writes {
		t.Run(c.method, func(t *testing.T) {
			w := newWorld(t, edge)
			asked := new([]domain.Version)
			write := func(version domain.Version) (domain.Organization, error) {
				if *asked = append(*asked, version); version != 0 && version != 2 {
					return domain.Organization{}, failing(domain.Stale, domain.ReasonVersion, "")
				}
				return engines(), nil
			}
			w.organizations.ReplaceOrganizationFunc = func(_ context.Context, in ports.ReplaceOrganization) (domain.Organization, error) {
				return write(in.IfMatch)
			}
			w.organizations.DeleteOrganizationFunc = func(_ context.Context, _ domain.OrganizationID, version domain.Version) error {
				_, err := write(version)
				return err
			}
			testMatches(t, asked, func(tags string) *httptest.ResponseRecorder {
				return w.ask(t, c.method, orgPath, c.body, "If-Match", tags)
			})
		})
	}
	t.Run("conditions can be required", func(t *testing.T) {
		strict := newWorld(t, edge, func(o *rest.Options) { o.RequireIfMatch = true })
		for _, c := range writes {
			refused(t, strict.ask(t, c.method, orgPath, c.body), 428, "precondition-required")
			if answer := strict.ask(t, c.method, orgPath, c.body, "If-Match", "*"); answer.Code >= 300 {
				t.Errorf("%s is refused: %d %s", c.method, answer.Code, answer.Body)
			}
		}
	})
	t.Run("what the caller has is not sent again", func(t *testing.T) {
		w := newWorld(t, edge)
		for tags, same := range map[string]bool{`"1"`: true, `W/"1"`: true, `*`: true, `"2", "1"`: true, `"2"`: false, `"x"`: false} {
			answer := w.ask(t, "GET", orgPath, "", "If-None-Match", tags)
			if got := answer.Header().Get("ETag"); (answer.Code == 304) != same || got != `"1"` || same == (answer.Body.Len() > 0) {
				t.Errorf("If-None-Match: %s is answered with %d, ETag %q and %d bytes", tags, answer.Code, got, answer.Body.Len())
			}
		}
	})
}
