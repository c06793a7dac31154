package dataset

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

func TestTextThatIsNotUTF8IsNotWritten(t *testing.T) {
	encoder := newEncoder(io.Discard, NDJSON)
	if err := encoder.write(planLine{Code: "\xff"}); err == nil {
		t.Error("it is written")
	}
}

// decode reads one line, and returns all of its faults.
func decode[L any](text string, into *L) error {
	var p lineParser
	err := newLineDecoder(into).readObject([]byte(text), &p)
	return errors.Join(err, p.fault())
}

func TestNullIsAMissingField(t *testing.T) {
	var line userLine
	err := decode(`{"username":null,"version":null,"attributes":null}`, &line)
	if err != nil || line.Username != "" || line.Version != nil || string(line.Attributes) != "null" {
		t.Errorf("got %+v, %v", line, err)
	}
}

func TestALineLeavesNothingForTheNext(t *testing.T) {
	var line userLine
	decoder := newLineDecoder(&line)
	for _, text := range []string{`{"username":"ada","version":3,"attributes":{"a":1}}`, `{}`} {
		if err := decoder.readObject([]byte(text), new(lineParser)); err != nil {
			t.Fatal(err)
		}
	}
	if line.Username != "" || line.Version != nil || len(line.Attributes) > 0 {
		t.Errorf("got %+v", line)
	}
}

func TestALineThatIsNoObjectSaysOneRecordALine(t *testing.T) {
	const one = "write one record a line, as a JSON object"
	for text, want := range map[string]string{
		"":                  "is not a JSON object; " + one,
		"null":              "is not a JSON object; " + one,
		"not JSON":          "is not a JSON object; " + one,
		"5":                 "is not a JSON object; " + one,
		`"text"`:            "is not a JSON object; " + one,
		" true":             "is not a JSON object; " + one,
		"}":                 "is not a JSON object; " + one,
		"]":                 "is not a JSON object; " + one,
		`"email": "x",`:     "is not a JSON object; " + one,
		"[1]":               "is not a JSON object, but an array or its beginning; " + one + ", without brackets around the records",
		"[":                 "is not a JSON object, but an array or its beginning; " + one + ", without brackets around the records",
		"{":                 "ends before its JSON object does; " + one,
		`{"username":"ada"`: "ends before its JSON object does; " + one,
		`{"username":`:      "ends before its JSON object does; " + one,
		"{}{}":              "has more than a JSON object; " + one,
		"{} {}":             "has more than a JSON object; " + one,
		"{} x":              "has more than a JSON object; " + one,
		"{}]":               "has more than a JSON object; " + one,
		"{},":               "has a comma after its JSON object; " + one + ", without commas between the records",
		"{}\r{}":            "has lines that CR alone ends; save the file with the line ends LF or CR LF",
		"username;email":    "is not a JSON object, but the header of a CSV file; let the name of the file end with .csv, or send it as text/csv",
	} {
		if err := decode(text, new(userLine)); err == nil || err.Error() != want {
			t.Errorf("%q: the error is %v, not %s", text, err, want)
		}
	}
}

func TestInvalidJSONIsNamed(t *testing.T) {
	const one = "; write one record a line, as a JSON object"
	for text, want := range map[string]string{
		`{"username":}`:                    "username: is not JSON from byte 12 on" + one,
		`{x}`:                              "is not JSON from byte 1 on" + one,
		`{"version":1.5}`:                  "version: 1.5 is not a whole number; send a number such as 25",
		`{"version":99999999999999999999}`: "version: 99999999999999999999 is too large; send a number such as 25",
		`{"version":"1"}`: "version: is a string, not a whole number or null; " +
			"send a whole number or null, or leave it out if it is optional",
		`{"username":{"a":1}}`:            "username: is an object, not a string; send a string, or leave it out if it is optional",
		`{"username":"a","username":"b"}`: "username: is given twice; give it once",
		`{"attributes":{"a":1,"a":2}}`:    "attributes.a: is given twice; give it once",
	} {
		if err := decode(text, new(userLine)); err == nil || err.Error() != want {
			t.Errorf("%s: the error is %v, not %s", text, err, want)
		}
	}
}

func TestAllUnknownFieldsAreNamedWithTheKnownOnes(t *testing.T) {
	err := decode(`{"emial":1,"username":"ada","a/b":{"c":[]},"Status":null,"version":"x"}`, new(userLine))
	var named []string
	for _, fault := range domain.Failures(err) {
		named = append(named, fault.Field)
	}
	if got := strings.Join(named, " "); got != "emial a/b Status version" {
		t.Errorf("named are %s, in %v", got, err)
	}
	if known := strings.Join(fieldsOf[userLine](), ", "); !strings.Contains(err.Error(), known) {
		t.Errorf("%v does not name the fields %s", err, known)
	}
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, `"%d%s":1,`, i, strings.Repeat("x", 100))
	}
	err = decode("{"+strings.TrimSuffix(many.String(), ",")+"}", new(userLine))
	if n := len(domain.Failures(err)); n != maxUnknown || strings.Contains(err.Error(), strings.Repeat("x", 100)) {
		t.Errorf("%d unknown fields are named, and not shortened: %v", n, err)
	}
}
