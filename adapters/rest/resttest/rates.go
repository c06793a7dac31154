package resttest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/client"
	"github.com/roster-directory/roster/adapters/rest/rates"
	"github.com/roster-directory/roster/domain"
)

// limited is a world with rates, on a clock that only the test moves. Callers are named
// by Authorization, and the others are not known.
type limited struct {
	*world
	seconds int
}

func newLimited(t *testing.T, edge Edge, perSecond, burst int) *limited {
	t.Helper()
	l := &limited{}
	now := func() time.Time { return instant("2026-01-01T00:00:00Z").Add(time.Duration(l.seconds) * time.Second) }
	callers := principals()
	l.world = newBulkWorld(t, edge, func(o *rest.Options) {
		o.Rates = rates.New(perSecond, burst, now)
		o.Authenticate = func(r *http.Request) (domain.Principal, error) {
			name := r.Header.Get("Authorization")
			caller, ok := callers[name]
			if !ok {
				return caller, &domain.Error{
					Kind: domain.Unauthenticated, Reason: domain.ReasonCredentials, Detail: "the token is unknown", Fix: "get another",
				}
			}
			caller.Subject = "key:" + name
			return caller, nil
		}
	})
	return l
}

// as sends a request of a caller.
func (l *limited) as(t *testing.T, caller, method, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	return l.ask(t, method, target, body, "Authorization", caller)
}

func testRates(t *testing.T, edge Edge) {
	t.Run("nothing is limited unless it is asked for", func(t *testing.T) {
		response := newWorld(t, edge).ask(t, "GET", adaPath, "")
		if header := response.Header(); header.Get("RateLimit") != "" || header.Get("RateLimit-Policy") != "" {
			t.Errorf("the headers are %v", header)
		}
	})
	t.Run("each operation has the cost of the contract", func(t *testing.T) { testCosts(t, edge) })
	t.Run("a caller without units waits", func(t *testing.T) { testWaiting(t, edge) })
	t.Run("a cost above the burst takes a whole allowance", func(t *testing.T) { testLargeCosts(t, edge) })
	t.Run("refused requests cost too", func(t *testing.T) { testRefusalsCost(t, edge) })
	t.Run("bodies of refused requests are not read", func(t *testing.T) { testUnreadBodies(t, edge) })
}

// charged sends the client's requests, and compares what each takes with the contract.
type charged struct{ wire }

func (c *charged) Do(r *http.Request) (*http.Response, error) {
	r.Header.Set("Authorization", "admin")
	known, err := loadContract()
	if err != nil {
		return nil, err
	}
	asked := r.Clone(r.Context())
	asked.URL.Scheme, asked.URL.Host, asked.Host = "", "", "127.0.0.1:3000"
	route, _, err := known.router.FindRoute(asked)
	if err != nil {
		return nil, err
	}
	response, err := c.wire.Do(r)
	if err != nil {
		return nil, err
	}
	want, policy := "", ""
	if operation := route.Operation; operation.Security != nil && len(*operation.Security) > 0 {
		cost := 1
		if extension, ok := operation.Extensions["x-cost"]; ok {
			cost = int(extension.(float64))
		}
		want, policy = fmt.Sprintf(`"default";r=%d;t=1`, 1000-cost), `"default";q=1000;w=100`
	}
	if header := response.Header; header.Get("RateLimit") != want || header.Get("RateLimit-Policy") != policy {
		c.t.Errorf("%s: the headers are %q and %q, want %q and %q", route.Operation.OperationID,
			header.Get("RateLimit"), header.Get("RateLimit-Policy"), want, policy)
	}
	return response, nil
}

func testCosts(t *testing.T, edge Edge) {
	l := newLimited(t, edge, 10, 1000)
	doer := &charged{wire{t: t, w: l.world}}
	roster, err := client.NewClientWithResponses("http://127.0.0.1:3000", client.WithHTTPClient(doer))
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range clientCalls(t.Context(), roster) {
		if _, err := call.do(); err != nil {
			t.Errorf("%s: %v", call.name, err)
		}
		l.seconds += 100
	}
}

// waits checks that a response is a refusal, and returns after how many seconds the
// request may be sent again.
func waits(t *testing.T, response *httptest.ResponseRecorder) int {
	t.Helper()
	refused(t, response, 429, "rate")
	seconds, err := strconv.Atoi(response.Header().Get("Retry-After"))
	if err != nil || seconds < 1 {
		t.Fatalf("Retry-After is %q", response.Header().Get("Retry-After"))
	}
	return seconds
}

func testWaiting(t *testing.T, edge Edge) {
	l := newLimited(t, edge, 2, 30)
	for want := 20; want >= 0; want -= 10 {
		l.as(t, "read", "GET", "/users", "")
		response := l.as(t, "read", "POST", "/users/search", `{"term":"ada"}`)
		if got := response.Header().Get("RateLimit"); response.Code != 200 || got != fmt.Sprintf(`"default";r=%d;t=1`, want) {
			t.Errorf("%d, RateLimit is %s, want %d remaining", response.Code, got, want)
		}
	}
	response := l.as(t, "read", "GET", "/users", "")
	if header := response.Header(); header.Get("RateLimit") != `"default";r=0;t=1` || header.Get("RateLimit-Policy") != `"default";q=30;w=15` {
		t.Errorf("the headers are %v", header)
	}
	wait := waits(t, response)
	accepted(t, l.as(t, "write", "GET", "/me", ""), 200, `{"subject":"key:write","scopes":["write"],"roles":{}}`)
	l.seconds += wait - 1
	waits(t, l.as(t, "read", "GET", "/users", ""))
	l.seconds++
	if response := l.as(t, "read", "GET", "/users", ""); response.Code != 200 {
		t.Errorf("after %d s: %d %s", wait, response.Code, response.Body)
	}
	waits(t, l.as(t, "read", "HEAD", "/users", ""))
	if reads := len(l.users.ListUsersCalls()); reads != 4 {
		t.Errorf("the store listed users %d times", reads)
	}
}

func testLargeCosts(t *testing.T, edge Edge) {
	l := newLimited(t, edge, 5, 20)
	for range 2 {
		if response := l.as(t, "admin", "GET", "/bulk/users", ""); response.Code != 200 {
			t.Errorf("from a whole allowance: %d %s", response.Code, response.Body)
		}
		wait := waits(t, l.as(t, "admin", "GET", "/bulk/users", ""))
		if wait != 4 {
			t.Errorf("it is to wait %d s for a whole allowance", wait)
		}
		l.seconds += wait
	}
}

func testRefusalsCost(t *testing.T, edge Edge) {
	l := newLimited(t, edge, 1, 3)
	for range 3 {
		refused(t, l.as(t, "read", "DELETE", adaPath, ""), 403, "denied")
	}
	response := l.as(t, "read", "GET", adaPath, "")
	waits(t, response)
	if challenge := response.Header().Get("WWW-Authenticate"); challenge != "" {
		t.Errorf("a known caller is challenged by %s", challenge)
	}
	for i := range 3 {
		response := l.as(t, fmt.Sprint("guess", i), "GET", adaPath, "")
		refused(t, response, 401, "unauthenticated")
		if got := response.Header().Get("RateLimit"); got != "" {
			t.Errorf("an unknown caller is told of %s", got)
		}
	}
	response = l.as(t, "guess", "GET", adaPath, "")
	waits(t, response)
	want := `Bearer error="invalid_token", error_description="the token is unknown"`
	if challenge := response.Header().Get("WWW-Authenticate"); challenge != want {
		t.Errorf("WWW-Authenticate is %q", challenge)
	}
	accepted(t, l.as(t, "admin", "GET", adaPath, ""), 200, adaJSON)
	accepted(t, l.ask(t, "GET", "/livez", ""), 200, `{"status":"ok"}`)
	for range 5 {
		if code := l.as(t, "guess", "GET", "/nowhere", "").Code; code != 404 {
			t.Errorf("a path that does not exist: %d", code)
		}
	}
}

// unread is a body that must not be read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body is read")
	return 0, io.EOF
}

func testUnreadBodies(t *testing.T, edge Edge) {
	l := newLimited(t, edge, 1, 20)
	l.as(t, "admin", "GET", "/bulk/users", "")
	for _, target := range []string{"/events", "/users", "/bulk/users"} {
		r := newRequest(t.Context(), "POST", target, "x", "Authorization", "admin")
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(nil), unread{t}))
		if target == "/bulk/users" {
			r.Header.Set("Content-Type", ndjson)
		}
		waits(t, l.send(r))
	}
	if n := len(l.events.AddEventsCalls()) + len(l.users.CreateUserCalls()); n != 0 {
		t.Errorf("the store got %d commands", n)
	}
}
