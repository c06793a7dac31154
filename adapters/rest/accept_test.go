package rest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestAcceptAdmitsWhatItSays(t *testing.T) {
	const json, ndjson, csv = "application/json", "application/x-ndjson", "text/csv"
	for _, c := range []struct {
		accept string
		offers []string
		want   string // empty where nothing is admitted
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
		// What can't be read is passed over; where that is all, the header is.
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
		got, ok := acceptable(http.Header{"Accept": {c.accept}}, c.offers...)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%q of %v is %q, %v; want %q", c.accept, c.offers, got, ok, c.want)
		}
	}
	if got, ok := acceptable(http.Header{}, csv, json); got != csv || !ok {
		t.Errorf("no header is %q, %v", got, ok)
	}
	if got, ok := acceptable(http.Header{"Accept": {"text/html", csv}}, json, csv); got != csv || !ok {
		t.Errorf("two headers are %q, %v", got, ok)
	}
}

func TestAcceptEncodingAdmitsWhatItSays(t *testing.T) {
	for given, want := range map[string]codings{
		"":                               {identity: true},
		"identity":                       {identity: true},
		"gzip":                           {gzip: true, identity: true},
		"GZIP":                           {gzip: true, identity: true},
		"x-gzip":                         {gzip: true, identity: true},
		"gzip, deflate, br, zstd":        {gzip: true, identity: true},
		"br;q=1.0, gzip;q=0.8, *;q=0.1":  {gzip: true, identity: true},
		"*":                              {gzip: true, identity: true},
		"br, deflate":                    {identity: true},
		"gzip;q=0":                       {identity: true},
		"gzip;q=0, *":                    {identity: true},
		"identity, gzip;q=0.5":           {identity: true},
		"identity;q=0.5, gzip;q=0.5":     {gzip: true, identity: true},
		"identity;q=0, gzip":             {gzip: true},
		"*;q=0, gzip":                    {gzip: true},
		"*;q=0, identity":                {identity: true},
		"gzip;q=0.001, identity;q=0.002": {identity: true},
		"identity;q=0":                   {},
		"*;q=0":                          {},
		"br, *;q=0":                      {},
	} {
		if got := admittedCodings([]string{given}); got != want {
			t.Errorf("%q admits %+v, not %+v", given, got, want)
		}
	}
	if got := admittedCodings(nil); got != (codings{identity: true}) {
		t.Errorf("no header admits %+v", got)
	}
}

func TestWithoutAnswersNothingIsNegotiated(t *testing.T) {
	header := http.Header{"Accept": {"text/html"}, "Accept-Encoding": {"*;q=0"}}
	if err := negotiate(header, nil); err != nil {
		t.Error(err)
	}
	if err := negotiate(header, []string{"text/html"}); err == nil || !strings.Contains(err.Error(), "Accept-Encoding") {
		t.Errorf("what no coding is admitted for is %v", err)
	}
	if err := negotiate(header, []string{"a/b", "c/d"}); err == nil || !strings.Contains(err.Error(), "a/b or c/d") {
		t.Errorf("the refusal does not name the types: %v", err)
	}
}

func TestBodiesOfOtherTypesAreRead(t *testing.T) {
	for given, want := range map[string]string{
		"application/merge-patch+json":               "application/merge-patch+json",
		"Application/Merge-Patch+JSON;charset=UTF-8": "application/merge-patch+json",
		"application/json":                           "application/json",
		"application/json-patch+json":                "",
		"application/json;charset=latin1":            "",
	} {
		got, err := mediaType(http.Header{"Content-Type": {given}}, "application/merge-patch+json", "application/json")
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q: %v", given, got, err)
		}
	}
	if _, err := mediaType(http.Header{}, "text/csv", "application/x-ndjson"); err == nil || !strings.Contains(err.Error(), "text/csv or application/x-ndjson") {
		t.Errorf("the refusal does not name the types: %v", err)
	}
}

func TestAnAnswerOfSeveralTypesVariesWithAccept(t *testing.T) {
	for _, answers := range [][]string{{"text/csv"}, {"text/csv", "application/json"}} {
		w := httptest.NewRecorder()
		oneRoute(t, route{answers: answers, handle: func(http.ResponseWriter, *http.Request) {}}).ServeHTTP(w, asking("GET"))
		names := strings.Split(strings.Join(w.Header()["Vary"], ", "), ", ")
		if slices.Contains(names, "Accept") != (len(answers) > 1) || !slices.Contains(names, "Accept-Encoding") {
			t.Errorf("an answer of %v varies with %v", answers, names)
		}
	}
}
