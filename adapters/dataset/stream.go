package dataset

import (
	"context"
	"io"
	"iter"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// StreamReader reads the records of a stream, whose kind is that of the called
// method. It may be read once, by one goroutine. A line has at most MaxStreamLine
// bytes. If the stream is an Ahead, lines tell of pauses. The error of a sequence is
// the stream's, or Invalid if the header of CSV names fields that the records do not
// have.
type StreamReader struct {
	in     io.Reader
	format Format
}

var _ ports.Records = (*StreamReader)(nil)

// ReadStream makes a reader.
func ReadStream(in io.Reader, format Format) *StreamReader {
	return &StreamReader{in: in, format: format}
}

// Plans implements ports.Records.
func (s *StreamReader) Plans(context.Context) iter.Seq2[ports.Line[domain.Plan], error] {
	return streamed(s, (*planLine).record)
}

// Organizations implements ports.Records.
func (s *StreamReader) Organizations(context.Context) iter.Seq2[ports.Line[ports.OrganizationRecord], error] {
	return streamed(s, (*organizationLine).record)
}

// Users implements ports.Records.
func (s *StreamReader) Users(context.Context) iter.Seq2[ports.Line[ports.UserRecord], error] {
	return streamed(s, (*userLine).record)
}

// Memberships implements ports.Records.
func (s *StreamReader) Memberships(context.Context) iter.Seq2[ports.Line[ports.MembershipRecord], error] {
	return streamed(s, (*membershipLine).record)
}

// Events implements ports.Records.
func (s *StreamReader) Events(context.Context) iter.Seq2[ports.Line[ports.EventRecord], error] {
	return streamed(s, (*eventLine).record)
}

// streamed yields the records of a stream, each converted to an L and then to a T.
func streamed[L, T any](s *StreamReader, record func(*L) (T, error)) iter.Seq2[ports.Line[T], error] {
	return func(yield func(ports.Line[T], error) bool) {
		reader := newRecordReader(s.in, s.format == CSV, MaxStreamLine)
		if s.format == CSV {
			if err := reader.readHeader(fieldsOf[L]()); err != nil {
				yield(ports.Line[T]{}, err)
				return
			}
		}
		each(&reader, reader.next, record, yield)
	}
}

// StreamWriter writes records of one kind to a stream.
type StreamWriter struct{ encoder }

var _ ports.RecordWriter = (*StreamWriter)(nil)

// WriteStream makes a writer. Flush ends the stream.
func WriteStream(out io.Writer, format Format, kind ports.RecordKind) (*StreamWriter, error) {
	w := &StreamWriter{newEncoder(out, format)}
	return w, w.begin(kind)
}

// Flush writes the buffered records.
func (w *StreamWriter) Flush() error { return w.flush() }

// WritePlan implements ports.RecordWriter.
func (w *StreamWriter) WritePlan(plan domain.Plan) error { return w.write(planFields(plan)) }

// WriteOrganization implements ports.RecordWriter.
func (w *StreamWriter) WriteOrganization(organization domain.Organization) error {
	return w.write(organizationFields(organization))
}

// WriteUser implements ports.RecordWriter.
func (w *StreamWriter) WriteUser(user ports.UserRecord) error { return w.write(userFields(user)) }

// WriteMembership implements ports.RecordWriter.
func (w *StreamWriter) WriteMembership(membership domain.Membership) error {
	return w.write(membershipFields(membership))
}

// WriteEvent implements ports.RecordWriter.
func (w *StreamWriter) WriteEvent(event domain.Event) error { return w.write(eventFields(event)) }
