package app

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// LogFeed lets callers follow the log. All who follow share one reader of its end, so that
// a thousand of them ask the store no more often than one.
type LogFeed struct{ tail *logTail }

// LogSource is what LogFeed needs of a store.
type LogSource interface {
	ports.LogFollower
	ports.LogSignal
}

// NewLogFeed returns the use case over a store.
func NewLogFeed(store LogSource) *LogFeed { return &LogFeed{tail: newLogTail(store)} }

// Close ends what is done in the background, once nobody follows. Without a follower that
// ends by itself, too, after some tenths of a second.
func (f *LogFeed) Close() { f.tail.close() }

// FollowLog asks for the entries after a position that pass the filters.
type FollowLog struct {
	// After is the position of the last entry that the caller knows; nil is the beginning.
	After *ports.LogPosition
	// Kinds are the kinds of which an entry must have one; none lets all pass.
	Kinds []domain.LogKind
	// Organization, unless it is zero, selects its own entries and those of its members.
	Organization domain.OrganizationID
	// Limit is the most entries.
	Limit domain.PageSize
	// Wait is how long to wait for an entry where there is none, at most MaxLogWait.
	Wait time.Duration
	// Stop, unless it is nil, ends the wait when it is closed.
	Stop <-chan struct{}
}

// MaxLogWait is how long Follow waits at most.
const MaxLogWait = 30 * time.Second

// maxScanned is how many entries that a filter refuses are read before the caller
// gets an empty result with a later position, so that it may say whether to go on.
const maxScanned = 20_000

// maxPage is the most entries that are looked at in one step.
var maxPage = domain.MaxReportSize

// Follow returns the entries after a position, and waits for one where there is none. An
// empty result has a position too, which may be later than the one asked for. Callers that
// are bound to an organization get its entries and those of its members. It needs the scope
// admin. The error is Denied, or that of ports.LogFollower, or Unavailable where too
// many follow.
func (f *LogFeed) Follow(ctx context.Context, caller domain.Principal, in FollowLog) (ports.Followed, error) {
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil {
		return ports.Followed{}, err
	}
	leave, err := f.tail.join(ctx)
	if err != nil {
		return ports.Followed{}, err
	}
	defer leave()
	wait := time.NewTimer(min(in.Wait, MaxLogWait))
	defer wait.Stop()
	passes := in.filter(caller)
	at := ports.Followed{}
	for scanned := 0; ; {
		page, changed, err := f.tail.read(ctx, in.After)
		if err != nil {
			return ports.Followed{}, err
		}
		if at = pick(page, passes, in.Limit.Int()); len(at.Entries) > 0 {
			return at, nil
		}
		in.After = &at.Next
		if scanned += len(page.Entries); len(page.Entries) > 0 && scanned < maxScanned {
			continue
		}
		if in.Wait <= 0 || len(page.Entries) > 0 {
			return at, nil
		}
		select {
		case <-changed:
		case <-wait.C:
			return at, nil
		case <-in.Stop:
			return at, nil
		case <-ctx.Done():
			return ports.Followed{}, ctx.Err()
		}
	}
}

// End is the position of the newest entry, after which only later ones follow. It needs
// the scope admin. The error is Denied.
func (f *LogFeed) End(ctx context.Context, caller domain.Principal) (ports.LogPosition, error) {
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil {
		return ports.LogPosition{}, err
	}
	return f.tail.store.LogEnd(ctx)
}

// filter returns what decides whether the caller gets an entry.
func (in *FollowLog) filter(caller domain.Principal) func(*ports.FollowedEntry) bool {
	organization, visible := caller.Confine(in.Organization)
	selected := domain.Webhook{Kinds: in.Kinds, Organization: organization}
	return func(e *ports.FollowedEntry) bool { return visible && selected.Wants(&e.Entry, e.Members) }
}

// pick returns up to limit entries of a page, and the position after which to go on.
func pick(page ports.Followed, passes func(*ports.FollowedEntry) bool, limit int) ports.Followed {
	picked := ports.Followed{Next: page.Next}
	for i := range page.Entries {
		if !passes(&page.Entries[i]) {
			continue
		}
		if picked.Entries = append(picked.Entries, page.Entries[i]); len(picked.Entries) == limit && i < len(page.Entries)-1 {
			picked.Next = page.Entries[i].At
			break
		}
	}
	return picked
}
