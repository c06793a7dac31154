package rest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest/guard"
	"github.com/roster-directory/roster/adapters/rest/negotiation"
	"github.com/roster-directory/roster/domain"
)

func TestOneProblemAmongErrorsIsAnswered(t *testing.T) {
	other := errors.New("other")
	if got := problemOf(errors.Join(other, newProblem(kindTooLarge, "x"))); got.kind != kindTooLarge {
		t.Errorf("answered with %+v", got)
	}
	joined := errors.Join(domain.Missing("email"), domain.Missing("email"), inParameter(domain.Missing("limit")))
	if got := problemOf(joined); got.kind != kindParameter || len(got.faults) != 2 || !strings.Contains(got.detail, "1 more") {
		t.Errorf("answered with %+v", got)
	}
}

func TestARefusedRequestHasAProblem(t *testing.T) {
	for _, c := range []struct {
		err    error
		kind   problemKind
		status int
	}{
		{&guard.RefusedError{Rule: guard.Host, Detail: "why"}, kindHost, 421},
		{&guard.RefusedError{Rule: guard.Origin, Detail: "why"}, kindOrigin, 403},
		{&guard.RefusedError{Rule: guard.Length, Detail: "why"}, kindTooLong, 414},
		{&guard.RefusedError{Rule: guard.Path, Detail: "why"}, kindNoPath, 404},
		{&negotiation.NotAcceptableError{Detail: "why"}, kindNotAcceptable, 406},
		{&negotiation.UnsupportedError{Detail: "why"}, kindMedia, 415},
	} {
		got := problemOf(fmt.Errorf("before: %w", c.err))
		if got.kind != c.kind || got.kind.status() != c.status || got.detail != "why" {
			t.Errorf("%#v is answered with %+v", c.err, got)
		}
	}
}

func TestPointersFollowRFC6901(t *testing.T) {
	for field, want := range map[string]string{
		"email": "/email", "events[3].kind": "/events/3/kind", "/a~1b": "/a~1b", wholeBody: "", "/": "/",
	} {
		if got := pointerTo(field); got != want {
			t.Errorf("%q is at %q, not %q", field, got, want)
		}
	}
}
