package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

var report = ports.ReportEngagement{
	Window: domain.MustParse(domain.ParseWindow(now, now.Add(time.Hour))),
	Limit:  domain.DefaultReportSize,
}

func TestReportingNeedsTheScopeRead(t *testing.T) {
	activity := app.NewActivity(&portsmock.EventsMock{}, clock(), ids())
	refuses(t, func(c domain.Principal) error {
		_, err := activity.ReportEngagement(ctx, c, report)
		return err
	}, writer)
}

func TestAReportReturnsTheStoresPage(t *testing.T) {
	store := &portsmock.EventsMock{ReportEngagementFunc: func(
		_ context.Context, in ports.ReportEngagement,
	) (ports.Page[domain.Engagement], error) {
		if in != report {
			t.Errorf("the store was asked %+v", in)
		}
		return ports.Page[domain.Engagement]{Items: []domain.Engagement{{Organization: org}}, More: true}, errStore
	}}
	got, err := app.NewActivity(store, clock(), ids()).ReportEngagement(ctx, reader, report)
	passes(t, err)
	if len(got.Items) != 1 || got.Items[0].Organization != org || !got.More {
		t.Errorf("got %v", got)
	}
}
