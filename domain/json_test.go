package domain_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"pgregory.net/rapid"
)

func TestAttributesAreACompactObject(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                            `{}`,
		` { "a" : [ 1, 2.50, null ] } `: `{"a":[1,2.50,null]}`,
		`{"a":{"a":1},"b":{"a":2}}`:     `{"a":{"a":1},"b":{"a":2}}`,
		`{"big":12345678901234567890}`:  `{"big":12345678901234567890}`,
		`{"emoji":"\ud83d\ude00"}`:      `{"emoji":"\ud83d\ude00"}`,
		`{"slash":"\\u0000"}`:           `{"slash":"\\u0000"}`,
		`{"n":1e308,"m":-2E-5}`:         `{"n":1e308,"m":-2E-5}`,
	} {
		got, err := domain.ParseAttributes([]byte(text))
		if err != nil || got.String() != want {
			t.Errorf("ParseAttributes(%s) = %s, %v; want %s", text, got, err, want)
		}
	}
	if (domain.Attributes{}).String() != "{}" {
		t.Error("the zero Attributes are not {}")
	}
}

func TestAttributesThatJSONBWouldRefuseOrLoseAreRefused(t *testing.T) {
	for _, text := range []string{
		``, `[]`, `1`, `"a"`, `null`, `{`, `{"a":1}}`, `{"a":1} {}`, `{'a':1}`, `{"a":1,}`,
		`{"a":1,"a":2}`, `{"":1,"":2}`, `{"x":{"b":1,"\u0062":2}}`, `{"a":[{"k":"k","k":"k"}]}`,
		`{"a":"\u0000"}`, `{"\u0000":1}`, `{"a":"\ud800"}`, `{"a":"\udc00\ud800"}`, `{"a":"\ud800x"}`, `{"a":"\ud800\u0041"}`,
		"{\"a\":\"\xff\"}", `{"a":1e309}`, `{"a":1E+0400}`, `{"a":1e-99999999999}`,
		`{"a":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}`,
		`{"a":"` + strings.Repeat("x", 16<<10) + `"}`,
	} {
		_, err := domain.ParseAttributes([]byte(text))
		refused(t, err, "attributes", text)
	}
}

func TestNumbersCountAsTheyAreWrittenOut(t *testing.T) {
	most, more := strings.Repeat("1e-300,", 53), strings.Repeat("1E300,", 54)
	if _, err := domain.ParseAttributes([]byte(`{"a":[` + most + `1]}`)); err != nil {
		t.Error(err)
	}
	_, err := domain.ParseAttributes([]byte(`{"a":[` + more + `1]}`))
	refused(t, err, "attributes", "numbers of 16 KiB")
}

func TestThePayloadIsAnyJSONValueOfFourKiB(t *testing.T) {
	for _, text := range []string{`null`, `0`, `"x"`, `[1]`, `{"a":1}`, `"` + strings.Repeat("x", 4<<10-2) + `"`} {
		if got, err := domain.ParsePayload([]byte(text)); err != nil || got.String() != text || got.IsZero() {
			t.Errorf("ParsePayload(%.40s) = %.40s, %v", text, got, err)
		}
	}
	for _, text := range []string{``, `x`, `"` + strings.Repeat("x", 4<<10-1) + `"`} {
		_, err := domain.ParsePayload([]byte(text))
		refused(t, err, "payload", text)
	}
	if !(domain.Payload{}).IsZero() {
		t.Error("the zero Payload is something")
	}
}

func TestParsedValuesKeepTheirMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.MapOfN(rapid.String(), rapid.SliceOfN(rapid.String(), 0, 3), 0, 5).Draw(t, "value")
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		got, err := domain.ParseAttributes(text)
		if err != nil {
			if strings.Contains(string(text), `\u0000`) {
				return
			}
			t.Fatalf("%s: %v", text, err)
		}
		var back map[string][]string
		if err := json.Unmarshal([]byte(got.String()), &back); err != nil || len(back) != len(value) {
			t.Fatalf("%s became %s (%v)", text, got, err)
		}
	})
}

func FuzzParsePayload(f *testing.F) {
	for _, seed := range []string{`{"a":"\ud83d\ude00"}`, `"\u`, `"\ud800\u`, `[1e5]`, "\x00", `{"a":1,"a":1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := domain.ParsePayload(text)
		if err == nil && !json.Valid([]byte(got.String())) {
			t.Errorf("%q became %q", text, got)
		}
	})
}
