package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

// readText reads a body, and returns the problem that it is, or nil.
func readText(t *testing.T, text string, into jsonObject) *problem {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	faults, err := readBody(r, unlimited(), 1<<20, into, nil, "application/json")
	if err := errors.Join(append(faults, err)...); err != nil {
		return problemOf(err)
	}
	return nil
}

// placesOf are the places of a problem's faults.
func placesOf(p *problem) (places []string) {
	for _, each := range p.faults {
		places = append(places, each.pointer)
	}
	return places
}

const eventText = `{"id":"a","organization_id":"b","user_id":"c","kind":"d",` +
	`"occurred_at":"2026-01-01T00:00:00.5+01:00","payload":{"x":[1, null]}}`

func TestObjectsInAnArrayAreRead(t *testing.T) {
	var body NewEvents
	text := `{"events":[` + eventText + `,{"organization_id":"","user_id":"e","kind":"\u674e","occurred_at":"2026-01-01T00:00:00Z"}]}`
	if p := readText(t, text, &body); p != nil {
		t.Fatalf("%s %+v", p.detail, p.faults)
	}
	first, second := body.Events[0], body.Events[1]
	if *first.ID != "a" || first.OrganizationID != "b" || first.UserID != "c" || first.Kind != "d" ||
		string(first.Payload) != `{"x":[1, null]}` ||
		first.OccurredAt.UTC().Format("2006-01-02T15:04:05.0Z") != "2025-12-31T23:00:00.5Z" {
		t.Errorf("the first is %+v", first)
	}
	if second.ID != nil || second.Kind != "李" || second.Payload != nil {
		t.Errorf("the second is %+v", second)
	}
}

func TestFaultsInAnArrayNameTheirPlace(t *testing.T) {
	for text, want := range map[string][]string{
		`{}`:              {"/events"},
		`{"events":[]}`:   {"/events"},
		`{"events":{}}`:   {"/events"},
		`{"events":[{}]}`: {"/events/0/organization_id", "/events/0/user_id", "/events/0/kind", "/events/0/occurred_at"},
		`{"events":[1,[],` + eventText + `,null]}`:                               {"/events/0", "/events/1", "/events/3"},
		`{"events":[` + eventText + `,` + replaced("kind", `"kind":5`) + `]}`:    {"/events/1/kind"},
		`{"events":[` + replaced("kind", `"knd":"d"`) + `]}`:                     {"/events/0/knd", "/events/0/kind"},
		`{"events":[` + replaced("id", `"id":null`) + `],"more":1}`:              {"/events/0/id", "/more"},
		`{"events":[` + strings.Replace(eventText, "T00:00:00.5", " ", 1) + `]}`: {"/events/0/occurred_at"},
	} {
		var body NewEvents
		p := readText(t, text, &body)
		if p == nil || p.kind != kindInvalid || fmt.Sprint(placesOf(p)) != fmt.Sprint(want) {
			t.Errorf("%s is refused by %+v, want faults at %v", text, p, want)
		}
	}
	for _, text := range []string{
		`{"events":[`, `{"events":[}`, `{"events":[{]}`, `{"events":[` + eventText, `{"events":[` + eventText + eventText + `]}`,
		`{"events":[{"kind":"a","kind":"b"}]}`,
	} {
		var body NewEvents
		if p := readText(t, text, &body); p == nil || p.kind != kindSyntax {
			t.Errorf("%s is refused by %+v", text, p)
		}
	}
}

// replaced is eventText with another member for one of its own.
func replaced(name, member string) string {
	value := map[string]string{"kind": `"d"`, "id": `"a"`}[name]
	return strings.Replace(eventText, `"`+name+`":`+value, member, 1)
}

func TestAnArrayIsReadUpToItsLimit(t *testing.T) {
	var body NewEvents
	const unread = "what follows is not read, so nobody sees that it is no JSON"
	event := `{"organization_id":"b","user_id":"c","kind":"d","occurred_at":"2026-01-01T00:00:00Z"},`
	p := readText(t, `{"events":[`+strings.Repeat(event, 10_001)+unread, &body)
	if p == nil || len(body.Events) != 10_000 || fmt.Sprint(placesOf(p)) != "[/events]" ||
		p.faults[0].detail != "has more than 10000 entries" {
		t.Errorf("%d were read; %+v", len(body.Events), p)
	}
	var ids Lookup
	p = readText(t, `{"ids":[`+strings.Repeat(`"x",`, 1001)+unread, &ids)
	if p == nil || len(ids.Ids) != 1000 || fmt.Sprint(placesOf(p)) != "[/ids]" || p.faults[0].detail != "has more than 1000 entries" {
		t.Errorf("1,001 ids are refused by %+v", p)
	}
}

func TestWholeNumbersAreReadHoweverTheyAreWritten(t *testing.T) {
	for text, want := range map[string]string{
		"25": "25", "25.0": "25", "2.5e1": "25", "-1": "-1", "1e2": "100", "0": "0", "null": "none",
		"2.5": "", "1e99": "", "99999999999999999999": "", `"25"`: "", "true": "", "[]": "", "{}": "",
	} {
		var body PlanReplacement
		p := readText(t, `{"name":"Team","seats":`+text+`}`, &body)
		got := ""
		switch {
		case p == nil && body.Seats == nil:
			got = "none"
		case p == nil:
			got = fmt.Sprint(*body.Seats)
		case p.faults[0].pointer != "/seats":
			t.Errorf("%s is refused by %+v", text, p)
		}
		if got != want {
			t.Errorf("%s is read as %q, want %q", text, got, want)
		}
	}
}

func FuzzBodiesWithArraysAreReadStrictly(f *testing.F) {
	for _, seed := range []string{
		`{"events":[` + eventText + `]}`, `{"events":[{}]}`, `{"events":[1,{"a":[]}]}`, `{"events":[[[`, `{"events":null}`,
		`{"events":[{"payload":null}],"events":[]}`,
		`{"events":[{"occurred_at":"2026-13-01T00:00:00Z"},{"occurred_at":1}]}`, `{"events":[{"payload":{"a":1,"a":1}}]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var body NewEvents
		var loose struct {
			Events []struct {
				Kind       string `json:"kind"`
				OccurredAt string `json:"occurred_at"`
			} `json:"events"`
		}
		p := readText(t, text, &body)
		err := json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &loose)
		switch {
		case p != nil && (p.kind == kindInternal || p.detail == "" || strings.Contains(p.detail, "jsontext")):
			t.Fatalf("%q is refused by %+v", text, p)
		case p == nil && err != nil:
			t.Fatalf("%q was read as %+v; encoding/json says %v", text, body, err)
		case p == nil:
			for i := range body.Events {
				got, want := body.Events[i], loose.Events[i]
				at, err := domain.ParseTime("", want.OccurredAt)
				if err != nil || got.Kind != want.Kind || !got.OccurredAt.Equal(at) || len(body.Events) != len(loose.Events) {
					t.Fatalf("%q was read as %+v", text, got)
				}
			}
		}
	})
}

func FuzzPatchesTellAbsentFromNull(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"external_id":null,"attributes":null}`, `{"external_id":"x","attributes":{"a":null}}`,
		`{"username":null}`, `{"attributes":[]}`, `{"id":null}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var body UserPatch
		if p := readText(t, text, &body); p != nil {
			return
		}
		var loose map[string]json.RawMessage
		if err := json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &loose); err != nil {
			t.Fatalf("%q is no JSON: %v", text, err)
		}
		for name, member := range map[string]struct{ null, set bool }{
			"external_id": {body.ExternalID.null, body.ExternalID.value != nil}, "attributes": {body.Attributes.null, body.Attributes.value != nil},
			"username": {false, body.Username != nil}, "status": {false, body.Status != nil},
		} {
			value, there := loose[name]
			if member.null != (string(value) == "null") || member.set != (there && !member.null) {
				t.Fatalf("%q was read as %+v", text, body)
			}
		}
	})
}
