package dataset

import (
	"bytes"
	"errors"
	"io"
)

// maxRecordLines is the maximum number of lines of a CSV record.
const maxRecordLines = 1000

// csvReader reads CSV records in constant memory. A record ends at the first end of
// a line outside quotes. If a record exceeds the maximum number of bytes or lines,
// its first line is at fault, and reading continues with its second line.
type csvReader struct {
	lines  *lineReader
	unread []line // lines to read again
	text   []byte
}

// next returns the next record that is not blank, or io.EOF. Its number is the
// number of its first line.
func (r *csvReader) next() (line, error) {
	first, err := nextNonBlank(r.readLine)
	if err != nil || first.fault != nil {
		return first, err
	}
	r.text = append(r.text[:0], first.text...)
	if quotesBalanced(r.text) {
		return line{number: first.number, text: r.text}, nil
	}
	var more []line
	for open := true; open; {
		l, err := r.readLine()
		if err != nil && !errors.Is(err, io.EOF) {
			return line{}, err
		}
		if err == nil {
			more = append(more, line{number: l.number, text: bytes.Clone(l.text), fault: l.fault})
			r.text = append(append(r.text, '\n'), l.text...)
			open = quotesBalanced(l.text)
		}
		if err != nil || l.fault != nil || len(r.text) > r.lines.maxBytes || len(more) > maxRecordLines {
			r.unread = append(more, r.unread...)
			fault := invalid("opens a quote that is not closed", `close it, and write a quote within quotes as ""`)
			return line{number: first.number, text: r.text[:len(first.text)], fault: fault}, nil
		}
	}
	return line{number: first.number, text: r.text}, nil
}

func (r *csvReader) readLine() (line, error) {
	if len(r.unread) > 0 {
		l := r.unread[0]
		r.unread = r.unread[1:]
		return l, nil
	}
	return r.lines.readLine()
}

func (r *csvReader) pause() bool { return len(r.unread) == 0 && r.lines.pause() }

// quotesBalanced reports whether text has an even number of quotes.
func quotesBalanced(text []byte) bool { return bytes.Count(text, []byte{'"'})%2 == 0 }
