package app_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

var (
	now     = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)
	instant = now.Truncate(time.Microsecond)
	newID   = [16]byte{1, 2, 3}
	ada     = domain.MustParse(domain.ParseUsername("Ada"))
	address = domain.MustParse(domain.ParseEmail("ada@example.com"))
	acme    = domain.MustParse(domain.ParseSlug("acme"))
	called  = domain.MustParse(domain.ParseDisplayName("Ada Lovelace"))
	badge   = domain.MustParse(domain.ParseExternalID("hr-1"))
	someone = domain.UserID{7}
	org     = domain.OrganizationID{8}
	key     = app.Idempotency{Operation: "an operation", Key: "a key", Fingerprint: [32]byte{1}}

	admin  = domain.LocalAdministrator()
	writer = domain.Principal{Subject: "w", Scopes: []domain.Scope{domain.ScopeWrite}}
	reader = domain.Principal{Subject: "r", Scopes: []domain.Scope{domain.ScopeRead}}

	errStore = &domain.Error{Kind: domain.Unavailable, Reason: domain.ReasonUnreachable, Detail: "the store sleeps"}
)

func clock() ports.Clock {
	return &portsmock.ClockMock{NowFunc: func() time.Time { return now }}
}

func ids() ports.IDs {
	return &portsmock.IDsMock{NewIDFunc: func() [16]byte { return newID }}
}

// refuses checks that each caller is denied, and that a mock without
// functions, which panics when it is called, was not reached.
func refuses(t *testing.T, use func(domain.Principal) error, callers ...domain.Principal) {
	t.Helper()
	for _, caller := range append(callers, domain.Principal{}) {
		if err := use(caller); !errors.Is(err, domain.Denied) {
			t.Errorf("caller %q: got %v, want a Denied error", caller.Subject, err)
		}
	}
}

// passes checks that the store's own error comes back, unchanged.
func passes(t *testing.T, err error) {
	t.Helper()
	if err != error(errStore) { //nolint:errorlint // unchanged is the contract
		t.Errorf("got %v, want the store's error as it is", err)
	}
}

// carries checks that the store's command has every field of the input, with the
// same value, and that neither has a field that is zero.
func carries(t *testing.T, input, command any) {
	t.Helper()
	in, got := reflect.ValueOf(input), reflect.ValueOf(command)
	for i := range got.NumField() {
		if name := got.Type().Field(i).Name; got.Field(i).IsZero() && name != "Within" { // the caller is bound to nothing
			t.Errorf("the store was given no %s", name)
		}
	}
	for i := range in.NumField() {
		name := in.Type().Field(i).Name
		if name == "Idempotency" {
			continue // the service completes it
		}
		if value := in.Field(i); value.IsZero() || value.Interface() != got.FieldByName(name).Interface() {
			t.Errorf("%s is %v, and the store was given %v", name, value, got.FieldByName(name))
		}
	}
	if at := got.FieldByName("At"); at.IsValid() && at.Interface() != instant {
		t.Errorf("the command is of %v, not %v", at, instant)
	}
}

var ctx = context.Background()
