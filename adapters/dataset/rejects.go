package dataset

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// rejectLine is a line of the file of rejects, which is NDJSON.
type rejectLine struct {
	File    string `json:"file"`
	Line    int64  `json:"line"`
	Problem string `json:"problem"`
	// Text is the line as it stands in the file, with U+FFFD for what is not
	// UTF-8, and its start where it is longer than MaxLine.
	Text string `json:"text"`
}

// rejects writes the file of rejected lines.
type rejects struct {
	path string
	file *os.File
	out  *bufio.Writer
	// again reads the file again for lines whose text was not kept.
	again     *recordReader
	againFile *file
	againLine line
}

func (r *rejects) add(ctx context.Context, from *file, refusal ports.Refusal) error {
	text := refusal.Text
	if text == "" {
		var err error
		if text, err = r.textOf(ctx, from, refusal.Line); err != nil {
			return err
		}
	}
	if err := r.create(); err != nil {
		return err
	}
	err := json.MarshalEncode(jsontext.NewEncoder(r.out), rejectLine{
		File: from.name(), Line: refusal.Line, Problem: problem(refusal.Problem),
		Text: strings.ToValidUTF8(shortened(text), "\uFFFD"),
	})
	if err != nil {
		return fmt.Errorf("writing the rejects to %s: %w", r.path, err)
	}
	return nil
}

// shortened returns the text, or the start of a text that is too long for a record.
func shortened(text string) string {
	const start = 1 << 10
	if len(text) < MaxLine {
		return text
	}
	return text[:start] + "…"
}

// problem returns all faults of a line as one line.
func problem(err error) string {
	var all []string
	for _, failure := range domain.Failures(err) {
		all = append(all, failure.Error())
	}
	if len(all) == 0 {
		return err.Error()
	}
	return strings.Join(all, " | ")
}

func (r *rejects) create() error {
	if r.file != nil {
		return nil
	}
	file, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("writing the rejects (choose another file with --rejects): %w", err)
	}
	r.file, r.out = file, bufio.NewWriter(file)
	return nil
}

// textOf returns the text of a line. It reads forward, and starts again for an
// earlier line.
func (r *rejects) textOf(ctx context.Context, from *file, number int64) (string, error) {
	if r.again == nil || r.againFile != from || r.againLine.number > number {
		if r.again != nil {
			r.again.close()
		}
		reader, err := (&file{path: from.path, csv: from.csv, gzip: from.gzip, size: from.size}).openText(ctx)
		if err != nil {
			return "", err
		}
		r.again, r.againFile, r.againLine = reader, from, line{}
	}
	for r.againLine.number < number {
		l, err := r.again.next()
		if errors.Is(err, io.EOF) {
			return "", fmt.Errorf("%s has changed: it ends before line %d", from.name(), number)
		}
		if err != nil {
			return "", err
		}
		r.againLine = l
	}
	return string(r.againLine.text), nil
}

func (r *rejects) close() (string, error) {
	if r.again != nil {
		r.again.close()
		r.again = nil
	}
	if r.file == nil {
		return "", nil
	}
	err := errors.Join(r.out.Flush(), r.file.Close())
	r.file = nil
	if err != nil {
		return r.path, fmt.Errorf("writing the rejects to %s: %w", r.path, err)
	}
	return r.path, nil
}
