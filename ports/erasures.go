package ports

import "time"

// Erasure is the state of an erasure of a user, or of a deletion of an
// organization. It begins with the command, from when on nothing of the user or
// organization is found, listed or counted. What is stored goes in parts.
type Erasure struct {
	StartedAt time.Time
	// FinishedAt is when nothing remained; zero before.
	FinishedAt time.Time
	// Memberships and Events are how many were removed so far, or, of a user's
	// events, unlinked.
	Memberships int64
	Events      int64
}

// Finished reports whether nothing is left.
func (e Erasure) Finished() bool { return !e.FinishedAt.IsZero() }
