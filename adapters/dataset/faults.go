package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
)

// The fixes that several faults have.
const (
	saveAsCSV  = `save the file as "CSV UTF-8 (comma delimited)"`
	oneALine   = "write one record a line, as a JSON object"
	saveWithLF = "save the file with the line ends LF or CR LF"
)

// invalid returns the fault of a whole line, or of a whole file.
func invalid(detail, fix string) *domain.Error {
	return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Detail: detail, Fix: fix}
}

func notUTF8(fix string) error { return invalid("is not valid UTF-8", fix) }

func tooLong(text []byte, maxBytes int) error {
	fix := "shorten it"
	if bytes.IndexByte(trimEnd(text), '\r') >= 0 {
		fix = "shorten it, or, if CR alone ends its lines, " + saveWithLF
	}
	fault := invalid(fmt.Sprintf("the line is longer than %d bytes", maxBytes), fix)
	fault.Reason = domain.ReasonRange
	return fault
}

// notAnObject says what a line is that does not begin with an object. known are the
// fields of the records.
func notAnObject(text []byte, known []string) error {
	if len(text) > 0 && text[0] == '[' {
		return invalid("is not a JSON object, but an array or its beginning", oneALine+", without brackets around the records")
	}
	if header, _ := isHeader(text, known); header {
		return invalid("is not a JSON object, but the header of a CSV file",
			"let the name of the file end with .csv, or send it as text/csv")
	}
	return invalid("is not a JSON object", oneALine)
}

// moreThanAnObject says what follows the object of a line.
func moreThanAnObject(text, rest []byte) error {
	switch {
	case bytes.IndexByte(text, '\r') >= 0:
		return invalid("has lines that CR alone ends", saveWithLF)
	case rest[0] == ',' && len(rest) == 1:
		return invalid("has a comma after its JSON object", oneALine+", without commas between the records")
	}
	return invalid("has more than a JSON object", oneALine)
}

// notJSON converts an error of the JSON decoder.
func notJSON(err error) error {
	fault := notAnObject(nil, nil).(*domain.Error) //nolint:errorlint // it is made just now
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		fault.Field, fault.Detail = fieldAt(syntax.JSONPointer), fmt.Sprintf("is not JSON from byte %d on", syntax.ByteOffset)
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		fault.Detail, fault.Fix = "is given twice", "give it once"
	case errors.Is(err, io.ErrUnexpectedEOF):
		fault.Field, fault.Detail = "", "ends before its JSON object does"
	}
	return fault
}

func fieldAt(pointer jsontext.Pointer) string {
	return shortName(strings.ReplaceAll(strings.TrimPrefix(string(pointer), "/"), "/", "."))
}

// separators are what programs put between cells, with their names.
var separators = []struct{ text, name string }{{",", "commas"}, {";", "semicolons"}, {"\t", "tabs"}, {"|", "vertical bars"}}

// isHeader reports whether a text names several fields of the records, as the header
// of a CSV file does, and what separates them.
func isHeader(text []byte, known []string) (bool, string) {
	for _, separator := range separators {
		found := 0
		for name := range strings.SplitSeq(string(text), separator.text) {
			if slices.Contains(known, strings.Trim(name, " \"")) {
				found++
			}
		}
		if found > 1 {
			return true, separator.name
		}
	}
	return false, ""
}
