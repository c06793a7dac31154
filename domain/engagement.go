package domain

import "time"

// Window is a span of time [From, To): From belongs to it, To does not.
type Window struct{ from, to time.Time }

// ParseWindow checks that from is before to, both between the years 1 and
// 9999. The error is Invalid and names "to" or "from".
func ParseWindow(from, to time.Time) (Window, error) {
	from, to = Instant(from), Instant(to)
	for _, end := range []struct {
		field string
		at    time.Time
	}{{"from", from}, {"to", to}} {
		if y := end.at.Year(); y < 1 || y > 9999 {
			return Window{}, invalid(ReasonRange, end.field, "send a year from 1 to 9999", "is in the year %d", y)
		}
	}
	if !from.Before(to) {
		return Window{}, invalid(ReasonRange, "to", "send a time after from", "%s is not after from, %s", to.Format(time.RFC3339), from.Format(time.RFC3339))
	}
	return Window{from, to}, nil
}

// From is the first instant of the window.
func (w Window) From() time.Time { return w.from }

// To is the first instant after the window.
func (w Window) To() time.Time { return w.to }

// Engagement is one organization's line in the engagement report.
type Engagement struct {
	Organization OrganizationID
	Name         OrganizationName
	Plan         PlanCode
	// Members counts those who belong now and are not deleted.
	Members int64
	// ActiveMembers counts the members with an event in the window, Events their events.
	ActiveMembers int64
	Events        int64
	// LastActivity is the time of the last of those events; zero where there is none.
	LastActivity time.Time
}
