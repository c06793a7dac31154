// Package system is the clock and the source of identifiers of a running Roster.
package system

import (
	"time"

	"github.com/google/uuid"

	"github.com/roster-directory/roster/ports"
)

// Clock tells the machine's time.
type Clock struct{}

// NewClock returns the machine's clock.
func NewClock() Clock { return Clock{} }

// Now returns the present time.
func (Clock) Now() time.Time { return time.Now() }

// IDs makes UUIDs of version 7 (RFC 9562). Those of one process sort in the
// order in which they were made.
type IDs struct{}

// NewIDs returns a source of identifiers.
func NewIDs() IDs { return IDs{} }

// NewID returns a new identifier. It panics where the operating system gives
// no random numbers, as crypto/rand does.
func (IDs) NewID() [16]byte { return uuid.Must(uuid.NewV7()) }

var (
	_ ports.Clock = Clock{}
	_ ports.IDs   = IDs{}
)
