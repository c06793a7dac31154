package rest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// handlerOf serves one route as Mount does, within the middleware.
func handlerOf(t *testing.T, each route) http.Handler {
	t.Helper()
	return newAPI(t, new(bytes.Buffer)).Middleware(announcing(each))
}

func newRequest(method string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "http://localhost/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestADeprecatedOperationSaysSo(t *testing.T) {
	leaving := route{
		deprecated: "2026-11-23", sunset: "2027-06-01",
		handle: func(w http.ResponseWriter, r *http.Request) {
			if err := negotiated(w, r, "application/json"); err != nil {
				failures{}.answer(w, r, err)
				return
			}
			w.Header()["Link"] = []string{`</users?cursor=x>; rel="next"`}
			_, _ = w.Write([]byte("[]"))
		},
	}
	for name, r := range map[string]*http.Request{"a response": newRequest("GET"), "a problem": newRequest("GET", "Accept", "text/html")} {
		w := httptest.NewRecorder()
		handlerOf(t, leaving).ServeHTTP(w, r)
		if got := w.Header().Get("Deprecation"); got != "@1795392000" {
			t.Errorf("%s: Deprecation is %q", name, got)
		}
		if got := w.Header().Get("Sunset"); got != "Tue, 01 Jun 2027 00:00:00 GMT" {
			t.Errorf("%s: Sunset is %q", name, got)
		}
		links := strings.Join(w.Header()["Link"], ", ")
		if !strings.Contains(links, `docs/api-policy.md>; rel="deprecation"`) || strings.Contains(links, `rel="next"`) != (w.Code == 200) {
			t.Errorf("%s: Link is %q", name, links)
		}
	}
	leaving.deprecated = ""
	w := httptest.NewRecorder()
	handlerOf(t, leaving).ServeHTTP(w, newRequest("GET"))
	for _, name := range []string{"Deprecation", "Sunset"} {
		if got := w.Header().Get(name); got != "" || len(w.Header()["Link"]) != 1 {
			t.Errorf("an operation that stays has %s %q and the links %q", name, got, w.Header()["Link"])
		}
	}
}

func TestADeprecatedOperationOutsideTheMiddlewareSaysSo(t *testing.T) {
	w := httptest.NewRecorder()
	announcing(route{
		deprecated: "2026-11-23", sunset: "2027-06-01", handle: func(http.ResponseWriter, *http.Request) {},
	})(w, newRequest("GET"))
	if w.Header().Get("Deprecation") == "" || w.Header().Get("Sunset") == "" {
		t.Errorf("it has only %v", w.Header())
	}
}

func TestMalformedDatesAreFoundAtTheStart(t *testing.T) {
	for _, dates := range [][2]string{{"soon", "2027-06-01"}, {"2026-11-23", ""}, {"2026-11-23", "2027-06-01T00:00:00Z"}} {
		func() {
			defer func() {
				if got := recover(); got == nil || !strings.HasPrefix(got.(string), "rest: x-") {
					t.Errorf("%v: %v", dates, got)
				}
			}()
			announcing(route{deprecated: dates[0], sunset: dates[1]})
		}()
	}
}

// TestDeprecationIsAnnouncedInTime holds the contract against docs/api-policy.md.
func TestDeprecationIsAnnouncedInTime(t *testing.T) {
	for path, item := range contract(t).Paths.Map() {
		for method, operation := range item.Operations() {
			since, sunset := operation.Extensions["x-deprecated-at"], operation.Extensions["x-sunset"]
			if fault := deprecationFault(operation.Deprecated, since, sunset); fault != "" {
				t.Errorf("%s %s %s", method, path, fault)
			}
		}
	}
	for _, c := range []struct {
		deprecated    bool
		since, sunset any
		fine          bool
	}{
		{false, nil, nil, true},
		{true, "2026-01-31", "2026-07-31", true},
		{true, "2026-01-31", "2026-07-30", false},
		{true, "2026-01-31", nil, false},
		{true, nil, "2026-07-31", false},
		{true, "31.1.2026", "2026-07-31", false},
		{false, "2026-01-31", "2026-07-31", false},
	} {
		if fault := deprecationFault(c.deprecated, c.since, c.sunset); (fault == "") != c.fine {
			t.Errorf("%+v: %q", c, fault)
		}
	}
}

// deprecationFault says how the dates of an operation break the policy.
func deprecationFault(deprecated bool, since, sunset any) string {
	if !deprecated {
		if since != nil || sunset != nil {
			return "has a date but is not deprecated"
		}
		return ""
	}
	from, _ := since.(string)
	to, _ := sunset.(string)
	began, err := time.Parse(time.DateOnly, from)
	ends, err2 := time.Parse(time.DateOnly, to)
	switch {
	case err != nil || err2 != nil:
		return "is deprecated without x-deprecated-at and x-sunset, as dates (2026-11-23)"
	case ends.Before(began.AddDate(0, 6, 0)):
		return "ends less than six months after its deprecation"
	}
	return ""
}
