package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

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
	badge   = domain.MustParse(domain.ParseExternalID("hr-1"))
	someone = domain.UserID{7}
	org     = domain.OrganizationID{8}

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

var ctx = context.Background()
