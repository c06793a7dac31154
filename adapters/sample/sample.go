// Package sample generates a directory of any size, with names in many scripts, a
// few large organizations and many small ones, and a few users who cause most of the
// events. The same options give the same records on every machine.
package sample

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Options are the size of a directory and the seed of its random numbers.
type Options struct {
	Seed uint64
	// Users is 0 or more, and at least 1 if there are Events.
	Users, Events int
	// Now, unless zero, makes a directory of this time: users join up to the day before,
	// and all events are of the last Weeks. Else the directory ends with the year 2025.
	Now time.Time
}

// Weeks is how long the events of a directory of the present time go back.
const Weeks = 8

// usersPerOrganization is the average number of users of an organization.
const usersPerOrganization = 120

// plans are the plans of the organizations, the smallest first.
var plans = []struct {
	code, name string
	seats      int64 // 0 is no limit
}{{"free", "Free", 5}, {"team", "Team", 50}, {"business", "Business", 500}, {"enterprise", "Enterprise", 0}}

// Write generates a directory. Its memory grows with the number of organizations,
// about one for 120 users. The error is the writer's, that of ctx, or says that the
// options are invalid.
func Write(ctx context.Context, options Options, to ports.RecordWriter) error {
	if options.Users < 0 || options.Events < 0 || options.Events > 0 && options.Users == 0 {
		const fix = "choose 0 or more, and at least one user for events"
		return fmt.Errorf("a sample of %d users and %d events: %s", options.Users, options.Events, fix)
	}
	d := newDirectory(options)
	for _, plan := range plans {
		if err := to.WritePlan(planOf(plan.code, plan.name, plan.seats)); err != nil {
			return err
		}
	}
	steps := []struct {
		count int
		write func(i int) error
	}{
		{d.organizations, func(i int) error { return to.WriteOrganization(d.organization(i)) }},
		{options.Users, func(i int) error { return to.WriteUser(d.user(i)) }},
		{options.Users, func(i int) error { return d.writeMemberships(i, to) }},
		{options.Events, func(i int) error { return to.WriteEvent(d.event(i)) }},
	}
	for _, step := range steps {
		for i := range step.count {
			if i%10_000 == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
			}
			if err := step.write(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// directory generates records. Each depends only on the seed and its number.
type directory struct {
	options Options
	period
	organizations int
	people        []person
	first, second []string
	forms         []string
	departments   []string
	// shares has the sum of the shares of each organization and those before it.
	shares []int
	// members has the number of members of each organization.
	members []int32
}

func newDirectory(options Options) *directory {
	d := &directory{
		options: options, period: periodOf(options.Now), people: people(),
		first: strings.Fields(firstWords), second: strings.Fields(secondWords),
		forms: strings.Fields(legalForms), departments: strings.Fields(departments),
	}
	if options.Users > 0 {
		d.organizations = max(1, options.Users/usersPerOrganization)
	}
	// Shares by Zipf's law, in whole numbers, which are equal on every machine.
	total := 0
	for i := range d.organizations {
		total += 1 << 40 / (i + 4)
		d.shares = append(d.shares, total)
	}
	d.members = make([]int32, d.organizations)
	for i := range options.Users {
		for _, m := range d.affiliations(i) {
			d.members[m.organization]++
		}
	}
	return d
}

func planOf(code, name string, seats int64) domain.Plan {
	plan := domain.Plan{
		Code: domain.MustParse(domain.ParsePlanCode(code)),
		Name: domain.MustParse(domain.ParsePlanName(name)),
	}
	if seats > 0 {
		plan.Seats = domain.MustParse(domain.ParseSeats(seats))
	}
	return plan
}
