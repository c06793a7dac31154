package dataset

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/roster-directory/roster/domain"
)

// MaxLine is the most bytes of one line, or of one CSV record.
const MaxLine = 1 << 20

// line is one record's text as it stands in the file.
type line struct {
	number int64
	text   []byte // without its end; valid until the next call
	fault  error  // nil, or why text is no record
}

// lineReader reads physical lines in constant memory.
type lineReader struct {
	in     *bufio.Reader
	number int64
	buffer []byte
}

func newLineReader(in io.Reader) *lineReader {
	r := &lineReader{in: bufio.NewReaderSize(in, 64<<10)}
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
		if len(r.buffer)+len(part) > MaxLine+2 {
			fault = tooLong()
			part = part[:max(0, min(len(part), MaxLine-len(r.buffer)))]
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
		return line{number: r.number, text: trimEnd(r.buffer), fault: fault}, nil
	}
}

func trimEnd(text []byte) []byte {
	text = bytes.TrimSuffix(text, []byte("\n"))
	return bytes.TrimSuffix(text, []byte("\r"))
}

func tooLong() error {
	return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonRange, Detail: "the line is longer than 1 MiB", Fix: "shorten it"}
}
