package ports

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// LogPosition is a position in the log, in the order in which it is followed. Only the
// store that gave it knows what its values mean.
type LogPosition struct {
	Change uint64
	Number int64
	// Timeline names the history of the store to which the position belongs.
	Timeline [16]byte
	// Seen is the last change that a reader of all pages up to here has received.
	Seen uint64
}

// FollowedEntry is an entry of the log for those who follow it.
type FollowedEntry struct {
	Entry domain.LogEntry
	// At is the position of the entry.
	At LogPosition
	// Organizations are those of the members whom a change of a user concerns; entries of
	// other kinds have none beside Entry.Organization.
	Organizations []domain.OrganizationID
}

// FollowLog asks for the entries after a position.
type FollowLog struct {
	// After is the position of the last entry that the caller knows; nil is the beginning.
	After *LogPosition
	// Limit is the most entries.
	Limit int
}

// Followed are entries of the log in order.
type Followed struct {
	Entries []FollowedEntry
	// Next is the position after which the log continues, now or later.
	Next LogPosition
}

// LogFollower reads the log in order.
type LogFollower interface {
	// FollowLog returns the entries after a position, at once, even if there are none.
	// It never skips the entry of an acknowledged change: a write that is still running
	// holds back the entries after it. The error is Gone where entries after the
	// position are lost (as for Lost) or were dropped after their retention.
	FollowLog(context.Context, FollowLog) (Followed, error)
	// LogEnd is the position of the newest entry, from which on only later ones follow.
	LogEnd(context.Context) (LogPosition, error)
}
