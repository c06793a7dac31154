package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ReportEngagement returns the organizations with the most events in a window.
// It needs the scope read. The error is Denied.
func (s *Activity) ReportEngagement(ctx context.Context, caller domain.Principal, in ports.ReportEngagement) ([]domain.Engagement, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return nil, err
	}
	return s.store.ReportEngagement(ctx, in)
}
