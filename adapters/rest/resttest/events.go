package resttest

import (
	"strconv"
	"strings"
	"testing"

	"github.com/roster-directory/roster/ports"
)

func testEvents(t *testing.T, edge Edge) {
	t.Run("a batch reaches the store as it was sent", func(t *testing.T) { testBatches(t, edge) })
	t.Run("each event has an outcome", func(t *testing.T) { testOutcomes(t, edge) })
	t.Run("every fault of a batch is named", func(t *testing.T) { testEventFaults(t, edge) })
	t.Run("batches have their limits", func(t *testing.T) { testBatchLimits(t, edge) })
}

// batch is a body of events, valid or not.
func batch(events ...string) string { return `{"events":[` + strings.Join(events, ",") + `]}` }

// event is the login with a text replaced.
func event(old, replacement string) string { return strings.Replace(login, old, replacement, 1) }

func testBatches(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	own := event("{", `{"id":"`+strings.ToUpper(orgID)+`","payload":{"a": [1, null]},`)
	accepted(t, w.ask(t, "POST", "/events", batch(login, own, event("{", `{"payload":null,`)), "Idempotency-Key", "k-1"),
		200, `{"accepted":3,"duplicates":0,"rejected":[]}`)
	got := w.events.AddEventsCalls()[0].AddEvents
	if got.Idempotency == nil || got.Idempotency.Operation != "addEvents" || got.Idempotency.Key != "k-1" ||
		got.Idempotency.Caller != "local" {
		t.Errorf("the batch has the key %+v", got.Idempotency)
	}
	if len(got.Events) != 3 {
		t.Fatalf("%d events reached the store", len(got.Events))
	}
	for i, want := range []struct{ id, payload string }{{adaID, ""}, {orgID, `{"a":[1,null]}`}, {adaID, "null"}} {
		e := got.Events[i]
		if e.ID.String() != want.id || e.Payload.String() != want.payload || e.Organization != engines().ID || e.User != ada().ID ||
			e.Kind.String() != "login" || !e.OccurredAt.Equal(instant("2025-12-31T22:00:00Z")) {
			t.Errorf("event %d is %+v", i, e)
		}
	}
	w.ask(t, "POST", "/events", logins)
	if got := w.events.AddEventsCalls()[1].AddEvents.Idempotency; got != nil {
		t.Errorf("a batch without a key has %+v", got)
	}
}

func testOutcomes(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	reply(&w.events.AddEventsFunc, []ports.Outcome{
		ports.UnknownUser, ports.Accepted, ports.Duplicate, ports.UnknownOrganization, ports.Accepted, ports.Accepted,
	}, nil)
	accepted(t, w.ask(t, "POST", "/events", batch(login, login, login, login, login, login)), 200,
		`{"accepted":3,"duplicates":1,"rejected":[{"index":0,"field":"user_id","detail":"names no user"},`+
			`{"index":3,"field":"organization_id","detail":"names no organization"}]}`)
}

func testEventFaults(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for body, places := range map[string][]string{
		`{}`:                                   {"/events"},
		`{"events":[]}`:                        {"/events"},
		`{"events":null}`:                      {"/events"},
		`{"events":` + login + `}`:             {"/events"},
		`{"events":[` + login + `],"event":1}`: {"/event"},
		login:                                  {"/organization_id", "/user_id", "/kind", "/occurred_at", "/events"},
		batch(login, `{}`):                     {"/events/1/organization_id", "/events/1/user_id", "/events/1/kind", "/events/1/occurred_at"},
		batch(`1`, login, `null`, event("login", ""), `[]`): {"/events/0", "/events/2", "/events/4", "/events/3/kind"},
		batch(login, login, login, event(`"login"`, `7`)):   {"/events/3/kind"},
		batch(event(orgID, "x"), login, event(adaID, ""), event("{", `{"id":"x",`)): {
			"/events/0/organization_id", "/events/2/user_id", "/events/3/id",
		},
		batch(event("2025-12-31T23:00:00+01:00", "yesterday"), event("2025", "1999"), event("2025-", "2026-02-30T"), event("2025", "2027")): {
			"/events/0/occurred_at", "/events/2/occurred_at", "/events/1/occurred_at",
		},
		batch(login, event("2025", "2027"), event("2025", "2027")): {"/events/1/occurred_at", "/events/2/occurred_at"},
		batch(`{"id":1,"payload":1,"organization_id":[],"user_id":true,"kind":{},"occurred_at":1}`): {
			"/events/0/id", "/events/0/organization_id", "/events/0/user_id", "/events/0/kind", "/events/0/occurred_at",
		},
		batch(`{"organization_id":"","user_id":"","kind":"","occurred_at":"0001-01-01T00:00:00Z"}`): {
			"/events/0/organization_id", "/events/0/user_id", "/events/0/kind", "/events/0/occurred_at",
		},
		batch(event("{", `{"payload":"\u0000",`), event("{", `{"payload":"`+strings.Repeat("x", 4096)+`",`)): {
			"/events/0/payload", "/events/1/payload",
		},
		batch(event("{", `{"x/y":1,`)): {"/events/0/x~1y"},
	} {
		t.Run(body[:min(len(body), 80)], func(t *testing.T) {
			refused(t, w.ask(t, "POST", "/events", body), 422, "invalid", places...)
		})
	}
	refused(t, w.ask(t, "POST", "/events?x=1", batch(event("login", "-")), "Idempotency-Key", "a b"), 400, "key", "?Idempotency-Key")
	refused(t, w.ask(t, "POST", "/events?x=1", batch(event("login", "-"))), 400, "parameter", "?x", "/events/0/kind")
	refused(t, w.ask(t, "POST", "/events", batch(login, event(`"user_id"`, `"kind"`))), 400, "unreadable")
	if got := len(w.events.AddEventsCalls()); got > 0 {
		t.Errorf("%d bad batches reached the store", got)
	}
}

func testBatchLimits(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	accepted(t, w.ask(t, "POST", "/events", batch(repeated(login, 10_000))), 200, `{"accepted":10000,"duplicates":0,"rejected":[]}`)
	refused(t, w.ask(t, "POST", "/events", batch(repeated(login, 10_001))), 422, "invalid", "/events")
	for name, bad := range map[string]string{
		"an empty kind": event("login", ""), "a late time": event("2025", "2027"),
		"no members": "{}", "no object": "0",
	} {
		t.Run("ten thousand times "+name+" is not all listed", func(t *testing.T) {
			response := w.ask(t, "POST", "/events", batch(repeated(bad, 10_000)))
			if response.Code != 422 || response.Body.Len() > 8<<10 || !strings.Contains(response.Body.String(), `"/events/19`) &&
				name != "no members" {
				t.Errorf("%d with %d bytes", response.Code, response.Body.Len())
			}
		})
	}
	worst := `{"organization_id":"x","user_id":"x","kind":"-","occurred_at":"2025-01-01T00:00:00Z"}`
	var places []string
	for i := range 7 {
		at := "/events/" + strconv.Itoa(i)
		places = append(places, at+"/organization_id", at+"/user_id", at+"/kind")
	}
	refused(t, w.ask(t, "POST", "/events", batch(repeated(worst, 10_000))), 422, "invalid", places[:20]...)
	large := func(size int) string {
		body := batch(login)
		return body + strings.Repeat(" ", size-len(body))
	}
	accepted(t, w.ask(t, "POST", "/events", large(16<<20)), 200, `{"accepted":1,"duplicates":0,"rejected":[]}`)
	refused(t, w.ask(t, "POST", "/events", large(16<<20+1)), 413, "too-large")
	refused(t, w.ask(t, "POST", "/events", logins, "Content-Type", "application/x-ndjson"), 415, "media-type")
}
