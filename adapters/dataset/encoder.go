package dataset

import (
	"bufio"
	"encoding/csv"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/ports"
)

// fields are the fields of a record. In CSV they are cells.
type fields interface{ cells() []string }

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

// begin writes the header of CSV.
func (e encoder) begin(kind ports.RecordKind) error {
	if e.csv == nil {
		return nil
	}
	return e.csv.Write(header(kind))
}

func (e encoder) write(record fields) error {
	if e.csv != nil {
		return e.csv.Write(record.cells())
	}
	return json.MarshalEncode(e.json, record)
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
