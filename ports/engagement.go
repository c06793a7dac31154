package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// EngagementFilter chooses organizations, and members of theirs. What is zero
// lets all pass; what is not must all be met.
type EngagementFilter struct {
	Organization domain.OrganizationID
	Plan         domain.PlanCode
	// Role lets no other members count, nor what they did.
	Role domain.Role
	// MinMembers is how many members who count an organization has at least.
	MinMembers int64
}

// ReportEngagement asks what organizations did in a window.
type ReportEngagement struct {
	Window domain.Window
	Filter EngagementFilter
	Order  domain.EngagementOrder
	// After is the place after which the page begins; nil is the beginning.
	After *domain.EngagementPosition
	// Limit is the most organizations in the answer.
	Limit domain.PageSize
	// Bucket, unless empty, asks for a series besides: of days, weeks or months
	// in Zone, which is UTC where it is nil.
	Bucket domain.Bucket
	Zone   *time.Location
}

// EngagementReader reports what organizations do.
type EngagementReader interface {
	// ReportEngagement returns organizations that have members who count, in
	// the order asked for. It counts the events of those who are members, and
	// not deleted, at the time of asking, and sees every event acknowledged
	// before the call. The error is Invalid where the window is too wide for
	// what is asked.
	ReportEngagement(context.Context, ReportEngagement) (Page[domain.Engagement], error)
}
