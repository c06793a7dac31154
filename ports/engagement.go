package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// EngagementFilter selects organizations and their members. A field that is zero
// lets all pass; the others must all match.
type EngagementFilter struct {
	Organization domain.OrganizationID
	Plan         domain.PlanCode
	// Role counts only the members who have it, and their events.
	Role domain.Role
	// MinMembers is the least number of counted members of an organization.
	MinMembers int64
}

// ReportEngagement asks for the engagement of organizations in a window.
type ReportEngagement struct {
	Window domain.Window
	Filter EngagementFilter
	Order  domain.EngagementOrder
	// After is the position after which the page begins; nil is the beginning.
	After *domain.EngagementPosition
	// Limit is the most organizations of the page.
	Limit domain.PageSize
	// Bucket, unless empty, asks for a series of days, weeks or months, too, in
	// Zone, which is UTC where it is nil.
	Bucket domain.Bucket
	Zone   *time.Location
}

// EngagementReader reports the engagement of organizations.
type EngagementReader interface {
	// ReportEngagement returns the organizations that have counted members, in
	// the order asked for. It counts the events of users who are members, and
	// not deleted, at the time of the call, and sees every event acknowledged
	// before it. The error is Invalid where the window is too wide for the
	// buckets.
	ReportEngagement(context.Context, ReportEngagement) (Page[domain.Engagement], error)
}
