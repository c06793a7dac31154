package resttest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const january = "/reports/engagement?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"

func testReports(t *testing.T, edge Edge) {
	t.Run("parameters select the report", func(t *testing.T) {
		w := newWorld(t, edge)
		w.ask(t, "GET", january+"&sort=-members&organization="+orgID+
			"&plan=pro&role=admin&min_members=3&bucket=week&time_zone=Europe/Berlin&limit=7", "")
		got := w.events.ReportEngagementCalls()[0].ReportEngagement
		want := ports.EngagementFilter{
			Organization: engines().ID, Plan: domain.MustParse(domain.ParsePlanCode("pro")),
			Role: domain.Admin, MinMembers: 3,
		}
		if got.Filter != want || got.Order.String() != "-members" || got.Bucket != domain.Week ||
			got.Zone.String() != "Europe/Berlin" || got.Limit.Int() != 7 || got.After != nil {
			t.Errorf("asked %+v", got)
		}
		w.ask(t, "GET", january, "")
		if got := w.events.ReportEngagementCalls()[1].ReportEngagement; got.Order.String() != "-events" || got.Zone != time.UTC ||
			got.Bucket != "" || got.Filter != (ports.EngagementFilter{MinMembers: 1}) {
			t.Errorf("without parameters asked %+v", got)
		}
	})
	t.Run("the letters of a time may be in lower case", func(t *testing.T) { testSmallLetters(t, edge) })
	t.Run("invalid parameters of a report are refused by name", func(t *testing.T) {
		w := newWorld(t, edge)
		for query, name := range map[string]string{
			"from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z": "?to", "from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:00Z": "?to",
			"from=1999-02-01T00:00:00Z&to=2026-02-01T00:00:00Z": "?to", "from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z": "?to",
			"to=2026-02-01T00:00:00Z": "?from", "from=2026-02-01T00:00:00Z": "?to", "from=yesterday&to=2026-02-01T00:00:00Z": "?from",
		} {
			refused(t, w.ask(t, "GET", "/reports/engagement?"+query, ""), 400, "parameter", name)
		}
		for query, name := range map[string]string{
			"sort=name": "?sort", "organization=x": "?organization", "plan=X": "?plan", "role=boss": "?role",
			"min_members=0": "?min_members", "min_members=1000001": "?min_members",
			"bucket=hour": "?bucket", "bucket=day&time_zone=Mars": "?time_zone", "bucket=day&time_zone=Local": "?time_zone",
			"bucket=day&time_zone=localtime": "?time_zone", "bucket=day&time_zone=right/UTC": "?time_zone",
			"bucket=day&time_zone=../../etc/passwd": "?time_zone", "limit=0": "?limit", "cursor=x": "?cursor",
		} {
			refused(t, w.ask(t, "GET", january+"&"+query, ""), 400, "parameter", name)
		}
	})
	t.Run("a time zone without buckets has no effect", func(t *testing.T) { testZoneAlone(t, newWorld(t, edge)) })
	t.Run("an invalid report of the store is a fault of a parameter", func(t *testing.T) {
		w := newWorld(t, edge)
		fault := &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonRange, Field: "to", Detail: "is too late", Fix: "send less"}
		reply(&w.events.ReportEngagementFunc, ports.Page[domain.Engagement]{}, fault)
		refused(t, w.ask(t, "GET", january, ""), 400, "parameter", "?to")
		refused(t, w.ask(t, "GET", january, "", "Accept", "text/csv"), 400, "parameter", "?to")
	})
	t.Run("the next page of a report begins after its last line", reportPages(edge))
	t.Run("a report has a series on request", func(t *testing.T) {
		w := newWorld(t, edge)
		w.events.ReportEngagementFunc = withSeries
		accepted(t, w.ask(t, "GET", january+"&bucket=day&time_zone=Asia/Tokyo", ""), 200, `[{"organization_id":"`+orgID+
			`","organization":"O'Neil & Co","plan":"team","members":12,`+
			`"active_members":7,"events":341,"last_activity":"2026-01-31T23:59:59.5Z",`+
			`"series":[{"from":"2025-12-31T15:00:00Z","active_members":7,"events":341},`+
			`{"from":"2026-01-01T15:00:00Z","active_members":0,"events":0}]}]`)
	})
	t.Run("a whole report can be CSV", reportsInCSV(edge))
}

func testSmallLetters(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "GET", "/reports/engagement?from=2026-01-01t00:00:00z&to=2026-01-02t00:00:00.5-00:00", "")
	got := w.events.ReportEngagementCalls()[0].ReportEngagement.Window
	if !got.From().Equal(instant("2026-01-01T00:00:00Z")) || !got.To().Equal(instant("2026-01-02T00:00:00.5Z")) {
		t.Errorf("asked %+v", got)
	}
}

func withSeries(context.Context, ports.ReportEngagement) (ports.Page[domain.Engagement], error) {
	line := report()[0]
	tokyo := domain.MustParse(domain.ParseTimeZone("Asia/Tokyo"))
	line.Series = []domain.BucketActivity{
		{From: time.Date(2026, 1, 1, 0, 0, 0, 0, tokyo), Activity: line.Activity},
		{From: time.Date(2026, 1, 2, 0, 0, 0, 0, tokyo)},
	}
	return ports.Page[domain.Engagement]{Items: []domain.Engagement{line}}, nil
}

// severalPages answers with three pages of two lines.
func severalPages(w *world) {
	w.events.ReportEngagementFunc = func(context.Context, ports.ReportEngagement) (ports.Page[domain.Engagement], error) {
		return ports.Page[domain.Engagement]{Items: report(), More: len(w.events.ReportEngagementCalls())%3 != 0}, nil
	}
}

func reportPages(edge Edge) func(*testing.T) {
	return func(t *testing.T) {
		w := newWorld(t, edge)
		severalPages(w)
		const target = january + "&sort=-active_members&bucket=day"
		next := links(target, w.ask(t, "GET", target, "").Header())["next"]
		if !strings.HasPrefix(next, target+"&cursor=") {
			t.Fatalf("the next page is %q", next)
		}
		w.ask(t, "GET", next, "")
		want := domain.EngagementPosition{Value: 0, ID: engines().ID}
		if got := w.events.ReportEngagementCalls()[1].ReportEngagement.After; got == nil || *got != want {
			t.Errorf("the next page begins after %+v, want %+v", got, want)
		}
		w.ask(t, "GET", strings.Replace(next, "bucket=day", "bucket=month", 1), "")
		if n := len(w.events.ReportEngagementCalls()); n != 3 {
			t.Error("the same page is not shown in other buckets")
		}
		refused(t, w.ask(t, "GET", next+"&min_members=2", ""), 400, "parameter", "?cursor")
		refused(t, w.ask(t, "GET", strings.Replace(next, "2026-02-01", "2026-02-02", 1), ""), 400, "parameter", "?cursor")
	}
}

func reportsInCSV(edge Edge) func(*testing.T) {
	return func(t *testing.T) {
		w := newWorld(t, edge)
		severalPages(w)
		const head, two = "organization_id,organization,plan,members,active_members,events,last_activity\r\n",
			orgID + ",O'Neil & Co,team,12,7,341,2026-01-31T23:59:59.5Z\r\n" + orgID + ",O'Neil & Co,team,12,0,0,\r\n"
		got := w.ask(t, "GET", january, "", "Accept", "text/csv")
		if got.Body.String() != head+two+two+two || got.Header().Get("Content-Type") != "text/csv" {
			t.Errorf("got %q", got.Body)
		}
		limits := make([]int, 0, 4)
		if got := w.ask(t, "GET", january+"&limit=2", "", "Accept", "text/csv").Body.String(); got != head+two {
			t.Errorf("two lines are %q", got)
		}
		for _, call := range w.events.ReportEngagementCalls() {
			limits = append(limits, call.ReportEngagement.Limit.Int())
		}
		if !slices.Equal(limits, []int{1000, 1000, 1000, 2}) || w.events.ReportEngagementCalls()[1].ReportEngagement.After == nil {
			t.Errorf("asked for pages of %v", limits)
		}
		w.events.ReportEngagementFunc = withSeries
		series := w.ask(t, "GET", january+"&bucket=day&time_zone=Asia/Tokyo", "", "Accept", "text/csv")
		if got := series.Body.String(); got != "organization_id,organization,plan,members,bucket,active_members,events\r\n"+
			orgID+",O'Neil & Co,team,12,2025-12-31T15:00:00Z,7,341\r\n"+orgID+",O'Neil & Co,team,12,2026-01-01T15:00:00Z,0,0\r\n" {
			t.Errorf("a series is %q", got)
		}
		w.events.ReportEngagementFunc = func(context.Context, ports.ReportEngagement) (ports.Page[domain.Engagement], error) {
			line := report()[0]
			line.Name = domain.MustParse(domain.ParseOrganizationName(`=HYPERLINK("https://evil.example";"a")`))
			return ports.Page[domain.Engagement]{Items: []domain.Engagement{line}}, nil
		}
		formula := w.ask(t, "GET", january, "", "Accept", "text/csv").Body.String()
		if !strings.Contains(formula, orgID+`,"'=HYPERLINK(""https://evil.example"";""a"")",team,`) {
			t.Errorf("a name that is a formula is %q", formula)
		}
	}
}

func testZoneAlone(t *testing.T, w *world) {
	w.ask(t, "GET", january+"&time_zone=Asia/Tokyo", "")
	if got := w.events.ReportEngagementCalls()[0].ReportEngagement.Zone; got != time.UTC {
		t.Errorf("the zone is %s", got)
	}
}
