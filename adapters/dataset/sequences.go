package dataset

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// sequences implements ports.Records with a function that opens the records of a
// kind. known are the fields of the records. The reader is nil if there are none.
type sequences func(ctx context.Context, kind ports.RecordKind, known []string) (*recordReader, error)

// Plans implements ports.Records.
func (s sequences) Plans(ctx context.Context) iter.Seq2[ports.Line[domain.Plan], error] {
	return sequence(ctx, s, ports.PlanRecords, (*planLine).record)
}

// Organizations implements ports.Records.
func (s sequences) Organizations(ctx context.Context) iter.Seq2[ports.Line[ports.OrganizationRecord], error] {
	return sequence(ctx, s, ports.OrganizationRecords, (*organizationLine).record)
}

// Users implements ports.Records.
func (s sequences) Users(ctx context.Context) iter.Seq2[ports.Line[ports.UserRecord], error] {
	return sequence(ctx, s, ports.UserRecords, (*userLine).record)
}

// Memberships implements ports.Records.
func (s sequences) Memberships(ctx context.Context) iter.Seq2[ports.Line[ports.MembershipRecord], error] {
	return sequence(ctx, s, ports.MembershipRecords, (*membershipLine).record)
}

// Events implements ports.Records.
func (s sequences) Events(ctx context.Context) iter.Seq2[ports.Line[ports.EventRecord], error] {
	return sequence(ctx, s, ports.EventRecords, (*eventLine).record)
}

// sequence yields the records of a kind, each converted from its text to an L and
// then to a T.
func sequence[L, T any](
	ctx context.Context, open sequences, kind ports.RecordKind, record func(*L, *lineParser) T,
) iter.Seq2[ports.Line[T], error] {
	return func(yield func(ports.Line[T], error) bool) {
		r, err := open(ctx, kind, fieldsOf[L]())
		if err != nil {
			yield(ports.Line[T]{}, err)
			return
		}
		if r == nil {
			return
		}
		defer r.close()
		var fields L
		decoder := newLineDecoder(&fields)
		for {
			l, err := r.next()
			if errors.Is(err, io.EOF) {
				return
			}
			out := ports.Line[T]{Number: l.number, Size: len(l.text)}
			if err == nil {
				out.Record, out.Fault = parse(decoder, r.csv, l, &fields, record)
				out.Pause = r.lines.pause()
			}
			if out.Fault != nil {
				out.Text = string(l.text)
			}
			if !yield(out, err) || err != nil {
				return
			}
		}
	}
}
