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

func testOrganizationCommands(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "POST", "/organizations", foundation, "Idempotency-Key", "k-1")
	made := w.organizations.CreateOrganizationCalls()[0].CreateOrganization
	if o := made.Organization; o.Name.String() != "Engines" || o.Slug.String() != "engines-2" || o.Plan != free().Code ||
		made.Owner != ada().ID || o.ID.String() != adaID {
		t.Errorf("created %+v", made)
	}
	w.ask(t, "PUT", orgPath, replacement, "Idempotency-Key", "k-2", "If-Match", `"3"`)
	w.ask(t, "PATCH", orgPath, `{"slug":"engines-2"}`, "Idempotency-Key", "k-3")
	w.ask(t, "PUT", orgPath, replacement)
	calls := w.organizations.ReplaceOrganizationCalls()
	put, patch, plain := calls[0].ReplaceOrganization, calls[1].ReplaceOrganization, calls[2].ReplaceOrganization
	if put.ID != engines().ID || put.IfMatch != 3 || put.Name.String() != "Engines" || put.Slug.String() != "engines-2" ||
		put.Plan != free().Code {
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
		`{"name":" ","slug":"-","plan":"Team","owner":"x"}`: {"/name", "/slug", "/plan", "/owner"},
		`{"name":1,"slug":null,"plan":[],"owner":{}}`:       {"/name", "/slug", "/plan", "/owner"},
		`{"id":"x","slug":"Engines","version":1}`: {
			"/id", "/version", "/name", "/plan", "/owner", "/slug",
		},
		`{"name":"` + strings.Repeat("é", 201) + `",` + foundation[len(`{"name":"Engines",`):]: {"/name"},
	} {
		t.Run("creating by "+body[:min(len(body), 60)], func(t *testing.T) {
			refused(t, w.ask(t, "POST", "/organizations", body), 422, "invalid", places...)
		})
	}
	refused(t, w.ask(t, "PUT", orgPath, `{"slug":"Engines","owner":"x"}`), 422, "invalid", "/owner", "/name", "/plan", "/slug")
	refused(t, w.ask(t, "PUT", orgPath, `{"name":"\u200b\ufeff","slug":"-","plan":"Team"}`), 422, "invalid", "/name", "/slug", "/plan")
	refused(t, w.ask(t, "PUT", orgPath, `{"name":"\u0000","slug":"-","plan":"Team"}`), 422, "invalid", "/name", "/slug", "/plan")
	refused(t, w.ask(t, "PUT", "/organizations/x?y=1", `{"name":"a","slug":"Engines"}`, "If-Match", `"1`), 400, "parameter", "?id",
		"?If-Match", "?y", "/plan", "/slug")
	refused(t, w.ask(t, "GET", "/organizations/x", "", "If-None-Match", `"1`), 400, "parameter", "?id", "?If-None-Match")
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
		`{"plan":"Team"}`:                       {"/plan"},
		`{"name":"\u2060"}`:                     {"/name"},
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
			w.organizations.DeleteOrganizationFunc = func(
				_ context.Context, _ domain.OrganizationID, version domain.Version,
			) (ports.Erasure, error) {
				_, err := write(version)
				return finished(), err
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
			if response := strict.ask(t, c.method, orgPath, c.body, "If-Match", "*"); response.Code >= 300 {
				t.Errorf("%s is refused: %d %s", c.method, response.Code, response.Body)
			}
		}
	})
	t.Run("a version that the caller has is not sent again", func(t *testing.T) {
		w := newWorld(t, edge)
		for tags, same := range map[string]bool{`"1"`: true, `W/"1"`: true, `*`: true, `"2", "1"`: true, `"2"`: false, `"x"`: false} {
			response := w.ask(t, "GET", orgPath, "", "If-None-Match", tags)
			if got := response.Header().Get("ETag"); (response.Code == 304) != same || got != `"1"` || same == (response.Body.Len() > 0) {
				t.Errorf("If-None-Match: %s is answered with %d, ETag %q and %d bytes", tags, response.Code, got, response.Body.Len())
			}
		}
	})
}
