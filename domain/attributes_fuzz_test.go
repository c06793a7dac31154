package domain_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/roster-directory/roster/domain"
)

// FuzzParseAttributes holds that attributes are the object that was sent,
// written compactly.
func FuzzParseAttributes(f *testing.F) {
	for _, seed := range []string{
		`{}`, ` { "team" : [ 1 , null , "\u0041" ] } `, `[]`, `{"a":1,"a":2}`, `{"a":"\u0000"}`, `{"a":1e999}`, `{"a":-0}`,
		`{"":{"":{}}}`, "{\"a\":\"\xff\"}", `{"a":"\ud800"}`, `{"a":0.10}`, `{`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		attributes, err := domain.ParseAttributes(sent)
		if err != nil {
			if failures := domain.Failures(err); !errors.Is(err, domain.Invalid) || len(failures) != 1 || failures[0].Field != "attributes" {
				t.Errorf("%q: %#v", sent, err)
			}
			return
		}
		kept := attributes.String()
		if again, err := domain.ParseAttributes([]byte(kept)); err != nil || again != attributes || len(kept) > 16<<10 {
			t.Errorf("%q is kept as %q, and that as %q, %v", sent, kept, again, err)
		}
		var before, after map[string]any
		if err := errors.Join(json.Unmarshal(sent, &before), json.Unmarshal([]byte(kept), &after)); err != nil ||
			!reflect.DeepEqual(before, after) {
			t.Errorf("%q is kept as %q, %v", sent, kept, err)
		}
	})
}
