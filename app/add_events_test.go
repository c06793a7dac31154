package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func TestAddingEventsNeedsTheScopeWrite(t *testing.T) {
	activity := app.NewActivity(&portsmock.EventsMock{}, clock(), ids())
	refuses(t, func(c domain.Principal) error {
		_, err := activity.AddEvents(ctx, c, app.AddEvents{Events: []domain.Event{{OccurredAt: now}}})
		return err
	}, reader)
}

func TestABatchOfEventsIsNeitherEmptyNorTooLarge(t *testing.T) {
	activity := app.NewActivity(&portsmock.EventsMock{}, clock(), ids())
	for _, n := range []int{0, app.MaxEvents + 1} {
		_, err := activity.AddEvents(ctx, writer, app.AddEvents{Events: make([]domain.Event, n)})
		if failures := domain.Failures(err); !errors.Is(err, domain.Invalid) || failures[0].Field != "events" {
			t.Errorf("%d events: got %v", n, err)
		}
	}
}

func TestEventsGetAnIDAndATimeToTheMicrosecond(t *testing.T) {
	given := domain.EventID{9}
	store := &portsmock.EventsMock{AddEventsFunc: func(_ context.Context, in ports.AddEvents) ([]ports.Outcome, error) {
		batch := in.Events
		if batch[0].ID != newID || batch[1].ID != given || batch[0].OccurredAt != instant {
			t.Errorf("the store was given %+v", batch)
		}
		return []ports.Outcome{ports.Accepted, ports.Duplicate}, errStore
	}}
	events := []domain.Event{{OccurredAt: now}, {ID: given, OccurredAt: now}}
	outcomes, err := app.NewActivity(store, clock(), ids()).AddEvents(ctx, writer, app.AddEvents{Events: events})
	passes(t, err)
	if len(outcomes) != 2 || outcomes[1] != ports.Duplicate {
		t.Errorf("got %v", outcomes)
	}
	if !events[0].ID.IsZero() || events[0].OccurredAt != now {
		t.Error("the caller's events were changed")
	}
}

func TestEachEventOutOfTimeIsNamed(t *testing.T) {
	activity := app.NewActivity(&portsmock.EventsMock{}, clock(), ids())
	_, err := activity.AddEvents(ctx, writer,
		app.AddEvents{Events: []domain.Event{{}, {OccurredAt: now}, {OccurredAt: now.Add(48 * time.Hour)}}})
	failures := domain.Failures(err)
	if len(failures) != 2 || failures[0].Field != "events[0].occurred_at" || failures[1].Field != "events[2].occurred_at" {
		t.Errorf("got %v", err)
	}
}
