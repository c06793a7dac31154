package app

import (
	"context"
	"fmt"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Outcome is what became of a line.
type Outcome string

// The outcomes.
const (
	// Created is a record that is new.
	Created Outcome = "created"
	// Exists is a record that was there before with the same values.
	Exists Outcome = "exists"
	// Rejected is a line that does not go in.
	Rejected Outcome = "rejected"
)

// ImportResult says what became of one line.
type ImportResult struct {
	Line    int64
	Outcome Outcome
	// Problem says why the line is Rejected; nil where it is not.
	Problem error
}

// ImportedStream counts what became of the lines of a stream.
type ImportedStream struct{ Created, Exists, Rejected int64 }

const (
	// mostPartLines and mostPartBytes bound what is stored at once, and with it
	// what an import holds in memory.
	mostPartLines = 1000
	mostPartBytes = 1 << 20
	// streamWait is how long an import waits for one that is about to end, such
	// as one whose client broke off.
	streamWait = time.Second
)

// ImportStream takes in the records of one kind as they arrive. They are
// stored in parts of up to a thousand lines, each a transaction; a part ends
// where a line says that there is a pause, too. Each part's results are
// reported, in the order of lines, when it is stored and before the next one
// is read: an error leaves what was reported and at most one part more.
// The error is Denied, that of from, of report or of ports.BulkStore.
func (s *Bulk) ImportStream(
	ctx context.Context, caller domain.Principal, kind ports.RecordKind, from ports.Records, report func([]ImportResult) error,
) (ImportedStream, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return ImportedStream{}, err
	}
	im := &importing{service: s, now: domain.Instant(s.clock.Now())}
	in := &streaming{report: report, created: map[int64]bool{}, refused: map[int64]error{}}
	how := ports.BulkImport{At: im.now, Wait: streamWait, Stored: func(line int64) { in.created[line] = true }}
	err := s.store.Import(ctx, how, func(ctx context.Context, to ports.BulkWriter) error {
		switch kind {
		case ports.PlanRecords:
			return takeIn(ctx, in, from.Plans(ctx), nil, to.AddPlans)
		case ports.OrganizationRecords:
			return takeIn(ctx, in, from.Organizations(ctx), im.organization, to.AddOrganizations)
		case ports.UserRecords:
			return takeIn(ctx, in, from.Users(ctx), im.user, to.AddUsers)
		case ports.MembershipRecords:
			return takeIn(ctx, in, from.Memberships(ctx), nil, to.AddMemberships)
		case ports.EventRecords:
			return takeIn(ctx, in, from.Events(ctx), im.event, to.AddEvents)
		}
		return fmt.Errorf("there are no records of the kind %q", kind)
	})
	return in.total, err
}

// streaming is one run of ImportStream.
type streaming struct {
	report func([]ImportResult) error
	total  ImportedStream
	// created and refused are the lines of a part that the store told of.
	created map[int64]bool
	refused map[int64]error
	results []ImportResult
}

// takeIn stores the lines part by part.
func takeIn[T any](
	ctx context.Context, in *streaming, lines ports.Lines[T], prepare func(*T) error,
	add func(context.Context, ports.Lines[T], func(ports.Refusal) error) (ports.Added, error),
) error {
	var part []ports.Line[T]
	size := 0
	for line, err := range lines {
		if err != nil {
			return err
		}
		if line.Fault == nil && prepare != nil {
			line.Fault = prepare(&line.Record)
		}
		part = append(part, line)
		if size += line.Size; len(part) < mostPartLines && size < mostPartBytes && !line.Pause {
			continue
		}
		if err := store(ctx, in, part, add); err != nil {
			return err
		}
		clear(part) // the records may be collected
		part, size = part[:0], 0
	}
	return store(ctx, in, part, add)
}

// store stores one part and reports its results.
func store[T any](
	ctx context.Context, in *streaming, part []ports.Line[T],
	add func(context.Context, ports.Lines[T], func(ports.Refusal) error) (ports.Added, error),
) error {
	if len(part) == 0 {
		return nil
	}
	clear(in.created)
	clear(in.refused)
	sound := 0
	for _, line := range part {
		if line.Fault == nil {
			sound++
		}
	}
	if sound > 0 {
		_, err := add(ctx, soundOf(part), func(r ports.Refusal) error {
			in.refused[r.Line] = r.Problem
			return nil
		})
		if err != nil {
			return err
		}
	}
	in.results = in.results[:0]
	for _, line := range part {
		in.settle(line.Number, line.Fault)
	}
	return in.report(in.results)
}

// soundOf gives the lines that hold a record.
func soundOf[T any](part []ports.Line[T]) ports.Lines[T] {
	return func(yield func(ports.Line[T], error) bool) {
		for _, line := range part {
			if line.Fault == nil && !yield(line, nil) {
				return
			}
		}
	}
}

// settle says what became of a line of the part that is stored.
func (in *streaming) settle(line int64, fault error) {
	result := ImportResult{Line: line, Problem: fault}
	if fault == nil {
		result.Problem = in.refused[line]
	}
	switch {
	case result.Problem != nil:
		result.Outcome = Rejected
		in.total.Rejected++
	case in.created[line]:
		result.Outcome = Created
		in.total.Created++
	default:
		result.Outcome = Exists
		in.total.Exists++
	}
	in.results = append(in.results, result)
}
