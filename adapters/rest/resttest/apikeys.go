package resttest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	keyPath = "/keys/" + adaID
	keyJSON = `{"id":"` + adaID + `","name":"Für \"billing\"","scopes":["read","write"],"organization":"` + orgID + `","role":"admin",` +
		`"created_at":"2026-01-01T00:00:01Z","created_by":"local","expires_at":"2036-01-01T00:00:00Z",` +
		`"revoked_at":"2026-01-03T00:00:00Z","revoked_by":"key:1","last_used_at":"2026-01-02T00:00:00Z"}`
	plainKeyJSON = `{"id":"` + adaID + `","name":"billing","scopes":["read"],"created_at":"2026-01-01T00:00:01Z","created_by":"local"}`
	newKeyJSON   = `{"name":"billing","scopes":["read"]}`
	secretDigits = "0000000000000000000000000000000000000000000" // the random bytes of a world are zeros
)

func plainKey() domain.APIKey {
	return domain.APIKey{
		ID: domain.APIKeyID(ada().ID), Name: domain.MustParse(domain.ParseAPIKeyName("billing")), Scopes: []domain.Scope{domain.ScopeRead},
		CreatedAt: instant("2026-01-01T00:00:01Z"), CreatedBy: "local",
	}
}

// storedKey is a key with everything that a key may have. Its secret is that of
// token.
func storedKey() ports.StoredAPIKey {
	key := plainKey()
	key.Name = domain.MustParse(domain.ParseAPIKeyName(`Für "billing"`))
	key.Scopes = []domain.Scope{domain.ScopeRead, domain.ScopeWrite}
	key.Organization, key.Role = engines().ID, domain.Admin
	key.LastUsedAt, key.RevokedAt = instant("2026-01-02T00:00:00Z"), instant("2026-01-03T00:00:00Z")
	key.ExpiresAt = instant("2036-01-01T00:00:00Z")
	key.RevokedBy = "key:1"
	return ports.StoredAPIKey{Key: key, Hash: token().Hash()}
}

func token() domain.APIToken { return domain.APIToken{ID: plainKey().ID, Secret: secretDigits} }

func testAPIKeys(t *testing.T, edge Edge) {
	t.Run("operations follow the contract", func(t *testing.T) { testKeyResponses(t, edge) })
	t.Run("a token is in one response only, which nothing keeps", func(t *testing.T) { testTokensAreShownOnce(t, edge) })
	t.Run("requests that break the contract are refused", func(t *testing.T) { testKeyFaults(t, edge) })
	t.Run("only administrators have keys", func(t *testing.T) { testKeyRights(t, edge) })
	t.Run("callers prove who they are by a token", func(t *testing.T) { testTokens(t, edge) })
	t.Run("tokens that are no API keys are access tokens", func(t *testing.T) { testAccessTokens(t, edge) })
	t.Run("a caller can ask who it is", func(t *testing.T) { testMe(t, edge) })
}

func testKeyResponses(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, c := range []struct {
		name, method, target, body string
		status                     int
		want                       string
	}{
		{"list", "GET", "/keys", "", 200, "[" + keyJSON + "," + plainKeyJSON + "]"},
		{"list those of an organization", "GET", "/keys?limit=2&organization=" + orgID, "", 200, "[" + keyJSON + "," + plainKeyJSON + "]"},
		{"get", "GET", keyPath, "", 200, keyJSON},
		{"revoke", "DELETE", keyPath, "", 204, ""},
	} {
		t.Run(c.name, func(t *testing.T) { accepted(t, w.ask(t, c.method, c.target, c.body), c.status, c.want) })
	}
	if got := w.apiKeys.ListAPIKeysCalls()[1].ListAPIKeys.Organization; got != engines().ID {
		t.Errorf("keys of %v were listed", got)
	}
	if got := w.apiKeys.RevokeAPIKeyCalls()[0].RevokeAPIKey; got.ID != plainKey().ID || got.By != "local" || got.At.IsZero() {
		t.Errorf("the revocation is %+v", got)
	}
}

func testTokensAreShownOnce(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for target, c := range map[string]struct{ body, location string }{
		"/keys": {newKeyJSON, "keys/" + adaID}, keyPath + "/rotate": {`{"overlap":3600}`, "../" + adaID},
	} {
		response := w.ask(t, "POST", target, c.body)
		if response.Code != 201 || !strings.Contains(response.Body.String(), `"token":"`+token().String()+`"`) {
			t.Errorf("%s: %d %s", target, response.Code, response.Body)
		}
		if got := response.Header(); got.Get("Cache-Control") != "no-store" || got.Get("Location") != c.location {
			t.Errorf("%s: the headers are %v", target, got)
		}
	}
	made := w.apiKeys.CreateAPIKeyCalls()[0].StoredAPIKey
	if made.Hash != token().Hash() || made.Key.CreatedBy != "local" {
		t.Errorf("stored %+v", made)
	}
	if got := w.apiKeys.RotateAPIKeyCalls()[0].RotateAPIKey; got.Until != instant("2026-01-01T01:00:01Z") || got.New.Hash != token().Hash() {
		t.Errorf("rotated by %+v", got)
	}
	for _, target := range []string{"/keys", keyPath} {
		if body := w.ask(t, "GET", target, "").Body.String(); strings.Contains(body, secretDigits) {
			t.Errorf("%s shows a secret: %s", target, body)
		}
	}
	if text := w.logs.String(); strings.Contains(text, secretDigits) {
		t.Errorf("the log shows a secret: %s", text)
	}
}

func testKeyFaults(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for body, places := range map[string]string{
		`{}`:                                                "/name /scopes",
		`{"name":"","scopes":["read"]}`:                     "/name",
		`{"name":"a","scopes":[]}`:                          "/scopes",
		`{"name":"a","scopes":["root"]}`:                    "/scopes",
		`{"name":"a","scopes":["read","read"]}`:             "/scopes",
		`{"name":"a","scopes":["read"],"role":"admin"}`:     "/organization",
		`{"name":"a","scopes":["read"],"organization":"1"}`: "/organization",
		`{"name":"a","scopes":["read"],"expires_at":"2026-01-01T00:00:01Z"}`:          "/expires_at",
		`{"name":"a","scopes":["read"],"expires_at":"soon"}`:                          "/expires_at",
		`{"name":"a","scopes":["read"],"token":"roster_"}`:                            "/token",
		`{"name":"a","scopes":["read"],"organization":"` + orgID + `","role":"boss"}`: "/role",
	} {
		refused(t, w.ask(t, "POST", "/keys", body), 422, "invalid", strings.Fields(places)...)
	}
	for body, place := range map[string]string{
		`{"overlap":-1}`: "/overlap", `{"overlap":2592001}`: "/overlap", `{"overlap":99999999999999}`: "/overlap",
		`{"expires_at":"2000-01-01T00:00:00Z"}`: "/expires_at",
	} {
		refused(t, w.ask(t, "POST", keyPath+"/rotate", body), 422, "invalid", place)
	}
	refused(t, w.ask(t, "GET", "/keys/12", ""), 400, "parameter", "?id")
	refused(t, w.ask(t, "GET", "/keys?organization=12", ""), 400, "parameter", "?organization")
}

// keyRequests are one request for each operation on keys.
func keyRequests() []struct{ method, target, body string } {
	return []struct{ method, target, body string }{
		{"GET", "/keys", ""}, {"POST", "/keys", newKeyJSON}, {"GET", keyPath, ""}, {"DELETE", keyPath, ""}, {"POST", keyPath + "/rotate", "{}"},
	}
}

func testKeyRights(t *testing.T, edge Edge) {
	for name, principal := range principals() {
		w := newWorld(t, edge, func(o *rest.Options) {
			o.Authenticate = func(*http.Request) (domain.Principal, error) { return principal, nil }
		})
		for _, c := range keyRequests() {
			response := w.ask(t, c.method, c.target, c.body)
			if name != "admin" {
				refused(t, response, 403, "denied")
			} else if response.Code >= 300 {
				t.Errorf("%s %s is refused: %d %s", c.method, c.target, response.Code, response.Body)
			}
		}
	}
	bound := domain.Principal{Subject: "x", Scopes: []domain.Scope{domain.ScopeAdmin}, Within: domain.OrganizationID{7}}
	w := newWorld(t, edge, func(o *rest.Options) {
		o.Authenticate = func(*http.Request) (domain.Principal, error) { return bound, nil }
	})
	refused(t, w.ask(t, "GET", keyPath, ""), 404, "not-found")
	refused(t, w.ask(t, "DELETE", keyPath, ""), 404, "not-found")
	refused(t, w.ask(t, "POST", keyPath+"/rotate", "{}"), 404, "not-found")
	refused(t, w.ask(t, "POST", "/keys", newKeyJSON), 403, "denied")
	accepted(t, w.ask(t, "GET", "/keys?organization="+orgID, ""), 200, "[]")
	w.ask(t, "GET", "/keys", "")
	if got := w.apiKeys.ListAPIKeysCalls()[0].ListAPIKeys.Organization; got != bound.Within {
		t.Errorf("keys of %v were listed", got)
	}
}

func testTokens(t *testing.T, edge Edge) {
	w := newWorld(t, edge, func(o *rest.Options) { o.Authenticate = nil })
	valid := storedKey()
	valid.Key.RevokedAt, valid.Key.Organization, valid.Key.Role = plainKey().RevokedAt, plainKey().Organization, ""
	reply(&w.apiKeys.StoredAPIKeyFunc, valid, nil)
	accepted(t, w.ask(t, "GET", adaPath, "", "Authorization", "Bearer "+token().String()), 200, adaJSON)
	accepted(t, w.ask(t, "GET", adaPath, "", "Authorization", "bearer  "+token().String()), 200, adaJSON)
	refused(t, w.ask(t, "GET", "/keys", "", "Authorization", "Bearer "+token().String()), 403, "denied")
	other := domain.APIToken{ID: plainKey().ID, Secret: strings.Replace(secretDigits, "0", "1", 1)}
	for name, header := range map[string]string{
		"no token": "", "another scheme": "Basic YTpi", "no credentials": "Bearer", "two tokens": "Bearer a b", "no key": "Bearer a",
		"a typing error": "Bearer " + strings.Replace(token().String(), "0", "1", 1), "another secret": "Bearer " + other.String(),
		"a token of 100 KiB": "Bearer roster_" + strings.Repeat("0", 100<<10),
	} {
		var headers []string
		if header != "" {
			headers = []string{"Authorization", header}
		}
		response := w.ask(t, "GET", adaPath, "", headers...)
		refused(t, response, 401, "unauthenticated")
		challenge := response.Header().Get("WWW-Authenticate")
		if want := map[bool]string{true: "Bearer", false: `Bearer error="invalid_token"`}[header == ""]; !strings.HasPrefix(challenge, want) {
			t.Errorf("%s: WWW-Authenticate is %q", name, challenge)
		}
	}
	bearer := "Bearer " + token().String()
	wrong := w.ask(t, "GET", adaPath, "", "Authorization", "Bearer "+other.String()).Body.String()
	w.replyAPIKeys(&domain.Error{Kind: domain.NotFound})
	if absent := w.ask(t, "GET", adaPath, "", "Authorization", bearer).Body.String(); cut(absent) != cut(wrong) {
		t.Errorf("a key that does not exist is told from a wrong secret:\n%s\n%s", absent, wrong)
	}
	valid.Key.RevokedAt = instant("2026-01-01T00:00:00Z")
	reply(&w.apiKeys.StoredAPIKeyFunc, valid, nil)
	refused(t, w.ask(t, "GET", adaPath, "", "Authorization", bearer), 401, "unauthenticated")
	w.replyAPIKeys(&domain.Error{Kind: domain.Unavailable, Detail: "the database does not answer"})
	refused(t, w.ask(t, "GET", adaPath, "", "Authorization", bearer), 503, "unavailable")
	accepted(t, w.ask(t, "GET", "/livez", ""), 200, `{"status":"ok"}`)
}

// cut is a problem without the id of its request.
func cut(problem string) string {
	text, _, _ := strings.Cut(problem, `"request_id"`)
	return text
}

func testMe(t *testing.T, edge Edge) {
	for want, principal := range map[string]domain.Principal{
		`{"subject":"local","scopes":["admin"],"roles":{}}`: domain.LocalAdministrator(),
		`{"subject":"x","scopes":["read"],"within":"` + orgID + `","roles":{"` + orgID + `":"owner"}}`: {
			Subject: "x", Scopes: []domain.Scope{domain.ScopeRead}, Within: engines().ID,
			Roles: map[domain.OrganizationID]domain.Role{engines().ID: domain.Owner},
		},
		`{"subject":"","scopes":[],"roles":{}}`: {},
	} {
		w := newWorld(t, edge, func(o *rest.Options) {
			o.Authenticate = func(*http.Request) (domain.Principal, error) { return principal, nil }
		})
		accepted(t, w.ask(t, "GET", "/me", ""), 200, want)
	}
}
