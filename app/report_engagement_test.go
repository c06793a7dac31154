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

func TestAReportIsWhatTheStoreAnswers(t *testing.T) {
	store := &portsmock.EventsMock{ReportEngagementFunc: func(_ context.Context, in ports.ReportEngagement) ([]domain.Engagement, error) {
		if in != report {
			t.Errorf("the store was asked %+v", in)
		}
		return []domain.Engagement{{Organization: org}}, errStore
	}}
	got, err := app.NewActivity(store, clock(), ids()).ReportEngagement(ctx, reader, report)
	passes(t, err)
	if len(got) != 1 || got[0].Organization != org {
		t.Errorf("got %v", got)
	}
}
