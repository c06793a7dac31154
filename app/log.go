package app

import (
	"context"
	"slices"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// MaxLogWait is how long Follow waits at most.
const MaxLogWait = 30 * time.Second

// Log is the service for the log of changes. It needs the scope admin. A caller that is
// bound to an organization sees the entries that belong to it, and those of its members.
type Log struct {
	store ports.LogEntries
	users ports.Users
	tail  *tail
}

// NewLog makes the service.
func NewLog(store ports.LogEntries, users ports.Users) *Log {
	return &Log{store: store, users: users, tail: newTail(func(ctx context.Context) (ports.LogPosition, error) { return store.LogEnd(ctx) })}
}

// List returns a page of the log, the newest entry first. The error is Denied.
func (s *Log) List(ctx context.Context, caller domain.Principal, in ports.ListLog) (ports.Page[domain.LogEntry], error) {
	var visible bool
	in.Filter.Organization, visible = caller.Confine(in.Filter.Organization)
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil || !visible {
		return ports.Page[domain.LogEntry]{}, err
	}
	return s.store.ListLog(ctx, in)
}

// LogOfUser asks what happened to a user.
type LogOfUser struct {
	User domain.UserID
	// After is the position after which the page begins; nil is the beginning.
	After *domain.LogListPosition
	// Limit is the most entries of the page.
	Limit domain.PageSize
}

// OfUser returns a page of what happened to a user, the newest entry first, also of one who
// was deleted or erased. A bound caller sees that of its members, and its own
// organization's memberships. The error is Denied or NotFound.
func (s *Log) OfUser(ctx context.Context, caller domain.Principal, in LogOfUser) (ports.Page[domain.LogEntry], error) {
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil {
		return ports.Page[domain.LogEntry]{}, err
	}
	if !caller.Within.IsZero() {
		if _, err := s.users.UserByIDWithin(ctx, ports.Within[domain.UserID]{Organization: caller.Within, Wanted: in.User}); err != nil {
			return ports.Page[domain.LogEntry]{}, err
		}
	}
	filter := ports.LogFilter{Subject: in.User.String(), Within: caller.Within}
	page, err := s.store.ListLog(ctx, ports.ListLog{Filter: filter, After: in.After, Limit: in.Limit})
	if err == nil && len(page.Items) == 0 && in.After == nil {
		_, err = s.users.UserByID(ctx, in.User) // from before the log began, or nobody
	}
	return page, err
}

// FollowLog asks for the entries after a position.
type FollowLog struct {
	// After is the position of the last entry that the caller knows; nil is the beginning.
	After *ports.LogPosition
	// Kinds, unless there are none, and Organization, unless it is zero, select entries.
	Kinds        []domain.LogKind
	Organization domain.OrganizationID
	// Wait is how long to wait for an entry, at most MaxLogWait.
	Wait time.Duration
	// Stop, unless it is nil, ends the wait when it is closed.
	Stop <-chan struct{}
	// Limit is the most entries that are read. Those that are not selected count.
	Limit domain.PageSize
}

// Follow returns the selected entries after a position, in order. Without any, it waits for
// them, and returns none after the time. The error is Denied, or that of
// ports.LogFollower.
func (s *Log) Follow(ctx context.Context, caller domain.Principal, in FollowLog) (ports.Followed, error) {
	organization, visible := caller.Confine(in.Organization)
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil || !visible {
		return ports.Followed{}, err
	}
	selected := domain.Webhook{Kinds: in.Kinds, Organization: organization}
	over := time.NewTimer(min(in.Wait, MaxLogWait))
	defer over.Stop()
	for waits := in.Wait > 0; ; {
		moved := s.tail.watch()
		page, err := s.store.FollowLog(ctx, ports.FollowLog{After: in.After, Limit: in.Limit})
		if err != nil {
			s.tail.leave()
			return ports.Followed{}, err
		}
		// The page may be that of other callers, too.
		matching := slices.DeleteFunc(slices.Clone(page.Entries), func(e ports.FollowedEntry) bool {
			return !selected.Wants(&e.Entry, e.Members)
		})
		if len(matching) > 0 || !waits {
			s.tail.leave()
			return ports.Followed{Entries: matching, Next: page.Next}, nil
		}
		in.After = &page.Next
		if len(page.Entries) < in.Limit.Int() {
			select {
			case <-moved:
			case <-over.C:
				waits = false
			case <-in.Stop:
				waits = false
			case <-ctx.Done():
			}
		}
		s.tail.leave()
		if err := ctx.Err(); err != nil {
			return ports.Followed{}, err
		}
	}
}

// End is the position after which only later entries follow. The error is Denied.
func (s *Log) End(ctx context.Context, caller domain.Principal) (ports.LogPosition, error) {
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil {
		return ports.LogPosition{}, err
	}
	return s.store.LogEnd(ctx)
}
