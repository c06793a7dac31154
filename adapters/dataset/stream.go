package dataset

import (
	"context"
	"io"

	"github.com/roster-directory/roster/ports"
)

// StreamReader reads the records of a stream, whose kind is that of the called
// method. It may be read once, by one goroutine. A line has at most MaxStreamLine
// bytes. If the stream is an Ahead, lines tell of pauses. The error of a sequence is
// the stream's, or Invalid if the header of CSV names fields that the records do not
// have.
type StreamReader struct{ sequences }

var _ ports.Records = (*StreamReader)(nil)

// ReadStream makes a reader.
func ReadStream(in io.Reader, format Format) *StreamReader {
	return &StreamReader{func(_ context.Context, _ ports.RecordKind, known []string) (*recordReader, error) {
		r := newRecordReader(in, format == CSV, MaxStreamLine)
		if format == CSV {
			return r, r.readHeader(known)
		}
		return r, nil
	}}
}

// StreamWriter writes records of one kind to a stream.
type StreamWriter struct {
	recordWriter
	encoder encoder
}

var _ ports.RecordWriter = (*StreamWriter)(nil)

// WriteStream makes a writer. Flush ends the stream.
func WriteStream(out io.Writer, format Format, kind ports.RecordKind) (*StreamWriter, error) {
	e := newEncoder(out, format)
	return &StreamWriter{func(_ ports.RecordKind, record fields) error { return e.write(record) }, e}, e.begin(kind)
}

// Flush writes the buffered records.
func (w *StreamWriter) Flush() error { return w.encoder.flush() }
