package app

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// claimed is key with who sends it and when; nil stays nil.
func claimed(key *ports.Idempotency, caller domain.Principal, now time.Time) *ports.Idempotency {
	if key == nil {
		return nil
	}
	whole := *key
	whole.Caller, whole.At = caller.Subject, domain.Instant(now)
	return &whole
}
