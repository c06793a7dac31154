package dataset

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// Lines are read and written as the reflection of the JSON library would.

func TestLinesAreWrittenAsTheLibraryWould(t *testing.T) {
	seats := int64(-3)
	for _, line := range []any{
		planLine{},
		planLine{Code: "free", Seats: &seats},
		organizationLine{Name: "<&> \u2028 é\""},
		userLine{Attributes: jsontext.Value(`{ "a" : [1, null] }`)},
		membershipLine{Role: "owner"},
		eventLine{UserID: jsontext.Value("null")},
		rejectLine{File: "users.csv", Line: 7, Text: "\\\n"},
	} {
		var got, want bytes.Buffer
		err := writeObject(jsontext.NewEncoder(&got), reflect.ValueOf(line))
		if err := errors.Join(err, json.MarshalWrite(&want, line)); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String()+"\n" {
			t.Errorf("%+v is written as %s, not %s", line, got.String(), want.String())
		}
	}
}

func TestTextThatIsNotUTF8IsNotWritten(t *testing.T) {
	if err := writeObject(jsontext.NewEncoder(io.Discard), reflect.ValueOf(planLine{Code: "\xff"})); err == nil {
		t.Error("it is")
	}
}

// pieces are what lines are put together from, right and wrong.
var pieces = []string{
	`{`, `}`, `"username"`, `"email"`, `"version"`, `"attributes"`, `"emial"`, `:`, `,`, `"ada"`, `"\u0061"`, `5`, `-1`, `1.5`, `1e3`, `99999999999999999999`,
	`null`, `true`, `{}`, `[1]`, `{"a":1,"a":2}`, ` `, "\t", `"`, `\`, `x`,
}

func TestLinesAreReadAsTheLibraryWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := "{"
		for _, member := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 3).Draw(t, "members") {
			text += member + ":" + rapid.SampledFrom(pieces).Draw(t, "value") + rapid.SampledFrom([]string{",", "", " , "}).Draw(t, "comma")
		}
		text += rapid.SampledFrom([]string{"}", "", "} ", "}}", "}{}"}).Draw(t, "end")
		var got, want userLine
		err := decode([]byte(text), &got)
		wanted := json.Unmarshal([]byte(text), &want, json.RejectUnknownMembers(true))
		if (err == nil) != (wanted == nil) {
			t.Fatalf("%s is told %v, and by the library %v", text, err, wanted)
		}
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("%s is read as %+v, and by the library as %+v", text, got, want)
		}
	})
}

func TestNullIsNothingGiven(t *testing.T) {
	var line userLine
	err := decode([]byte(`{"username":null,"version":null,"attributes":null}`), &line)
	if err != nil || line.Username != "" || line.Version != nil || string(line.Attributes) != "null" {
		t.Errorf("got %+v, %v", line, err)
	}
}

func TestWhatIsNoObjectIsSaidToBeNone(t *testing.T) {
	for _, text := range []string{"null", "not JSON", "5", "[1]", `"text"`, " true"} {
		if err := decode([]byte(text), new(userLine)); err == nil || err.Error() != notAnObject().Error() {
			t.Errorf("%s is told %v", text, err)
		}
	}
}
