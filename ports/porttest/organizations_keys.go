package porttest

import (
	"fmt"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func organizationCommands() []keyedCommand {
	return []keyedCommand{
		{
			"a creation of an organization",
			func(f *fixture) sending { return f.creating(f.plan("free", 0).Code, f.user("ada").ID) },
			func(f *fixture) (sending, func()) {
				plan := f.newPlan("free", 0)
				return f.creating(plan.Code, f.user("ada").ID), func() { must[domain.Plan](f)(f.putPlan(plan)) }
			},
		},
		{
			"a replacement of an organization",
			func(f *fixture) sending {
				o := f.organization("acme", f.user("ada").ID)
				return f.replacing(ports.ReplaceOrganization{ID: o.ID, Name: f.newOrganization("apex", o.Plan).Name})
			},
			func(f *fixture) (sending, func()) {
				o, plan := f.organization("acme", f.user("ada").ID), f.newPlan("pro", 0)
				return f.replacing(ports.ReplaceOrganization{ID: o.ID, Plan: plan.Code}), func() { must[domain.Plan](f)(f.putPlan(plan)) }
			},
		},
	}
}

// creating sends a creation with a new id each time. The slug must not be created
// twice.
func (f *fixture) creating(plan domain.PlanCode, owner domain.UserID) sending {
	made := make(chan domain.Organization, 100)
	for range cap(made) {
		made <- f.newOrganization("acme", plan)
	}
	return func(key *ports.Idempotency) (string, error) {
		got, err := f.Organizations.CreateOrganization(f.Context(),
			ports.CreateOrganization{Organization: <-made, Owner: owner, Idempotency: key})
		return fmt.Sprintf("%+v", got), err
	}
}

// replacing sends a replacement, which adds to the version each time.
func (f *fixture) replacing(in ports.ReplaceOrganization) sending {
	return func(key *ports.Idempotency) (string, error) {
		in := in
		in.Idempotency = key
		got, err := f.Organizations.ReplaceOrganization(f.Context(), in)
		return fmt.Sprintf("%+v", got), err
	}
}

// eventCommands are keyed commands: a stored event is a duplicate the next time.
func eventCommands() []keyedCommand {
	return []keyedCommand{{"a batch of events", func(f *fixture) sending {
		ada := f.user("ada")
		o := f.organization("acme", ada.ID)
		stored := f.newEvent(o.ID, ada.ID, begin)
		f.add(accepted(1), stored)
		batch := []domain.Event{
			f.newEvent(o.ID, ada.ID, begin.AddDate(0, 1, 0)), f.newEvent(nobody, ada.ID, begin), stored,
			f.newEvent(o.ID, nobody, begin),
		}
		return func(key *ports.Idempotency) (string, error) {
			got, err := f.Events.AddEvents(f.Context(), ports.AddEvents{Events: batch, Idempotency: key})
			return fmt.Sprint(got), err
		}
	}, nil}}
}
