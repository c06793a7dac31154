package negotiation

import (
	"net/http"
	"testing"
)

func TestAcceptChoosesAnOffer(t *testing.T) {
	const json, ndjson, csv = "application/json", "application/x-ndjson", "text/csv"
	for _, c := range []struct {
		accept string
		offers []string
		want   string // empty where it accepts no offer
	}{
		{"application/json", []string{json}, json},
		{"Application/JSON", []string{json}, json},
		{"*/*", []string{json}, json},
		{"application/*", []string{json}, json},
		{"text/*, */*;q=0.1", []string{json}, json},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", []string{json}, json},
		{"application/json; charset=utf-8", []string{json}, json},
		{`application/json; charset="UTF-8"; q=0.2`, []string{json}, json},
		{"application/json;version=1", []string{json}, json},
		{"application/json;version=1;q=0, application/json", []string{json}, json},
		{"application/json;q=0.001", []string{json}, json},
		{"text/html", []string{json}, ""},
		{"text/*", []string{json}, ""},
		{"application/problem+json", []string{json}, ""},
		{"application/json;q=0", []string{json}, ""},
		{"application/json;Q=0.000", []string{json}, ""},
		{"*/*;q=0", []string{json}, ""},
		{"application/json;q=0, */*", []string{json}, ""},
		{"*/*, application/*;q=0", []string{json}, ""},
		{"application/*;q=0, application/json", []string{json}, json},
		{"application/json;charset=utf-16", []string{json}, ""},
		{`text/plain;x="a, application/json"`, []string{json}, ""},
		{`text/plain;x="\", application/json"`, []string{json}, ""},
		{"*/*", []string{ndjson, csv}, ndjson},
		{"text/csv", []string{ndjson, csv}, csv},
		{"text/csv, application/x-ndjson", []string{ndjson, csv}, ndjson},
		{"text/csv, application/x-ndjson;q=0.9", []string{ndjson, csv}, csv},
		{"application/x-ndjson;q=0, */*", []string{ndjson, csv}, csv},
		{"text/csv;q=0.1, */*;q=0.5", []string{ndjson, csv}, ndjson},
		// An entry that can't be read is ignored, and a header of nothing else, too.
		{"", []string{json}, json},
		{",,", []string{json}, json},
		{"json", []string{json}, json},
		{"*", []string{json}, json},
		{"*/json", []string{json}, json},
		{"a b/c", []string{json}, json},
		{"json, text/html", []string{json}, ""},
		{"application/json;q=much", []string{json}, json},
		{"application/json;q=", []string{json}, json},
		{"application/json;q=-1", []string{json}, json},
		{"application/json;q=0.0x", []string{json}, json},
		{"application/json;q=.5", []string{json}, json},
		{"application/json;q=0.0001", []string{json}, json},
	} {
		got, ok := Accept(http.Header{"Accept": {c.accept}}, c.offers...)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%q of %v is %q, %v; want %q", c.accept, c.offers, got, ok, c.want)
		}
	}
}

func TestAcceptMayBeAbsentOrRepeated(t *testing.T) {
	if got, ok := Accept(http.Header{}, "text/csv", "application/json"); got != "text/csv" || !ok {
		t.Errorf("no header is %q, %v", got, ok)
	}
	if got, ok := Accept(http.Header{"Accept": {"text/html", "text/csv"}}, "application/json", "text/csv"); got != "text/csv" || !ok {
		t.Errorf("two headers are %q, %v", got, ok)
	}
}
