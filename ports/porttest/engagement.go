package porttest

import (
	"fmt"
	"slices"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// window spans from before begin to after it.
func (f *fixture) window(from, to time.Duration) domain.Window {
	f.Helper()
	return must[domain.Window](f)(domain.ParseWindow(begin.Add(from), begin.Add(to)))
}

func (f *fixture) report(window domain.Window) []domain.Engagement {
	f.Helper()
	return f.reported(ports.ReportEngagement{Window: window, Limit: domain.DefaultReportSize}).Items
}

func (f *fixture) reported(in ports.ReportEngagement) ports.Page[domain.Engagement] {
	f.Helper()
	return must[ports.Page[domain.Engagement]](f)(f.Events.ReportEngagement(f.Context(), in))
}

// sameReport compares lines with their series.
func sameReport(f *fixture, what string, got, want []domain.Engagement) {
	f.Helper()
	text := func(lines []domain.Engagement) []string {
		all := make([]string, len(lines))
		for i, line := range lines {
			all[i] = fmt.Sprintf("%+v", line)
		}
		return all
	}
	sameList(f, what, text(got), text(want))
}

func line(o domain.Organization, members, active, events int64, last time.Time) domain.Engagement {
	return domain.Engagement{
		Organization: o.ID, Name: o.Name, Plan: o.Plan,
		Members: members, Activity: domain.Activity{ActiveMembers: active, Events: events}, LastActivity: last,
	}
}

func reports() []testCase {
	return slices.Concat(whatCounts(), chosenReports(), series())
}

func whatCounts() []testCase {
	return []testCase{
		{"the report counts the events of members in the window", func(f *fixture) {
			ada, ben, cho := f.user("ada"), f.user("ben"), f.user("cho")
			o := f.organizationOn(f.plan("pro", 0), "acme", ada.ID)
			f.member(o.ID, ben.ID, domain.Member)
			f.member(o.ID, cho.ID, domain.Member)
			from, to := begin.Add(-time.Hour), begin.Add(time.Hour)
			last := to.Add(-time.Microsecond)
			f.add(accepted(5), f.newEvent(o.ID, ada.ID, from), f.newEvent(o.ID, ada.ID, begin), f.newEvent(o.ID, ben.ID, last),
				f.newEvent(o.ID, cho.ID, to), f.newEvent(o.ID, cho.ID, from.Add(-time.Microsecond)))
			sameReport(f, "the report", f.report(f.window(-time.Hour, time.Hour)), []domain.Engagement{line(o, 3, 2, 3, last)})
		}},
		{"the report omits former and deleted members, and counts suspended ones", whoCounts},
		{"organizations are ordered by events and then id, up to the limit; those without members are omitted", func(f *fixture) {
			ada := f.user("ada")
			none, one, other, busy := f.organization("none", ada.ID), f.organization("one", ada.ID), f.organization("other", ada.ID),
				f.organization("busy", ada.ID)
			f.add(accepted(4), f.newEvent(one.ID, ada.ID, begin), f.newEvent(other.ID, ada.ID, begin),
				f.newEvent(busy.ID, ada.ID, begin), f.newEvent(busy.ID, ada.ID, begin))
			window := f.window(-time.Hour, time.Hour)
			want := []domain.Engagement{
				line(busy, 1, 1, 2, begin), line(one, 1, 1, 1, begin), line(other, 1, 1, 1, begin), line(none, 1, 0, 0, time.Time{}),
			}
			sameReport(f, "the report", f.report(window), want)
			sameReport(f, "the two busiest", f.reported(ports.ReportEngagement{Window: window, Limit: f.size(2)}).Items, want[:2])
		}},
		{"the report shows the present plan and name", func(f *fixture) {
			ada := f.user("ada")
			o := f.organization("acme", ada.ID)
			o.Plan, o.Name = f.plan("pro", 3).Code, f.newOrganization("apex", o.Plan).Name
			must[domain.Organization](f)(f.Organizations.ReplaceOrganization(f.Context(),
				ports.ReplaceOrganization{ID: o.ID, Name: o.Name, Slug: o.Slug, Plan: o.Plan}))
			sameReport(f, "the report", f.report(f.window(0, time.Hour)), []domain.Engagement{line(o, 1, 0, 0, time.Time{})})
		}},
	}
}

func whoCounts(f *fixture) {
	ada, left, gone, suspended := f.user("ada"), f.user("left"), f.user("gone"), f.user("suspended")
	o, other := f.organization("acme", ada.ID), f.organization("other", left.ID)
	for _, user := range []domain.User{left, gone, suspended} {
		f.member(o.ID, user.ID, domain.Member)
	}
	// An event of a user that was never a member is stored, but not counted.
	f.add(accepted(5), f.newEvent(o.ID, ada.ID, begin), f.newEvent(o.ID, left.ID, begin), f.newEvent(o.ID, gone.ID, begin),
		f.newEvent(o.ID, suspended.ID, begin.Add(time.Minute)), f.newEvent(other.ID, ada.ID, begin))
	window := f.window(-time.Hour, time.Hour)
	sameReport(f, "before", f.report(window), []domain.Engagement{line(o, 4, 4, 4, begin.Add(time.Minute)), line(other, 1, 0, 0, time.Time{})})
	if err := f.Memberships.RemoveMember(f.Context(), o.ID, left.ID); err != nil {
		f.Fatal(err)
	}
	f.remove(gone.ID)
	f.replace(suspend(suspended))
	sameReport(f, "after", f.report(window), []domain.Engagement{line(o, 2, 2, 2, begin.Add(time.Minute)), line(other, 1, 0, 0, time.Time{})})
	f.member(o.ID, left.ID, domain.Member)
	sameReport(f, "with a member who came back", f.report(window),
		[]domain.Engagement{line(o, 3, 3, 3, begin.Add(time.Minute)), line(other, 1, 0, 0, time.Time{})})
}
