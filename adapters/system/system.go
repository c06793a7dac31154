// Package system provides the clock and the identifiers of a running Roster.
package system

import (
	"time"

	"github.com/google/uuid"

	"github.com/roster-directory/roster/ports"
)

// Clock is the machine's clock.
type Clock struct{}

// NewClock returns the machine's clock.
func NewClock() Clock { return Clock{} }

// Now returns the current time.
func (Clock) Now() time.Time { return time.Now() }

// IDs generates UUIDs of version 7 (RFC 9562). The UUIDs of one process sort in the
// order of their generation.
type IDs struct{}

// NewIDs returns a generator of identifiers.
func NewIDs() IDs { return IDs{} }

// NewID returns a new identifier. Like crypto/rand, it panics if the operating
// system returns no random numbers.
func (IDs) NewID() [16]byte { return uuid.Must(uuid.NewV7()) }

var (
	_ ports.Clock = Clock{}
	_ ports.IDs   = IDs{}
)
