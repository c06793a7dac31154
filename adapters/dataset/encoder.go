package dataset

import (
	"bufio"
	"encoding/csv"
	"io"
	"reflect"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/ports"
)

// celled is a record's fields, which CSV has as cells.
type celled interface{ cells() []string }

// encoder writes records in a format.
type encoder struct {
	buffer *bufio.Writer
	csv    *csv.Writer // nil for NDJSON
	json   *jsontext.Encoder
}

func newEncoder(out io.Writer, format Format) encoder {
	e := encoder{buffer: bufio.NewWriterSize(out, 64<<10)}
	if format == CSV {
		e.csv = csv.NewWriter(e.buffer)
	} else {
		e.json = jsontext.NewEncoder(e.buffer)
	}
	return e
}

// begin writes what stands before the records.
func (e encoder) begin(kind ports.RecordKind) error {
	if e.csv == nil {
		return nil
	}
	return e.csv.Write(headers(kind))
}

func (e encoder) write(fields celled) error {
	if e.csv != nil {
		return e.csv.Write(fields.cells())
	}
	return writeObject(e.json, reflect.Indirect(reflect.ValueOf(fields)))
}

func (e encoder) flush() error {
	if e.csv != nil {
		e.csv.Flush()
		if err := e.csv.Error(); err != nil {
			return err
		}
	}
	return e.buffer.Flush()
}
