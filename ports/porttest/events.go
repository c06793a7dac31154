package porttest

import (
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Events checks an implementation of ports.Events. It needs all other ports, too.
func Events(t *testing.T, open Open) {
	t.Helper()
	runCases(t, open, slices.Concat(eventWrites(), reports(), keyCases(eventCommands()), erasuresAndEvents(), erasureCounts(), eventsWithin()))
}

func (f *fixture) newEvent(o domain.OrganizationID, u domain.UserID, at time.Time) domain.Event {
	f.Helper()
	id, _ := f.next()
	return domain.Event{
		ID: id, Organization: o, User: u, OccurredAt: at,
		Kind: must[domain.EventKind](f)(domain.ParseEventKind("login")),
	}
}

func (f *fixture) add(want []ports.Outcome, events ...domain.Event) {
	f.Helper()
	sameList(f, "outcomes", must[[]ports.Outcome](f)(f.addEvents(events)), want)
}

func accepted(n int) []ports.Outcome {
	all := make([]ports.Outcome, n)
	for i := range all {
		all[i] = ports.Accepted
	}
	return all
}

// counts fails the test unless the reports of all decades count n events in the
// only organization.
func (f *fixture) counts(n int64) {
	f.Helper()
	var counted int64
	for year := 1990; year < 2210; year += 10 {
		window := must[domain.Window](f)(domain.ParseWindow(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC),
			time.Date(year+10, 1, 1, 0, 0, 0, 0, time.UTC)))
		lines := f.report(window)
		if len(lines) != 1 {
			f.Errorf("the report is %+v; it should have one line", lines)
			return
		}
		counted += lines[0].Events
	}
	if counted != n {
		f.Errorf("the reports count %d events; they should count %d", counted, n)
	}
}

func eventWrites() []testCase {
	return []testCase{
		{"an event counts once, be it sent again or twice in a batch", func(f *fixture) {
			ada := f.user("ada")
			o := f.organization("acme", ada.ID)
			one, two := f.newEvent(o.ID, ada.ID, begin), f.newEvent(o.ID, ada.ID, begin)
			f.add([]ports.Outcome{ports.Accepted, ports.Duplicate, ports.Accepted, ports.Duplicate}, one, one, two, one)
			f.add([]ports.Outcome{ports.Duplicate, ports.Duplicate}, two, one)
			later := one
			later.OccurredAt = begin.Add(time.Microsecond)
			f.add([]ports.Outcome{ports.Accepted}, later)
			f.counts(3)
		}},
		{"an event that can't be stored does not keep the others out", eventsAreTakenOneByOne},
		{"events of any month from 2000 on are taken", func(f *fixture) {
			ada := f.user("ada")
			o := f.organization("acme", ada.ID)
			var batch []domain.Event
			for _, at := range []time.Time{
				time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
				time.Date(2024, 2, 29, 23, 59, 59, 999_999_000, time.UTC),
				time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC),
				time.Date(2031, 12, 31, 23, 59, 59, 0, time.UTC),
			} {
				batch = append(batch, f.newEvent(o.ID, ada.ID, at))
			}
			f.add(accepted(len(batch)), batch...)
			f.counts(int64(len(batch)))
		}},
		{"payloads are taken, and none is needed", func(f *fixture) {
			ada := f.user("ada")
			o := f.organization("acme", ada.ID)
			var batch []domain.Event
			for _, text := range []string{`{"a":[1,"two",null]}`, `"text"`, `null`, `1e300`} {
				event := f.newEvent(o.ID, ada.ID, begin)
				event.Payload = must[domain.Payload](f)(domain.ParsePayload([]byte(text)))
				batch = append(batch, event, f.newEvent(o.ID, ada.ID, begin))
			}
			f.add(accepted(len(batch)), batch...)
		}},
		{"batches with the same events at once store each once", equalBatches},
		{"a deletion takes an organization's events along", func(f *fixture) {
			ada := f.user("ada")
			o := f.organization("acme", ada.ID)
			event := f.newEvent(o.ID, ada.ID, begin)
			f.add(accepted(1), event)
			if err := f.deleted(o.ID, 0); err != nil {
				f.Fatal(err)
			}
			f.add([]ports.Outcome{ports.UnknownOrganization}, event)
			sameReport(f, "the report", f.report(f.window(-time.Hour, time.Hour)), nil)
		}},
	}
}

func eventsAreTakenOneByOne(f *fixture) {
	ada, gone := f.user("ada"), f.user("gone")
	o := f.organization("acme", ada.ID)
	f.remove(gone.ID)
	good := f.newEvent(o.ID, ada.ID, begin)
	elsewhere, stranger, deleted := good, good, good
	elsewhere.Organization, stranger.User, deleted.User = nobody, nobody, gone.ID
	neither := f.newEvent(nobody, nobody, begin)
	f.add([]ports.Outcome{
		ports.UnknownOrganization, ports.UnknownUser, ports.UnknownUser, ports.Accepted, ports.UnknownOrganization, ports.Duplicate,
		ports.UnknownUser,
	}, elsewhere, stranger, deleted, good, neither, good, stranger)
	f.counts(1)
}

func equalBatches(f *fixture) {
	ada := f.user("ada")
	o := f.organization("acme", ada.ID)
	batch := make([]domain.Event, 40)
	for i := range batch {
		batch[i] = f.newEvent(o.ID, ada.ID, begin.AddDate(0, i%4, 0))
	}
	outcomes := make([][]ports.Outcome, 10)
	same(f, "successes", f.count(atOnce(len(outcomes), func(i int) (err error) {
		mine := append(append([]domain.Event{}, batch[i:]...), batch[:i]...)
		outcomes[i], err = f.addEvents(mine)
		return err
	}))[""], len(outcomes))
	n := 0
	for _, some := range outcomes {
		for _, outcome := range some {
			if outcome == ports.Accepted {
				n++
			}
		}
	}
	same(f, "accepted", n, len(batch))
	f.counts(int64(len(batch)))
}
