package domain

import "time"

// Engagement is one organization's line in the engagement report.
type Engagement struct {
	Organization OrganizationID
	Name         OrganizationName
	Plan         PlanCode
	// Members counts the present members that are not deleted.
	Members int64
	Activity
	// LastActivity is the time of the last of those events; zero where there is none.
	LastActivity time.Time
	// Series is the activity in each bucket, without gaps; nil where the caller
	// asked for none.
	Series []BucketActivity
}

// Activity counts the events of members in a span of time.
type Activity struct {
	// ActiveMembers counts the members with an event, Events their events.
	ActiveMembers int64
	Events        int64
}

// BucketActivity is the activity in one bucket of a window.
type BucketActivity struct {
	// From is the beginning of the bucket, in the time zone asked for. The first
	// bucket may begin before the window; earlier events do not count.
	From time.Time
	Activity
}

// EngagementSort is the number that orders the report. Organizations with equal
// numbers are ordered by ID, ascending.
type EngagementSort string

// The sorts of the report.
const (
	ByEvents        EngagementSort = "events"
	ByActiveMembers EngagementSort = "active_members"
	ByMembers       EngagementSort = "members"
)

// EngagementOrder is the order of the report. The zero EngagementOrder is by
// events, the most first.
type EngagementOrder struct {
	by        EngagementSort // empty: events
	ascending bool
}

// ParseEngagementOrder reads the name of an EngagementSort, with a '-' before it
// for descending. The error is Invalid and names "sort".
func ParseEngagementOrder(text string) (EngagementOrder, error) {
	order, err := parseOrdering(text, "organizations in the report", "events, active_members or members", ByEvents, ByActiveMembers, ByMembers)
	by := order.by
	if by == ByEvents {
		by = ""
	}
	return EngagementOrder{by, order.ascending}, err
}

// By is the number that orders the report.
func (o EngagementOrder) By() EngagementSort {
	if o.by == "" {
		return ByEvents
	}
	return o.by
}

// Ascending reports whether the least number comes first.
func (o EngagementOrder) Ascending() bool { return o.ascending }

// String returns the text that ParseEngagementOrder reads.
func (o EngagementOrder) String() string {
	if o.ascending {
		return string(o.By())
	}
	return "-" + string(o.By())
}

// Position is the position of e in the order.
func (o EngagementOrder) Position(e Engagement) EngagementPosition {
	p := EngagementPosition{ID: e.Organization}
	switch o.By() {
	case ByEvents:
		p.Value = e.Events
	case ByActiveMembers:
		p.Value = e.ActiveMembers
	case ByMembers:
		p.Value = e.Members
	}
	return p
}

// EngagementPosition is a position in the order of the report: the number that
// orders it, and the organization.
type EngagementPosition struct {
	Value int64
	ID    OrganizationID
}
