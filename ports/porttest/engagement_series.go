package porttest

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// busy is a directory of three organizations with different numbers: of members 1,
// 2 and 3, of active members 1, 2 and 1, of events 3, 2 and 1.
type busy struct {
	one, two, three domain.Organization
	owner           domain.User
}

func (f *fixture) busy() busy {
	f.Helper()
	ada, ben, cho := f.user("ada"), f.user("ben"), f.user("cho")
	pro := f.plan("pro", 0)
	b := busy{f.organization("one", ada.ID), f.organizationOn(pro, "two", ada.ID), f.organizationOn(pro, "three", ada.ID), ada}
	f.member(b.two.ID, ben.ID, domain.Member)
	f.member(b.three.ID, ben.ID, domain.Member)
	f.member(b.three.ID, cho.ID, domain.Admin)
	f.add(accepted(6), f.newEvent(b.one.ID, ada.ID, begin), f.newEvent(b.one.ID, ada.ID, begin), f.newEvent(b.one.ID, ada.ID, begin),
		f.newEvent(b.two.ID, ada.ID, begin), f.newEvent(b.two.ID, ben.ID, begin), f.newEvent(b.three.ID, cho.ID, begin))
	return b
}

func chosenReports() []testCase {
	return []testCase{
		{"the report is ordered as asked for, and its pages together are the whole", reportOrders},
		{"organizations must pass all filters of the report", reportFilters},
		{"a report of all organizations that must read the events themselves is not wider than 400 days", func(f *fixture) {
			b := f.busy()
			in := ports.ReportEngagement{
				Window: f.window(0, 401*24*time.Hour), Limit: f.size(10),
				Filter: ports.EngagementFilter{Role: domain.Owner},
			}
			_, err := f.Events.ReportEngagement(f.Context(), in)
			f.refused(err, domain.Invalid, domain.ReasonRange, "to")
			in.Filter = ports.EngagementFilter{}
			in.Bucket, in.Zone = domain.Month, zone(f, "Asia/Tokyo")
			_, err = f.Events.ReportEngagement(f.Context(), in)
			f.refused(err, domain.Invalid, domain.ReasonRange, "to")
			in.Filter.Organization = b.two.ID
			sameReport(f, "of one organization", withoutSeries(f.reported(in).Items), []domain.Engagement{line(b.two, 2, 2, 2, begin)})
		}},
	}
}

func reportOrders(f *fixture) {
	b := f.busy()
	one, two, three := line(b.one, 1, 1, 3, begin), line(b.two, 2, 2, 2, begin), line(b.three, 3, 1, 1, begin)
	for text, want := range map[string][]domain.Engagement{
		"": {one, two, three}, "-events": {one, two, three}, "events": {three, two, one},
		"-members": {three, two, one}, "members": {one, two, three},
		"-active_members": {two, one, three}, "active_members": {one, three, two},
	} {
		in := ports.ReportEngagement{Window: f.window(-time.Hour, time.Hour), Limit: f.size(1)}
		if text != "" {
			in.Order = must[domain.EngagementOrder](f)(domain.ParseEngagementOrder(text))
		}
		for i := range want {
			page := f.reported(in)
			sameReport(f, text, page.Items, want[i:i+1])
			same(f, text+": whether more follow", page.More, i < len(want)-1)
			if len(page.Items) == 0 {
				break
			}
			in.After = new(in.Order.Position(page.Items[0]))
		}
		sameReport(f, text+": after all", f.reported(in).Items, nil)
	}
}

func reportFilters(f *fixture) {
	b := f.busy()
	one, two, three := line(b.one, 1, 1, 3, begin), line(b.two, 2, 2, 2, begin), line(b.three, 3, 1, 1, begin)
	for _, each := range []struct {
		name   string
		filter ports.EngagementFilter
		want   []domain.Engagement
	}{
		{"a plan", ports.EngagementFilter{Plan: b.two.Plan}, []domain.Engagement{two, three}},
		{"an organization", ports.EngagementFilter{Organization: b.one.ID}, []domain.Engagement{one}},
		{"an organization on another plan", ports.EngagementFilter{Organization: b.one.ID, Plan: b.two.Plan}, nil},
		{"an organization that does not exist", ports.EngagementFilter{Organization: nobody}, nil},
		{"two members", ports.EngagementFilter{MinMembers: 2}, []domain.Engagement{two, three}},
		{"three members on a plan", ports.EngagementFilter{MinMembers: 3, Plan: b.two.Plan}, []domain.Engagement{three}},
		{"owners", ports.EngagementFilter{Role: domain.Owner}, []domain.Engagement{
			line(b.one, 1, 1, 3, begin), line(b.two, 1, 1, 1, begin), line(b.three, 1, 0, 0, time.Time{}),
		}},
		{
			"members by role, in one organization",
			ports.EngagementFilter{Role: domain.Member, Organization: b.two.ID},
			[]domain.Engagement{line(b.two, 1, 1, 1, begin)},
		},
		{"two owners", ports.EngagementFilter{Role: domain.Owner, MinMembers: 2}, nil},
		{"admins on a plan", ports.EngagementFilter{Role: domain.Admin, Plan: b.two.Plan}, []domain.Engagement{line(b.three, 1, 1, 1, begin)}},
	} {
		in := ports.ReportEngagement{Window: f.window(-time.Hour, time.Hour), Limit: f.size(10), Filter: each.filter}
		sameReport(f, each.name, f.reported(in).Items, each.want)
		in.Bucket = domain.Day
		for _, line := range f.reported(in).Items {
			same(f, each.name+": the series' only bucket", line.Series[0].Activity, line.Activity)
		}
	}
}

func zone(f *fixture, name string) *time.Location {
	f.Helper()
	return must[*time.Location](f)(time.LoadLocation(name))
}

func withoutSeries(lines []domain.Engagement) []domain.Engagement {
	for i := range lines {
		lines[i].Series = nil
	}
	return lines
}

func series() []testCase {
	return []testCase{
		{"a series has its empty buckets, and the window cuts the first and the last", func(f *fixture) {
			f.series(domain.Day, time.UTC, []bucketCase{
				{"2024-02-28T00:00:00Z", 1, 1}, {"2024-02-29T00:00:00Z", 2, 3}, {"2024-03-01T00:00:00Z", 0, 0}, {"2024-03-02T00:00:00Z", 1, 1},
			})
		}},
		{"weeks begin on Monday", func(f *fixture) {
			f.series(domain.Week, time.UTC, []bucketCase{{"2024-02-26T00:00:00Z", 2, 5}})
		}},
		{"months are as long as they are", func(f *fixture) {
			f.series(domain.Month, time.UTC, []bucketCase{{"2024-02-01T00:00:00Z", 2, 4}, {"2024-03-01T00:00:00Z", 1, 1}})
		}},
		{"days are those of the time zone", func(f *fixture) {
			f.series(domain.Day, zone(f, "Asia/Tokyo"), []bucketCase{
				{"2024-02-28T00:00:00+09:00", 1, 1},
				{"2024-02-29T00:00:00+09:00", 1, 1},
				{"2024-03-01T00:00:00+09:00", 1, 2},
				{"2024-03-02T00:00:00+09:00", 1, 1},
			})
		}},
		{"the day on which clocks change has 23 hours", func(f *fixture) {
			ada := f.user("ada")
			o := f.organization("acme", ada.ID)
			at := func(text string) time.Time { return must[time.Time](f)(time.Parse(time.RFC3339, text)) }
			f.add(accepted(3), f.newEvent(o.ID, ada.ID, at("2024-03-10T00:00:00-05:00")), f.newEvent(o.ID, ada.ID, at("2024-03-10T23:59:59-04:00")),
				f.newEvent(o.ID, ada.ID, at("2024-03-11T00:00:00-04:00")))
			window := must[domain.Window](f)(domain.ParseWindow(at("2024-03-10T00:00:00-05:00"), at("2024-03-12T00:00:00-04:00")))
			lines := f.reported(ports.ReportEngagement{
				Window: window, Limit: f.size(1), Bucket: domain.Day,
				Zone: zone(f, "America/New_York"),
			}).Items
			sameBuckets(f, lines[0].Series, []bucketCase{{"2024-03-10T00:00:00-05:00", 1, 2}, {"2024-03-11T00:00:00-04:00", 1, 1}})
		}},
		{"more buckets than a thousand are refused", func(f *fixture) {
			_, err := f.Events.ReportEngagement(f.Context(),
				ports.ReportEngagement{Window: f.window(0, 1001*24*time.Hour), Limit: f.size(1), Bucket: domain.Day})
			f.refused(err, domain.Invalid, domain.ReasonRange, "bucket")
		}},
	}
}

// bucketCase is the beginning of a bucket, its active members and its events.
type bucketCase struct {
	from           string
	active, events int64
}

// series checks the buckets of a window from the evening of 28 February 2024 to noon
// of 2 March. An organization without events must have the same buckets.
func (f *fixture) series(bucket domain.Bucket, zone *time.Location, want []bucketCase) {
	f.Helper()
	ada, ben := f.user("ada"), f.user("ben")
	o, idle := f.organization("acme", ada.ID), f.organization("idle", ada.ID)
	f.member(o.ID, ben.ID, domain.Member)
	at := func(day, hour int) time.Time { return time.Date(2024, 2, day, hour, 0, 0, 0, time.UTC) }
	f.add(accepted(7), f.newEvent(o.ID, ada.ID, at(28, 11)), f.newEvent(o.ID, ben.ID, at(28, 13)), f.newEvent(o.ID, ada.ID, at(29, 0)),
		f.newEvent(o.ID, ben.ID, at(29, 20)), f.newEvent(o.ID, ben.ID, at(29, 23)), f.newEvent(o.ID, ada.ID, at(31, 11)),
		f.newEvent(o.ID, ada.ID, at(31, 12)))
	window := must[domain.Window](f)(domain.ParseWindow(at(28, 12), at(31, 12)))
	lines := f.reported(ports.ReportEngagement{Window: window, Limit: f.size(10), Bucket: bucket, Zone: zone}).Items
	if len(lines) != 2 {
		f.Fatalf("the report has %d lines", len(lines))
	}
	same(f, "the first", lines[0].Organization, o.ID)
	sameBuckets(f, lines[0].Series, want)
	same(f, "the second", lines[1].Organization, idle.ID)
	for i := range want {
		want[i].active, want[i].events = 0, 0
	}
	sameBuckets(f, lines[1].Series, want)
}

func sameBuckets(f *fixture, got []domain.BucketActivity, want []bucketCase) {
	f.Helper()
	all := make([]bucketCase, len(got))
	for i, bucket := range got {
		all[i] = bucketCase{bucket.From.Format(time.RFC3339), bucket.ActiveMembers, bucket.Events}
	}
	sameList(f, "the series", all, want)
}
