package resttest

import (
	"encoding/json"
	"strings"
	"testing"
)

func testParameters(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, id := range []string{
		"x", "search1", strings.Repeat("0", 32), adaID[:35], adaID + "0", "{" + adaID + "}", "urn:uuid:" + adaID,
		strings.Replace(adaID, "-", "0", 1), strings.Replace(adaID, "0", "g", 1), "%00", "%ff", adaID + "%20", "%5C", "..%5c" + adaID,
		strings.Repeat("9", 4000),
	} {
		t.Run("the id "+id[:min(len(id), 60)], func(t *testing.T) {
			refused(t, w.ask(t, "GET", "/users/"+id, ""), 400, "parameter", "?id")
			refused(t, w.ask(t, "PUT", "/users/"+id, bob), 400, "parameter", "?id")
			refused(t, w.ask(t, "DELETE", "/users/"+id, ""), 400, "parameter", "?id")
		})
	}
	for _, limit := range []string{"0", "1001", "-1", "%2B5", "+5", "ten", "5.0", "5e1", "0x5", "99999999999999999999", ""} {
		t.Run("the limit "+limit, func(t *testing.T) {
			refused(t, w.ask(t, "GET", "/users?limit="+limit, ""), 400, "parameter", "?limit")
			refused(t, w.ask(t, "POST", "/users/search?limit="+limit, `{"term":"ada"}`), 400, "parameter", "?limit")
			refused(t, w.ask(t, "GET", "/reports/engagement?"+window+"&limit="+limit, ""), 400, "parameter", "?limit")
		})
	}
	testQueries(t, w)
}

func testQueries(t *testing.T, w *world) {
	for _, c := range []struct{ method, target, places string }{
		{"GET", "/users?limit", "?limit"},
		{"GET", "/users?limit=5&limit=5", "?limit"},
		{"GET", "/users?limit=%zz", "?limit"},
		{"GET", "/users?limit=5;x=1", "?limit"},
		{"GET", "/users?page=2", "?page"},
		{"GET", "/users?Limit=5", "?Limit"},
		{"GET", "/users?limit=5&", `?""`},
		{"GET", "/users?%ff=5", "?\ufffd"},
		{"GET", "/users?limit=0&page=2&sort=x", "?page ?sort ?limit"},
		{"POST", "/users?limit=5", "?limit"},
		{"POST", "/users/search?limit=0", "?limit"},
		{"POST", "/users/search?term=x", "?term"},
		{"GET", "/users/" + adaID + "?x=1", "?x"},
		{"PUT", "/users/" + adaID + "?x=1", "?x"},
		{"DELETE", "/users/" + adaID + "?x=1", "?x"},
		{"GET", "/livez?x=1", "?x"},
		{"GET", "/readyz?x=1", "?x"},
		{"GET", "/reports/engagement", "?from ?to"},
		{"GET", "/reports/engagement?from=2026-01-01T00:00:00Z", "?to"},
		{"GET", "/reports/engagement?from=2026-01-01&to=yesterday", "?from ?to"},
		{"GET", "/reports/engagement?from=2026-01-01T00:00:00&to=2026-02-30T00:00:00Z", "?from ?to"},
		{"GET", "/reports/engagement?from=2026-01-01T00:00:00+01:00&to=2026-02-01T00:00:00Z", "?from"},
		{"GET", "/reports/engagement?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "?to"},
		{"GET", "/reports/engagement?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "?to"},
		{"GET", "/reports/engagement?" + window + "&limit=0", "?limit"},
		{"GET", "/reports/engagement?" + window + "&from=2026-01-01T00:00:00Z", "?from"},
	} {
		t.Run(c.method+" "+c.target, func(t *testing.T) {
			body := ""
			switch c.method {
			case "POST", "PUT":
				if body = bob; strings.Contains(c.target, "search") {
					body = `{"term":"ada"}`
				}
			}
			refused(t, w.ask(t, c.method, c.target, body), 400, "parameter", strings.Split(c.places, " ")...)
		})
	}
	t.Run("a fault has a text", func(t *testing.T) {
		for target, want := range map[string]string{
			"/users?limit=5&limit=6": "is given more than once", "/users?limit=": "has no value", "/users?page=2": "takes limit",
			"/users/" + adaID + "?x=1": "takes fields, deleted", "/livez?x=1": "takes no parameters",
		} {
			if response := w.ask(t, "GET", target, ""); !strings.Contains(response.Body.String(), want) {
				t.Errorf("the fault of %s lacks %q: %s", target, want, response.Body)
			}
		}
	})
	t.Run("a plus that became a space is named", func(t *testing.T) { testPlus(t, w) })
	t.Run("faults of the path and the body are listed together", func(t *testing.T) {
		refused(t, w.ask(t, "PUT", "/users/x", `{"username":"bob"}`), 400, "parameter", "?id", "/email")
	})
}

// testPlus sends what has a plus, in every kind of parameter.
func testPlus(t *testing.T, w *world) {
	t.Helper()
	for target, parameter := range map[string]string{
		"/users?email=ada+news@example.com":                                 "email",
		"/users?%65mail=ada+news@example.com":                               "email",
		"/users?username=a+b":                                               "username",
		"/users?email_domain=a+b.example":                                   "email_domain",
		"/users?limit=5&created_from=2026-01-01T00:00:00+01:00":             "created_from",
		"/users?changed_since=2026-01-01T00:00:00+01:00":                    "changed_since",
		"/users?cursor=a+b":                                                 "cursor",
		"/users?organization=a+b":                                           "organization",
		"/users?fields=id,+email":                                           "fields",
		"/organizations?slug=a+b":                                           "slug",
		"/reports/engagement?from=2026-01-01T00:00:00+01:00":                "from",
		"/reports/engagement?" + window + "&bucket=day&time_zone=Etc/GMT+5": "time_zone",
	} {
		response := w.ask(t, "GET", target, "")
		var p problem
		if err := json.Unmarshal(response.Body.Bytes(), &p); err != nil || response.Code != 400 {
			t.Errorf("%s: %d %s, %v", target, response.Code, response.Body, err)
			continue
		}
		if first := p.Errors[0]; first.place() != "?"+parameter || !strings.Contains(first.Fix, "%2B") || !strings.Contains(p.Detail, "%2B") {
			t.Errorf("%s: the fix does not tell of the plus: %s", target, response.Body)
		}
		plain := w.ask(t, "GET", strings.ReplaceAll(target, "+", "%20"), "")
		if strings.Contains(plain.Body.String(), "%2B") {
			t.Errorf("%s with spaces tells of a plus: %s", target, plain.Body)
		}
	}
}
