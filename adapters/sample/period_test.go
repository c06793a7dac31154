package sample_test

import (
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/sample"
)

func TestADirectoryOfThePresentEndsNow(t *testing.T) {
	now := time.Date(2027, 3, 3, 0, 30, 0, 0, time.FixedZone("", 3600))
	g := gather(t, sample.Options{Seed: 1, Users: 1000, Events: 5000, Now: now})
	for _, u := range g.users {
		if u.CreatedAt.After(now) || u.UpdatedAt.After(now) || u.DeletedAt.After(now) || u.UpdatedAt.Before(u.CreatedAt) {
			t.Errorf("user created at %v, updated at %v, deleted at %v", u.CreatedAt, u.UpdatedAt, u.DeletedAt)
		}
	}
	for _, m := range g.memberships {
		if m.JoinedAt.After(now) {
			t.Errorf("membership of %v", m.JoinedAt)
		}
	}
	days := map[string]bool{}
	for _, e := range g.events {
		days[e.OccurredAt.Format(time.DateOnly)] = true
		if joined := g.users[e.User].CreatedAt; e.OccurredAt.After(now) || e.OccurredAt.Before(joined) {
			t.Errorf("event at %v of a user who joined at %v", e.OccurredAt, joined)
		}
	}
	if first := now.UTC().AddDate(0, 0, 1-7*sample.Weeks).Format(time.DateOnly); !days[first] || !days["2027-03-01"] {
		t.Errorf("the events are of %v, not from %s on", days, first)
	}
	if len(days) < 7*sample.Weeks-1 || len(days) > 7*sample.Weeks {
		t.Errorf("there are events on %d days", len(days))
	}
}
