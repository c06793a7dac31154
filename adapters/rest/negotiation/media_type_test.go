package negotiation

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

func TestMediaTypesOtherThanJSONAreRefused(t *testing.T) {
	for _, c := range []struct {
		header http.Header
		fine   bool
	}{
		{http.Header{"Content-Type": {"application/json"}}, true},
		{http.Header{"Content-Type": {"Application/JSON ; charset=UTF-8"}}, true},
		{http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"identity"}}, true},
		{http.Header{}, false},
		{http.Header{"Content-Type": {"application/json", "application/json"}}, false},
		{http.Header{"Content-Type": {"application/json; charset=utf-16"}}, false},
		{http.Header{"Content-Type": {"application/problem+json"}}, false},
		{http.Header{"Content-Type": {"text/json"}}, false},
		{http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"br"}}, false},
	} {
		_, err := MediaType(c.header, "application/json")
		if _, refused := errors.AsType[*UnsupportedError](err); refused == c.fine || (err == nil) != c.fine {
			t.Errorf("%v: %v", c.header, err)
		}
	}
}

func TestBodiesOfOtherTypesAreRead(t *testing.T) {
	for value, want := range map[string]string{
		"application/merge-patch+json":               "application/merge-patch+json",
		"Application/Merge-Patch+JSON;charset=UTF-8": "application/merge-patch+json",
		"application/json":                           "application/json",
		"application/json-patch+json":                "",
		"application/json;charset=latin1":            "",
	} {
		got, err := MediaType(http.Header{"Content-Type": {value}}, "application/merge-patch+json", "application/json")
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q: %v", value, got, err)
		}
	}
	_, err := MediaType(http.Header{}, "text/csv", "application/x-ndjson")
	if err == nil || !strings.Contains(err.Error(), "text/csv or application/x-ndjson") {
		t.Errorf("the refusal does not name the types: %v", err)
	}
}
