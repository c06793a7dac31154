package ports

import "time"

// Idempotency makes a command that is sent several times take effect once. The
// store keeps the key with the result, in the transaction of the command, for
// KeepKeys. A command with a key that is kept has no effect and gives that
// result; with another Fingerprint the error is Invalid (ReasonReused), and
// while the first is under way a Conflict (ReasonInProgress), at once. Both
// name "Idempotency-Key". A command that fails leaves no key behind. The
// erasure of a user removes results that tell of it, after which such a key is
// refused as if it came with another Fingerprint.
type Idempotency struct {
	// Caller and Operation are what the Key belongs to.
	Caller, Operation string
	// Key is the caller's own, not empty.
	Key string
	// Fingerprint is a digest of all that the command says.
	Fingerprint [32]byte
	// At is when the command is carried out.
	At time.Time
}

// KeepKeys is how long keys of idempotency are kept.
const KeepKeys = 24 * time.Hour
