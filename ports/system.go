package ports

import "time"

// Clock tells the time.
type Clock interface {
	// Now returns the present time.
	Now() time.Time
}

// IDs makes identifiers: UUIDs of version 7 (RFC 9562), never the same twice.
type IDs interface {
	// NewID returns a new identifier.
	NewID() [16]byte
}
