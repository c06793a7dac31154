package dataset

import (
	"io"
	"testing"
)

func TestTextThatIsNotUTF8IsNotWritten(t *testing.T) {
	encoder := newEncoder(io.Discard, NDJSON)
	if err := encoder.write(planLine{Code: "\xff"}); err == nil {
		t.Error("it is written")
	}
}

func TestNullIsAMissingField(t *testing.T) {
	var line userLine
	err := decode([]byte(`{"username":null,"version":null,"attributes":null}`), &line)
	if err != nil || line.Username != "" || line.Version != nil || string(line.Attributes) != "null" {
		t.Errorf("got %+v, %v", line, err)
	}
}

func TestALineThatIsNoObjectIsRefused(t *testing.T) {
	for _, text := range []string{"null", "not JSON", "5", "[1]", `"text"`, " true"} {
		if err := decode([]byte(text), new(userLine)); err == nil || err.Error() != notAnObject().Error() {
			t.Errorf("%s: the error is %v", text, err)
		}
	}
}

func TestInvalidJSONIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "is not JSON from byte 0 on; correct the line",
		"x":                                "is not JSON from byte 0 on; correct the line",
		"[1":                               "is not JSON from byte 2 on; correct the line",
		`{"username":"ada"`:                "is not JSON from byte 17 on; correct the line",
		`{"username":}`:                    "username: is not JSON from byte 12 on; correct the line",
		`{}{}`:                             "is not JSON from byte 2 on; correct the line",
		`{"version":1.5}`:                  "version: can't be a number; correct the line",
		`{"version":99999999999999999999}`: "version: can't be a number; correct the line",
		`{"version":"1"}`:                  "version: can't be a string; correct the line",
		`{"username":{"a":1}}`:             "username: can't be a {; correct the line",
		`{"emial":1}`:                      "emial: is not a field; remove it",
		`{"username":"a","username":"b"}`:  "username: is given twice; give it once",
		`{"attributes":{"a":1,"a":2}}`:     "attributes.a: is given twice; give it once",
	} {
		if err := decode([]byte(text), new(userLine)); err == nil || err.Error() != want {
			t.Errorf("%s: the error is %v, not %s", text, err, want)
		}
	}
}
