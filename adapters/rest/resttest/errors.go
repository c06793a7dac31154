package resttest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

// canary is in the causes of errors. No response may hold it.
const canary = "canary-SELECT-roster.users-at-10.0.0.7"

// hidden is an error of a store, with the text of a driver.
func hidden() error { return fmt.Errorf("query failed: %w", errors.New(canary)) }

func failing(kind domain.Kind, reason domain.Reason, field string) error {
	return fmt.Errorf("adapter: %w",
		&domain.Error{Kind: kind, Reason: reason, Field: field, Detail: "is wrong", Fix: "change it", Err: hidden()})
}

func testErrors(t *testing.T, edge Edge) {
	for _, c := range []struct {
		name   string
		err    error
		status int
		slug   string
		places []string
	}{
		{"an unknown error", hidden(), 500, "internal", nil},
		{"an error of no known kind", failing("odd", "odd", "email"), 500, "internal", nil},
		{"a taken email", failing(domain.Conflict, domain.ReasonTaken, "email"), 409, "taken", []string{"/email"}},
		{"a thing in use", failing(domain.Conflict, domain.ReasonInUse, ""), 409, "in-use", nil},
		{"a last owner", failing(domain.Conflict, domain.ReasonLastOwner, ""), 409, "last-owner", nil},
		{"no seats", failing(domain.Conflict, domain.ReasonSeats, ""), 409, "seats", nil},
		{"a held user", failing(domain.Conflict, domain.ReasonHeld, ""), 409, "held", nil},
		{
			"a key whose request is running", failing(domain.Conflict, domain.ReasonInProgress, "Idempotency-Key"), 409,
			"key-in-progress",
			[]string{"?Idempotency-Key"},
		},
		{
			"a key of another request", failing(domain.Invalid, domain.ReasonReused, "Idempotency-Key"), 422, "key-reused",
			[]string{"?Idempotency-Key"},
		},
		{"another conflict", failing(domain.Conflict, "odd", ""), 409, "conflict", nil},
		{"a stale version", failing(domain.Stale, domain.ReasonVersion, ""), 412, "stale", nil},
		{"an unknown user", failing(domain.NotFound, domain.ReasonUnknown, ""), 404, "not-found", nil},
		{"a missing right", failing(domain.Denied, domain.ReasonScope, ""), 403, "denied", nil},
		{"a rule of the store", failing(domain.Invalid, domain.ReasonUnknown, "events[3].kind"), 422, "invalid", []string{"/events/3/kind"}},
		{"a read-only database", failing(domain.Unavailable, domain.ReasonReadOnly, ""), 503, "read-only", nil},
		{"a busy database", failing(domain.Unavailable, domain.ReasonOverloaded, ""), 503, "overloaded", nil},
		{"a database that was restored", failing(domain.Unavailable, domain.ReasonRestored, ""), 503, "restored", nil},
		{"a database that is gone", failing(domain.Unavailable, domain.ReasonUnreachable, ""), 503, "unavailable", nil},
		{"a deadline", fmt.Errorf("%s: %w", canary, context.DeadlineExceeded), 503, "overloaded", nil},
		{"a cancelled context", fmt.Errorf("%s: %w", canary, context.Canceled), 503, "unavailable", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, edge)
			reply(&w.users.UserByIDFunc, domain.User{}, c.err)
			response := w.sendWith(t.Context(), t, "GET", "/users/"+adaID)
			refused(t, response, c.status, c.slug, c.places...)
			if strings.Contains(response.Body.String(), "canary") || strings.Contains(fmt.Sprint(response.Header()), "canary") {
				t.Errorf("the cause leaks: %v %s", response.Header(), response.Body)
			}
			if got := response.Header().Get("Retry-After"); (got != "") != (c.status == 503 || c.slug == "key-in-progress") {
				t.Errorf("Retry-After is %q", got)
			}
			if logged := w.logs.String(); strings.Contains(logged, canary) != (c.status >= 500) {
				t.Errorf("logged %q", logged)
			} else if c.status >= 500 && !strings.Contains(logged, response.Header().Get("X-Request-Id")) {
				t.Errorf("the log does not name the request: %q", logged)
			}
		})
	}
	t.Run("every operation hides unknown errors", func(t *testing.T) { testCanaries(t, edge) })
	t.Run("a panic is an opaque 500", func(t *testing.T) { testPanics(t, edge) })
}

func testCanaries(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.replyAll(hidden())
	for _, c := range everyRequest() {
		response := w.ask(t, c.method, c.target, c.body)
		refused(t, response, 500, "internal")
		if strings.Contains(response.Body.String(), "canary") {
			t.Errorf("%s %s leaks: %s", c.method, c.target, response.Body)
		}
	}
	if got := strings.Count(w.logs.String(), canary); got != len(everyRequest()) {
		t.Errorf("%d of %d causes are in the log", got, len(everyRequest()))
	}
}

func testPanics(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.users.UserByIDFunc = func(context.Context, domain.UserID) (domain.User, error) { panic(canary) }
	response := w.ask(t, "GET", "/users/"+adaID, "")
	refused(t, response, 500, "internal")
	if strings.Contains(response.Body.String(), "canary") {
		t.Errorf("the panic leaks: %s", response.Body)
	}
	if logged := w.logs.String(); !strings.Contains(logged, canary) || !strings.Contains(logged, "testPanics") {
		t.Errorf("the panic and its stack are not in the log: %q", logged)
	}
	accepted(t, w.ask(t, "GET", "/users", ""), 200, "["+adaJSON+","+adaJSON+"]")
	w.users.UserByIDFunc = func(context.Context, domain.UserID) (domain.User, error) { panic(http.ErrAbortHandler) }
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
			t.Errorf("http.ErrAbortHandler became %v", got)
		}
	}()
	w.ask(t, "GET", "/users/"+adaID, "")
}
