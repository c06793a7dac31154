package rest

import (
	"strings"
	"time"

	"github.com/roster-directory/roster/domain"
)

// fingerprint identifies a query: the operation, and all that selects and orders
// its results. A cursor is valid for one fingerprint.
type fingerprint []byte

// newFingerprint makes the fingerprint of an operation and its filters, each
// written in one way only. A cursor of a bound caller is valid only within the same
// organization, and no other caller's is valid for it.
func newFingerprint(caller domain.Principal, operation string, filters ...string) fingerprint {
	text := operation + "\x00" + strings.Join(filters, "\x00")
	if !caller.Within.IsZero() {
		text = "within " + caller.Within.String() + "\x00" + text
	}
	return fingerprint(text)
}

// organizationText writes an id for a fingerprint; empty where it is absent.
func organizationText(id domain.OrganizationID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// instantText writes an instant for a fingerprint; empty where it is absent.
func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return domain.Instant(t).Format(time.RFC3339Nano)
}
