package resttest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
)

func testLogs(t *testing.T, edge Edge) {
	t.Run("a request without a failure is not logged", func(t *testing.T) {
		w := newWorld(t, edge, func(o *rest.Options) { o.SlowRequest = time.Hour })
		w.ask(t, "GET", "/users/"+adaID, "")
		w.ask(t, "POST", "/users", "{}")
		if got := w.logs.String(); got != "" {
			t.Errorf("logged %q", got)
		}
	})
	t.Run("the access log knows routes, not people", func(t *testing.T) {
		w := newWorld(t, edge, func(o *rest.Options) { o.AccessLog = true })
		w.ask(t, "PUT", "/users/"+adaID, `{"username":"secret","email":"secret@example.com"}`, "Authorization", "Bearer secret",
			"X-Request-Id", "mine")
		w.ask(t, "GET", "/users/secret@example.com?q=secret", "")
		w.ask(t, "GET", "/secret", "")
		w.ask(t, "SECRET", "/users", "")
		got := w.logs.String()
		for _, want := range []string{
			`"msg":"request","method":"PUT","route":"PUT /users/{id}","status":200`, `"request_id":"mine"`,
			`"method":"GET","route":"GET /users/{id}","status":400`, `"method":"GET","route":"","status":404`,
			`"method":"other","route":"","status":405`,
		} {
			if !strings.Contains(got, want) {
				t.Errorf("the log lacks %s:\n%s", want, got)
			}
		}
		if strings.Contains(strings.ToLower(got), "secret") || strings.Contains(got, adaID) {
			t.Errorf("the log tells too much:\n%s", got)
		}
	})
	t.Run("a slow request is logged", func(t *testing.T) {
		w := newWorld(t, edge, func(o *rest.Options) { o.SlowRequest = time.Nanosecond })
		w.ask(t, "GET", "/users/"+adaID, "")
		if got := w.logs.String(); !strings.Contains(got,
			`"level":"WARN","msg":"slow request","method":"GET","route":"GET /users/{id}","status":200`) {
			t.Errorf("logged %q", got)
		}
	})
	t.Run("a client that disconnects is no error", func(t *testing.T) {
		w := newWorld(t, edge)
		ctx, giveUp := context.WithCancel(t.Context())
		w.users.UserByIDFunc = func(ctx context.Context, _ domain.UserID) (domain.User, error) {
			giveUp()
			<-ctx.Done()
			return domain.User{}, ctx.Err()
		}
		w.sendWith(ctx, t, "GET", "/users/"+adaID)
		if got := w.logs.String(); !strings.Contains(got, `"level":"DEBUG"`) || strings.Contains(got, `"level":"ERROR"`) {
			t.Errorf("logged %q", got)
		}
	})
	t.Run("a drain is no failure, however often it is probed", func(t *testing.T) { testLogsOfDrain(t, edge) })
	t.Run("a cause is logged without people and secrets, and not sent", func(t *testing.T) { testCauses(t, edge) })
	t.Run("a safe id of a request is kept", func(t *testing.T) { testRequestIDs(t, edge) })
}

func testLogsOfDrain(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.api.Drain()
	for range 3 {
		refused(t, w.ask(t, "GET", "/readyz", ""), 503, "unavailable")
	}
	got := w.logs.String()
	for _, level := range []string{"ERROR", "WARN", "INFO"} {
		if strings.Contains(got, `"level":"`+level) {
			t.Errorf("logged %s", got)
		}
	}
}

func testRequestIDs(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for id, kept := range map[string]bool{
		"abc-DEF_1.2:3": true, strings.Repeat("x", 128): true, strings.Repeat("x", 129): false,
		"": false, "a b": false, "a\"b": false, "ünï": false, "a,b": false,
	} {
		got := w.ask(t, "GET", "/livez", "", "X-Request-Id", id).Header().Get("X-Request-Id")
		if (got == id) != kept || got == "" {
			t.Errorf("%q became %q", id, got)
		}
	}
	first, second := w.ask(t, "GET", "/livez", "").Header(), w.ask(t, "GET", "/livez", "").Header()
	if first.Get("X-Request-Id") == second.Get("X-Request-Id") {
		t.Errorf("two requests have the id %q", first.Get("X-Request-Id"))
	}
}

// testCauses lets errors of every kind and reason have a cause that tells too
// much.
func testCauses(t *testing.T, edge Edge) {
	cause := errors.New("ERROR: canary in row (ada@example.com), Bearer canary-token, " +
		"postgres://roster:canary-password@10.0.0.7/roster (SQLSTATE XX000)")
	for _, kind := range []domain.Kind{
		domain.Invalid, domain.NotFound, domain.Conflict, domain.Stale, domain.Denied, domain.Unavailable, "odd",
	} {
		for _, reason := range []domain.Reason{
			domain.ReasonSyntax, domain.ReasonTaken, domain.ReasonInUse, domain.ReasonLastOwner, domain.ReasonSeats,
			domain.ReasonHeld, domain.ReasonVersion,
			domain.ReasonInProgress, domain.ReasonReused, domain.ReasonScope, domain.ReasonReadOnly, domain.ReasonRestored,
			domain.ReasonOverloaded, domain.ReasonUnreachable, "odd",
		} {
			w := newWorld(t, edge)
			reply(&w.users.UserByIDFunc, domain.User{},
				&domain.Error{Kind: kind, Reason: reason, Field: "email", Detail: "is wrong", Fix: "change it", Err: cause})
			response := w.sendWith(t.Context(), t, "GET", "/users/"+adaID)
			if text := response.Body.String() + fmt.Sprint(response.Header()); strings.Contains(text, "canary") ||
				strings.Contains(text, "SQLSTATE") || strings.Contains(text, "10.0.0.7") {
				t.Errorf("%s, %s: the response is %d %s", kind, reason, response.Code, text)
			}
			logged := w.logs.String()
			if strings.Contains(logged, "canary in row") != (response.Code >= 500) {
				t.Errorf("%s, %s: answered with %d, and logged %s", kind, reason, response.Code, logged)
			}
			for _, secret := range []string{"ada@example.com", "canary-token", "canary-password"} {
				if strings.Contains(logged, secret) {
					t.Errorf("%s, %s: logged %s", kind, reason, logged)
				}
			}
		}
	}
}
