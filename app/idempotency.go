package app

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Idempotency makes a command that is sent several times take effect once; see
// ports.Idempotency. Keys of different callers and operations are different.
type Idempotency struct {
	Operation string
	// Key is the caller's own, not empty.
	Key string
	// Fingerprint is a digest of the whole command.
	Fingerprint [32]byte
}

// command is the key as the store takes it; nil stays nil.
func (k *Idempotency) command(caller domain.Principal, now time.Time) *ports.Idempotency {
	if k == nil {
		return nil
	}
	return &ports.Idempotency{
		Caller: caller.Identity(), Operation: k.Operation, Key: k.Key, Fingerprint: k.Fingerprint, At: domain.Instant(now),
	}
}
