// Package system provides the clock, the identifiers and the random numbers of a
// running Roster.
package system

import (
	"crypto/rand"
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

// Random is the random numbers of the operating system.
type Random struct{}

// NewRandom returns the random numbers of the operating system.
func NewRandom() Random { return Random{} }

// Fill fills b. Like crypto/rand, it panics if the operating system returns no
// random numbers.
func (Random) Fill(b []byte) { _, _ = rand.Read(b) }

var (
	_ ports.Clock  = Clock{}
	_ ports.IDs    = IDs{}
	_ ports.Random = Random{}
)
