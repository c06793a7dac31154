package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Log is the service for the log of changes. It needs the scope admin. A caller that is
// bound to an organization sees the entries that belong to it, and those of its members.
type Log struct {
	*LogFeed

	store ports.LogEntries
	users ports.Users
}

// NewLog makes the service.
func NewLog(store ports.LogEntries, users ports.Users) *Log {
	return &Log{LogFeed: NewLogFeed(store), store: store, users: users}
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
