package sample_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"testing"
	"time"
	"unicode"

	"github.com/roster-directory/roster/adapters/sample"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// gathered keeps the records of a sample and their digest.
type gathered struct {
	digest        hash.Hash
	plans         map[domain.PlanCode]domain.Plan
	organizations map[domain.OrganizationID]domain.Organization
	users         map[domain.UserID]ports.UserRecord
	memberships   []domain.Membership
	events        []domain.Event
	fail          error
}

func (g *gathered) WritePlan(p domain.Plan) error {
	g.plans[p.Code] = p
	return g.note(p)
}

func (g *gathered) WriteOrganization(o domain.Organization) error {
	g.organizations[o.ID] = o
	return g.note(o)
}

func (g *gathered) WriteUser(u ports.UserRecord) error {
	g.users[u.ID] = u
	return g.note(u)
}

func (g *gathered) WriteMembership(m domain.Membership) error {
	g.memberships = append(g.memberships, m)
	return g.note(m)
}

func (g *gathered) WriteEvent(e domain.Event) error {
	g.events = append(g.events, e)
	return g.note(e)
}

func (g *gathered) note(record any) error {
	_, _ = fmt.Fprintf(g.digest, "%v\n", record)
	return g.fail
}

func gather(t *testing.T, options sample.Options) *gathered {
	t.Helper()
	g := &gathered{
		digest: sha256.New(), plans: map[domain.PlanCode]domain.Plan{},
		organizations: map[domain.OrganizationID]domain.Organization{}, users: map[domain.UserID]ports.UserRecord{},
	}
	if err := sample.Write(t.Context(), options, g); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *gathered) sum() string { return hex.EncodeToString(g.digest.Sum(nil)[:8]) }

func TestTheSameOptionsGiveTheSameDirectory(t *testing.T) {
	options := sample.Options{Seed: 1, Users: 500, Events: 2000}
	first, second := gather(t, options), gather(t, options)
	if first.sum() != second.sum() {
		t.Error("two samples of the same options differ")
	}
	options.Seed = 2
	if gather(t, options).sum() == first.sum() {
		t.Error("another seed gives the same directory")
	}
	// The digest is the same on every machine. It changes only with the sample.
	if got, want := first.sum(), "4da3fe9c338c5b21"; got != want {
		t.Errorf("the sample has the digest %s, want %s", got, want)
	}
}

func TestNamesAreUnique(t *testing.T) {
	g := gather(t, sample.Options{Seed: 1, Users: 6000})
	usernames, emails, slugs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, u := range g.users {
		usernames[u.Username.Key()], emails[u.Email.Key()] = true, true
	}
	for _, o := range g.organizations {
		slugs[o.Slug.String()] = true
	}
	if len(g.users) != 6000 || len(usernames) != 6000 || len(emails) != 6000 || len(slugs) != 50 || len(g.organizations) != 50 {
		t.Errorf("%d users, %d usernames, %d emails, %d organizations, %d slugs",
			len(g.users), len(usernames), len(emails), len(g.organizations), len(slugs))
	}
}

func TestNamesAreOfManyScripts(t *testing.T) {
	g := gather(t, sample.Options{Seed: 1, Users: 3000})
	for _, script := range []string{
		"Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Han", "Hangul", "Hiragana", "Katakana", "Thai", "Georgian",
	} {
		found := 0
		for _, u := range g.users {
			for _, r := range u.DisplayName.String() {
				if unicode.Is(unicode.Scripts[script], r) {
					found++
					break
				}
			}
		}
		if found < 5 {
			t.Errorf("%d names in %s", found, script)
		}
	}
}

func TestTheRulesOfTheDirectoryHold(t *testing.T) {
	g := gather(t, sample.Options{Seed: 3, Users: 5000, Events: 5000})
	type pair struct {
		organization domain.OrganizationID
		user         domain.UserID
	}
	members, owners, pairs := map[domain.OrganizationID]int{}, map[domain.OrganizationID]int{}, map[pair]bool{}
	for _, m := range g.memberships {
		pairs[pair{m.Organization, m.User}] = true
		user := g.users[m.User]
		if user.DeletedAt.IsZero() {
			members[m.Organization]++
		}
		if m.Role == domain.Owner && user.Status == domain.Active && user.DeletedAt.IsZero() {
			owners[m.Organization]++
		}
	}
	if len(pairs) != len(g.memberships) {
		t.Errorf("%d memberships of %d pairs", len(g.memberships), len(pairs))
	}
	largest := 0
	for id, o := range g.organizations {
		seats, limited := g.plans[o.Plan].Seats.Limit()
		if owners[id] == 0 || limited && members[id] > int(seats) {
			t.Errorf("%s has %d owners, and %d members on the plan %s", o.Slug, owners[id], members[id], o.Plan)
		}
		largest = max(largest, members[id])
	}
	if average := len(g.memberships) / len(g.organizations); largest < 3*average {
		t.Errorf("the largest organization has %d members, the average %d", largest, average)
	}
	for _, e := range g.events {
		if !pairs[pair{e.Organization, e.User}] {
			t.Fatalf("the event %v is of no member", e.ID)
		}
	}
}

func TestAFewUsersCauseMostEvents(t *testing.T) {
	g := gather(t, sample.Options{Seed: 1, Users: 1000, Events: 20000})
	count, ids := map[domain.UserID]int{}, map[domain.EventID]bool{}
	first, last := g.events[0].OccurredAt, g.events[0].OccurredAt
	for _, e := range g.events {
		count[e.User]++
		ids[e.ID] = true
		if e.OccurredAt.Before(first) {
			first = e.OccurredAt
		}
		if e.OccurredAt.After(last) {
			last = e.OccurredAt
		}
	}
	busy := 0
	for _, n := range count {
		if n > 40 { // twice the average
			busy += n
		}
	}
	if busy < len(g.events)/2 || len(count) > 900 {
		t.Errorf("%d of %d events are of busy users; %d users did something", busy, len(g.events), len(count))
	}
	from, to := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if len(ids) != 20000 || first.Before(from) || !last.Before(to) {
		t.Errorf("%d ids from %s to %s", len(ids), first, last)
	}
}

func TestInvalidOptionsAreRefused(t *testing.T) {
	for _, options := range []sample.Options{{Users: -1}, {Users: 1, Events: -1}, {Events: 1}} {
		if err := sample.Write(t.Context(), options, &gathered{}); err == nil {
			t.Errorf("%+v makes a directory", options)
		}
	}
	if g := gather(t, sample.Options{}); len(g.plans) != 4 || len(g.organizations) != 0 {
		t.Errorf("a sample of nothing holds %d plans and %d organizations", len(g.plans), len(g.organizations))
	}
}

func TestWritingEndsWithTheFirstError(t *testing.T) {
	broken := errors.New("broken")
	g := &gathered{digest: sha256.New(), plans: map[domain.PlanCode]domain.Plan{}, fail: broken}
	if err := sample.Write(t.Context(), sample.Options{Users: 1}, g); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	g = &gathered{digest: sha256.New(), plans: map[domain.PlanCode]domain.Plan{}}
	if err := sample.Write(ctx, sample.Options{Users: 1}, g); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
