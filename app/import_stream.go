package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Outcome is the outcome of a line.
type Outcome string

// The outcomes.
const (
	// Created is a record that is new.
	Created Outcome = "created"
	// Exists is a record that the directory has with the same values.
	Exists Outcome = "exists"
	// Rejected is a line that can't be imported.
	Rejected Outcome = "rejected"
)

// ImportResult is the outcome of one line.
type ImportResult struct {
	Line    int64
	Outcome Outcome
	// Problem says why the line is Rejected; nil otherwise.
	Problem error
}

// ImportedStream counts the outcomes of the lines of a stream.
type ImportedStream struct{ Created, Exists, Rejected int64 }

const (
	// maxPartLines and maxPartBytes bound a part, and so the memory of an import.
	maxPartLines = 1000
	maxPartBytes = 1 << 20
	// streamWait is how long an import waits for another that is about to end,
	// such as one whose client disconnected.
	streamWait = time.Second
)

// ImportStream stores the records of one kind as they arrive, in parts of up to
// a thousand lines. Each part is a transaction; a pause between two lines ends
// one, too. It reports the results of a part, in the order of lines, once the
// part is stored and before it reads the next. So after an error, the directory
// has what was reported, and at most one part more. The error is Denied, or that
// of from, of report or of ports.BulkStore.
func (s *Bulk) ImportStream(
	ctx context.Context, caller domain.Principal, kind ports.RecordKind, from ports.Records, report func([]ImportResult) error,
) (ImportedStream, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return ImportedStream{}, err
	}
	im := &importing{service: s, now: domain.Instant(s.clock.Now())}
	in := &streaming{report: report, created: map[int64]bool{}, refused: map[int64]error{}}
	how := ports.BulkImport{At: im.now, Wait: streamWait, Stored: func(line int64) { in.created[line] = true }}
	err := s.store.Import(by(ctx, caller), how, func(ctx context.Context, to ports.BulkWriter) error {
		switch kind {
		case ports.PlanRecords:
			return storeParts(ctx, in, from.Plans(ctx), nil, to.AddPlans)
		case ports.OrganizationRecords:
			return storeParts(ctx, in, from.Organizations(ctx), im.organization, to.AddOrganizations)
		case ports.UserRecords:
			return storeParts(ctx, in, from.Users(ctx), im.user, to.AddUsers)
		case ports.MembershipRecords:
			return storeParts(ctx, in, from.Memberships(ctx), nil, to.AddMemberships)
		case ports.EventRecords:
			return storeParts(ctx, in, from.Events(ctx), im.event, to.AddEvents)
		}
		return fmt.Errorf("there are no records of the kind %q", kind)
	})
	return in.total, err
}

// streaming is one run of ImportStream.
type streaming struct {
	report func([]ImportResult) error
	total  ImportedStream
	// created and refused are lines of the current part, as the store reports them.
	created map[int64]bool
	refused map[int64]error
	results []ImportResult
}

// storeParts stores the lines part by part.
func storeParts[T any](
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
		if size += line.Size; len(part) < maxPartLines && size < maxPartBytes && !line.Pause {
			continue
		}
		if err := storePart(ctx, in, part, add); err != nil {
			return err
		}
		clear(part) // lets the garbage collector take the records
		part, size = part[:0], 0
	}
	return storePart(ctx, in, part, add)
}

// storePart stores one part and reports its results.
func storePart[T any](
	ctx context.Context, in *streaming, part []ports.Line[T],
	add func(context.Context, ports.Lines[T], func(ports.Refusal) error) (ports.Added, error),
) error {
	if len(part) == 0 {
		return nil
	}
	clear(in.created)
	clear(in.refused)
	if slices.ContainsFunc(part, func(line ports.Line[T]) bool { return line.Fault == nil }) {
		_, err := add(ctx, validOf(part), func(r ports.Refusal) error {
			in.refused[r.Line] = r.Problem
			return nil
		})
		if err != nil {
			return err
		}
	}
	in.results = in.results[:0]
	for _, line := range part {
		in.addResult(line.Number, line.Fault)
	}
	return in.report(in.results)
}

// validOf gives the lines that have a valid record.
func validOf[T any](part []ports.Line[T]) ports.Lines[T] {
	return func(yield func(ports.Line[T], error) bool) {
		for _, line := range part {
			if line.Fault == nil && !yield(line, nil) {
				return
			}
		}
	}
}

// addResult adds the outcome of a line of the part that was stored.
func (in *streaming) addResult(line int64, fault error) {
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
