package dataset

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/roster-directory/roster/domain"
)

// The most bytes of one line, or of one CSV record.
const (
	// MaxLine is that of a file.
	MaxLine = 1 << 20
	// MaxStreamLine is that of a stream.
	MaxStreamLine = 64 << 10
)

// Ahead is implemented by the sources of streams: Ahead reports whether a Read
// would return at once.
type Ahead interface{ Ahead() bool }

// line is one record's text as it stands in the file.
type line struct {
	number int64
	text   []byte // without its end; valid until the next call
	fault  error  // nil, or why text is no record
}

// lineReader reads physical lines in constant memory.
type lineReader struct {
	in     *bufio.Reader
	ahead  Ahead // nil where the source never pauses
	most   int   // bytes of a line
	number int64
	buffer []byte
}

func newLineReader(in io.Reader, most int) *lineReader {
	r := &lineReader{in: bufio.NewReaderSize(in, 64<<10), most: most}
	r.ahead, _ = in.(Ahead)
	if mark, _ := r.in.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = r.in.Discard(3)
	}
	return r
}

// next returns the next line that is not blank, or io.EOF.
func (r *lineReader) next() (line, error) {
	for {
		l, err := r.physical()
		if err != nil || l.fault != nil || len(bytes.TrimSpace(l.text)) > 0 {
			return l, err
		}
	}
}

// physical returns the next line, blank or not.
func (r *lineReader) physical() (line, error) {
	r.buffer = r.buffer[:0]
	var fault error
	for {
		part, err := r.in.ReadSlice('\n')
		if len(r.buffer)+len(part) > r.most+2 {
			fault = tooLong(r.most)
			part = part[:max(0, min(len(part), r.most-len(r.buffer)))]
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
		if len(text) > r.most {
			text, fault = text[:r.most], tooLong(r.most)
		}
		return line{number: r.number, text: text, fault: fault}, nil
	}
}

func trimEnd(text []byte) []byte {
	text = bytes.TrimSuffix(text, []byte("\n"))
	return bytes.TrimSuffix(text, []byte("\r"))
}

// pause reports whether no further line has arrived yet that is not blank.
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
			return false // the end is to be read, too
		}
	}
}

func tooLong(most int) error {
	return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonRange, Detail: fmt.Sprintf("the line is longer than %d bytes", most), Fix: "shorten it"}
}
