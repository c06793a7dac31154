package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// LogFilter selects entries of the log. A field that is zero lets all pass; the others must
// all match.
type LogFilter struct {
	// Kinds are the kinds of which an entry must have one.
	Kinds   []domain.LogKind
	Subject string
	Actor   string
	// Organization is the one to which entries belong.
	Organization domain.OrganizationID
	// Within, unless it is zero, leaves out what belongs to other organizations.
	Within domain.OrganizationID
	// The range includes From, but not To.
	From, To time.Time
}

// ListLog asks for a page of the log.
type ListLog struct {
	Filter LogFilter
	// After is the position after which the page begins; nil is the beginning.
	After *domain.LogListPosition
	// Limit is the most entries of the page.
	Limit domain.PageSize
}

// LogLister lists the log for people.
type LogLister interface {
	// ListLog returns entries, the newest first. A page shows every entry whose change was
	// acknowledged before the call, unless it comes before After.
	ListLog(context.Context, ListLog) (Page[domain.LogEntry], error)
}

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
	// Memo belongs to all who were given this very entry; nil where nobody else was.
	Memo *Memo
	// Members are the organizations of the user that the entry concerns, if it belongs to
	// no organization.
	Members []domain.OrganizationID
}

// FollowLog asks for the entries after a position.
type FollowLog struct {
	// After is the position of the last entry that the caller knows; nil is the beginning.
	After *LogPosition
	// Limit is the most entries.
	Limit domain.PageSize
}

// Followed are entries of the log in order.
type Followed struct {
	Entries []FollowedEntry
	// Next is the position after which the log continues, now or later.
	Next LogPosition
}

// LostLog is the Gone error of a LogPosition that belongs to a lost history, as for Lost.
func LostLog() error {
	return &domain.Error{
		Kind: domain.Gone, Reason: domain.ReasonLost, Field: "after",
		Detail: "is of entries that were lost when the directory was restored to an earlier moment",
		Fix:    "read what you keep again, and follow the log from its end",
	}
}

// ExpiredLog is the Gone error of a LogPosition before entries that are no longer kept.
func ExpiredLog() error {
	return &domain.Error{
		Kind: domain.Gone, Reason: domain.ReasonExpired, Field: "after",
		Detail: "is before entries that are no longer kept",
		Fix:    "read what you keep again, and follow the log from its end",
	}
}

// LogFollower reads the log in order.
type LogFollower interface {
	// FollowLog returns the entries after a position, at once, even if there are none.
	// It never skips the entry of an acknowledged change: a write that is still running
	// holds back the entries after it. The error is that of LostLog or of ExpiredLog
	// where entries after the position are gone.
	FollowLog(context.Context, FollowLog) (Followed, error)
	// LogEnd is the position of the newest entry that FollowLog shows.
	LogEnd(context.Context) (LogPosition, error)
}

// LogSignal tells that the log may have new entries.
type LogSignal interface {
	// LogWritten receives soon after changes of this process were made, for one reader.
	// Changes of other processes are not signalled.
	LogWritten() <-chan struct{}
}

// LogEntries is everything that a store does for the log. Its entries are written with the changes
// that they tell of.
type LogEntries interface {
	LogLister
	LogFollower
	LogSignal
}
