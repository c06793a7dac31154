package domain_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
)

// The examples of RFC 7396, Appendix A.
var mergePatches = []struct{ target, patch, want string }{
	{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
	{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
	{`{"a":"b"}`, `{"a":null}`, `{}`},
	{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
	{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
	{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
	{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
	{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
	{`["a","b"]`, `["c","d"]`, `["c","d"]`},
	{`{"a":"b"}`, `["c"]`, `["c"]`},
	{`{"a":"foo"}`, `null`, `null`},
	{`{"a":"foo"}`, `"bar"`, `"bar"`},
	{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
	{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
	{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
}

func TestMergePatchesAreThoseOfTheRFC(t *testing.T) {
	for _, c := range mergePatches {
		got, err := domain.MergePatch([]byte(c.target), []byte(c.patch))
		if err != nil || string(got) != c.want {
			t.Errorf("%s patched with %s: %s, %v; want %s", c.target, c.patch, got, err, c.want)
		}
	}
}

func TestAMergePatchKeepsOtherFields(t *testing.T) {
	const target = `{"big":12345678901234567890.10,"marks":"<&>"}`
	got, err := domain.MergePatch([]byte(target), []byte(`{"a":null}`))
	if err != nil || string(got) != target {
		t.Errorf("%s, %v; want %s", got, err, target)
	}
}

func TestAMergePatchNamesTheTextThatIsNoJSON(t *testing.T) {
	for what, pair := range map[string][2]string{"the patch": {`{}`, `{`}, "the target of the patch": {`{`, `{}`}} {
		if _, err := domain.MergePatch([]byte(pair[0]), []byte(pair[1])); err == nil || !strings.Contains(err.Error(), "reading "+what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestPatchedAttributesStayWithinTheirLimit(t *testing.T) {
	attributes := domain.MustParse(domain.ParseAttributes([]byte(`{"a":"` + strings.Repeat("x", 10_000) + `"}`)))
	patch := domain.MustParse(domain.ParseAttributesPatch([]byte(`{"b":"` + strings.Repeat("y", 10_000) + `"}`)))
	_, err := attributes.Patched(patch)
	if failures := domain.Failures(err); len(failures) != 1 || failures[0].Field != "attributes" || failures[0].Reason != domain.ReasonRange {
		t.Errorf("%v", err)
	}
	if got, err := (domain.Attributes{}).Patched(patch); err != nil || got.String() != patch.String() {
		t.Errorf("of none: %v", err)
	}
	if got, err := attributes.Patched(domain.AttributesPatch{}); err != nil || got != attributes {
		t.Errorf("of nothing: %v", err)
	}
	if _, err := domain.ParseAttributesPatch([]byte(`[1]`)); err == nil {
		t.Error("a list was read as a patch of attributes")
	}
}

// reference is the pseudocode of RFC 7396, section 2, on values without numbers.
func reference(target, patch any) any {
	changes, isObject := patch.(map[string]any)
	if !isObject {
		return patch
	}
	result := map[string]any{}
	if object, ok := target.(map[string]any); ok {
		for name, value := range object {
			result[name] = value
		}
	}
	for name, value := range changes {
		if value == nil {
			delete(result, name)
			continue
		}
		result[name] = reference(result[name], value)
	}
	return result
}

// jsonOf draws a JSON value whose objects share their few names.
func jsonOf(depth int) *rapid.Generator[any] {
	leaf := rapid.OneOf(rapid.Just[any](nil), rapid.Just[any](true), rapid.Map(rapid.StringN(0, 3, -1), func(s string) any { return s }))
	if depth == 0 {
		return leaf
	}
	inner := jsonOf(depth - 1)
	return rapid.OneOf(leaf,
		rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "", "é"}), inner, 0, 4), func(m map[string]any) any { return m }),
		rapid.Map(rapid.SliceOfN(inner, 0, 3), func(s []any) any { return s }))
}

func TestAMergePatchFollowsThePseudocode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target, patch := jsonOf(3).Draw(t, "target"), jsonOf(3).Draw(t, "patch")
		got, err := domain.MergePatch(encoded(t, target), encoded(t, patch))
		if err != nil {
			t.Fatal(err)
		}
		want := encoded(t, reference(decoded(t, encoded(t, target)), decoded(t, encoded(t, patch))))
		if !reflect.DeepEqual(decoded(t, got), decoded(t, want)) {
			t.Errorf("%s; want %s", got, want)
		}
	})
}

func encoded(t rapid.TB, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func decoded(t rapid.TB, text []byte) (value any) {
	t.Helper()
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// FuzzMergePatch holds that a patch that is applied gives JSON, and that
// applied again it changes nothing more.
func FuzzMergePatch(f *testing.F) {
	for _, c := range mergePatches {
		f.Add([]byte(c.target), []byte(c.patch))
	}
	f.Fuzz(func(t *testing.T, target, patch []byte) {
		once, err := domain.MergePatch(target, patch)
		if err != nil {
			return
		}
		if !json.Valid(once) {
			t.Fatalf("%s patched with %s: %s, which is not JSON", target, patch, once)
		}
		twice, err := domain.MergePatch(once, patch)
		if err != nil || string(twice) != string(once) {
			t.Errorf("%s patched with %s: %s, and then %s, %v", target, patch, once, twice, err)
		}
	})
}
