package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ReportEngagement returns the engagement of organizations in a window. It needs
// the scope read. The error is Denied, or that of ports.EngagementReader.
func (s *Activity) ReportEngagement(
	ctx context.Context, caller domain.Principal, in ports.ReportEngagement,
) (ports.Page[domain.Engagement], error) {
	var visible bool
	in.Filter.Organization, visible = caller.Confine(in.Filter.Organization)
	if err := caller.RequireWithin(domain.ScopeRead); err != nil || !visible {
		return ports.Page[domain.Engagement]{}, err
	}
	return s.store.ReportEngagement(ctx, in)
}
