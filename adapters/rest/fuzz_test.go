package rest

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
)

func FuzzBodiesAreReadStrictly(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[]`, `null`, `{"username":"bob","email":"bob@example.com"}`, `{"username":"bob","username":"eve"}`,
		`{"id":{"a":[1,2,{"b":null}]},"username":"b\u0000b","email":1,"attributes":{"a":{"a":1}},"status":"active"}`,
		`{"username":"\ud800","email":"\uD83D\uDE00"}`, `{"a/b~c":1,"":2}`, `{"username":"bob"`, `{"username":"bob"} {}`, "{\"a\":\"\xff\"}",
		`{"attributes":{"a":1,"a":2}}`, `{"display_name":null,"external_id":[],"status":{}}`, `{"us\u0065rname":"bob"}`, "\ufeff{}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequest("PUT", "/", strings.NewReader(text))
		r.Header.Set("Content-Type", "application/json")
		var body UserReplacement
		faults, err := readBody(r, unlimited(), 1<<16, &body, nil, "application/json")
		if err != nil {
			if p := problemOf(err); p.kind == kindInternal || p.detail == "" || strings.Contains(p.detail, "jsontext") ||
				strings.Contains(p.detail, "rest.") {
				t.Fatalf("%q is refused by %+v", text, p)
			}
			return
		}
		var loose map[string]any // encoding/json must read the same
		text = strings.TrimPrefix(text, "\ufeff")
		if err := json.Unmarshal([]byte(text), &loose); err != nil && len(faults) == 0 { // after faults, the rest may not be read
			t.Fatalf("%q is no JSON: %v", text, err)
		}
		if p := problemOf(errors.Join(faults...)); len(faults) > 0 && (p.kind != kindInvalid || len(p.faults) == 0) {
			t.Fatalf("%q is refused by %+v", text, p)
		}
		if len(faults) == 0 && (loose["username"] != body.Username || loose["email"] != body.Email) {
			t.Fatalf("%q was read as %+v", text, body)
		}
	})
}

func FuzzQueriesAreReadStrictly(f *testing.F) {
	for _, seed := range []string{
		"", "limit=5", "limit=", "limit", "=", "&", "limit=5&limit=6", "limit=%35", "li%6dit=5", "limit=5;x", "limit=%zz",
		"from=2026-01-01T00:00:00Z&limit=7",
		"from=2026-01-01T00:00:00+01:00", "x=1&y=2", "%ff=1", "limit=+5", "limit=99999999999999999999", "from=2026-01-01T00:00:00,5Z",
		"from=2026-01-01t00:00:00z",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var limit *int
		var from *time.Time
		query := newQueryReader(raw, "limit, from")
		for query.next() {
			switch query.name {
			case "limit":
				query.integer(0, &limit)
			case "from":
				query.instant(1, &from)
			default:
				query.unknown()
			}
		}
		query.require(1, "from")
		faults := query.faults
		for _, err := range faults {
			if failures := domain.Failures(err); len(failures) != 1 || failures[0].Field == "" || failures[0].Fix == "" {
				t.Fatalf("%q is refused by %v", raw, err)
			}
		}
		values, err := url.ParseQuery(raw)
		if len(faults) > 0 {
			return
		}
		if err != nil || len(values["from"]) != 1 || len(values["limit"]) > 1 || len(values) > 2 {
			t.Fatalf("%q was accepted; it is %v, %v", raw, values, err)
		}
		if at, err := domain.ParseTime("from", values.Get("from")); err != nil || !at.Equal(*from) {
			t.Fatalf("%q was read as %s", raw, from)
		}
		if (limit != nil) != values.Has("limit") {
			t.Fatalf("%q was read as %v", raw, limit)
		}
	})
}
