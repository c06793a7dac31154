// Package sample makes up a directory: deterministic, of any size, with names in
// many scripts, a few large organizations and many small ones, and a few users
// who do most of what happens. The same options give the same records on every
// machine.
package sample

import (
	"context"
	"fmt"
	"strings"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Options say how large a directory is. The same Options give the same one.
type Options struct {
	Seed uint64
	// Users is at least 0, and 1 where there are Events.
	Users, Events int
}

// usersAnOrganization is how many users there are to an organization, on average.
const usersAnOrganization = 120

// plans is what organizations subscribe to, from the smallest.
var plans = []struct {
	code, name string
	seats      int64 // 0 is no limit
}{{"free", "Free", 5}, {"team", "Team", 50}, {"business", "Business", 500}, {"enterprise", "Enterprise", 0}}

// Write makes up a directory and writes it. Its memory grows with the number
// of organizations, about one in 120 users. The error is that of to, of ctx, or
// that of wrong options.
func Write(ctx context.Context, options Options, to ports.RecordWriter) error {
	if options.Users < 0 || options.Events < 0 || options.Events > 0 && options.Users == 0 {
		return fmt.Errorf("a sample of %d users and %d events: choose 0 or more, and a user where there are events", options.Users, options.Events)
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

// directory is a directory that is being made up: each record follows from the
// seed and its number alone.
type directory struct {
	options       Options
	organizations int
	people        []person
	first, second []string
	forms         []string
	departments   []string
	// upTo holds, for each organization, the share of it and those before it.
	upTo []uint64
	// members counts each organization's members.
	members []int32
}

func newDirectory(options Options) *directory {
	d := &directory{
		options: options, people: people(),
		first: strings.Fields(firstWords), second: strings.Fields(secondWords),
		forms: strings.Fields(legalForms), departments: strings.Fields(departments),
	}
	if options.Users > 0 {
		d.organizations = max(1, options.Users/usersAnOrganization)
	}
	// Shares by Zipf's law, in whole numbers, which are alike on every machine.
	total := uint64(0)
	for i := range d.organizations {
		total += 1 << 40 / uint64(i+4)
		d.upTo = append(d.upTo, total)
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
