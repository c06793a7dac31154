package dataset

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// The maximum number of bytes of a line or a CSV record.
const (
	// MaxLine is the maximum in a file.
	MaxLine = 1 << 20
	// MaxStreamLine is the maximum in a stream.
	MaxStreamLine = 64 << 10
)

// Ahead is a source that knows whether a Read would return at once.
type Ahead interface{ Ahead() bool }

// line is the text of a record in the file.
type line struct {
	number int64
	text   []byte // without its end; valid until the next call
	fault  error  // why text is no record; nil if it may be one
}

// lineReader reads lines in constant memory.
type lineReader struct {
	in       *bufio.Reader
	ahead    Ahead // nil if the source never pauses
	maxBytes int   // of a line
	number   int64
	buffer   []byte
	foreign  error // why the source is of another format; nil if it may be of this
}

func newLineReader(in io.Reader, csv bool, maxBytes int) *lineReader {
	r := &lineReader{in: bufio.NewReaderSize(in, 64<<10), maxBytes: maxBytes}
	r.ahead, _ = in.(Ahead)
	start, _ := r.in.Peek(signatureSize)
	if bytes.Equal(start, []byte("\xef\xbb\xbf")) {
		_, _ = r.in.Discard(len(start))
		return r
	}
	r.foreign = foreign(start, csv)
	return r
}

// next returns the next line that is not blank, or io.EOF.
func (r *lineReader) next() (line, error) { return nextNonBlank(r.readLine) }

func nextNonBlank(read func() (line, error)) (line, error) {
	for {
		l, err := read()
		if err != nil || l.fault != nil || len(bytes.TrimSpace(l.text)) > 0 {
			return l, err
		}
	}
}

// readLine returns the next line, blank or not.
func (r *lineReader) readLine() (line, error) {
	if r.foreign != nil {
		return line{}, r.foreign
	}
	r.buffer = r.buffer[:0]
	var fault error
	for {
		part, err := r.in.ReadSlice('\n')
		if len(r.buffer)+len(part) > r.maxBytes+2 {
			fault = tooLong(part, r.maxBytes)
			part = part[:max(0, min(len(part), r.maxBytes-len(r.buffer)))]
		}
		r.buffer = append(r.buffer, part...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if errors.Is(err, io.EOF) && len(r.buffer) > 0 {
			err = nil
		}
		if err != nil {
			return line{}, err
		}
		r.number++
		text := trimEnd(r.buffer)
		if len(text) > r.maxBytes {
			text, fault = text[:r.maxBytes], tooLong(text, r.maxBytes)
		}
		return line{number: r.number, text: text, fault: fault}, nil
	}
}

func trimEnd(text []byte) []byte {
	text = bytes.TrimSuffix(text, []byte("\n"))
	return bytes.TrimSuffix(text, []byte("\r"))
}

// pause reports whether the next line that is not blank has not arrived yet.
func (r *lineReader) pause() bool {
	if r.ahead == nil {
		return false
	}
	for {
		arrived, _ := r.in.Peek(r.in.Buffered())
		if bytes.IndexByte(bytes.TrimLeft(arrived, " \t\r\n"), '\n') >= 0 || len(arrived) == r.in.Size() {
			return false
		}
		if !r.ahead.Ahead() {
			return true
		}
		if _, err := r.in.Peek(len(arrived) + 1); err != nil {
			return false // the end has arrived
		}
	}
}
