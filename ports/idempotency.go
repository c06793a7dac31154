package ports

import "time"

// Idempotency makes a command that is sent several times take effect once. The
// store keeps the key with the result, in the transaction of the command, for
// KeepKeys. A command with a kept key has no effect and returns the kept result.
// With another Fingerprint, the error is Invalid (ReasonReused). While the first
// command is running, it is a Conflict (ReasonInProgress), at once. Both name
// "Idempotency-Key". A command that fails leaves no key. The erasure of a user
// removes the results that show it; their keys are then refused as reused.
type Idempotency struct {
	// Keys of different Callers or Operations are different.
	Caller, Operation string
	// Key is the caller's own, not empty.
	Key string
	// Fingerprint is a digest of the whole command.
	Fingerprint [32]byte
	// At is the time of the command.
	At time.Time
}

// KeepKeys is how long the store keeps a key.
const KeepKeys = 24 * time.Hour
