package ports

import "time"

// Clock tells the time.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
}

// IDs makes unique identifiers: UUIDs of version 7 (RFC 9562).
type IDs interface {
	// NewID returns a new identifier.
	NewID() [16]byte
}

// Random is a source of random bytes that is fit for secrets.
type Random interface {
	// Fill fills b.
	Fill(b []byte)
}
