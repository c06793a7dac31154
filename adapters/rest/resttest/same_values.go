package resttest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

// recordForm is a kind of record, as an import reads it and as the request that
// writes one reads it.
type recordForm struct {
	kind     string
	method   string
	target   string
	place    string            // of the record in the body of the request
	required map[string]string // the fields of a valid record, as JSON
	values   map[string][]string
	imported string // fields that only the import has, as JSON
}

var stringValues = []string{
	`5`, `25.0`, `true`, `[]`, `{"a":1}`, `""`, `" "`, `"x"`, `"a b"`, `"\u0000"`, `"\u200b"`,
	`"` + strings.Repeat("x", 300) + `"`,
}

func recordForms() []recordForm {
	times := []string{
		`5`, `1712345678901`, `true`, `[]`, `""`, `"yesterday"`, `"2026-01-01"`, `"2025-12-31t09:30:00z"`, `"2025-12-31T09:30:00+01:00"`,
		`"2025-12-31T09:30:00.123456789Z"`, `"2016-12-31T23:59:60Z"`, `"0001-01-01T00:00:00Z"`, `"0000-01-01T00:00:00Z"`,
		`"1999-12-31T00:00:00Z"`, `"2025-12-31 09:30:00Z"`, `"2025-12-31T9:30:00Z"`, `"2025-13-31T09:30:00Z"`,
	}
	ids := []string{`5`, `true`, `""`, `"x"`, `"01890A5D-AC96-774B-BCCE-B302099A8057"`, `"01890a5dac96774bbcceb302099a8057"`}
	objects := []string{`5`, `true`, `[]`, `""`, `"x"`, `{}`, `{"a": [1.0, null]}`, `{"a":1e400}`, `{"a":"\u0000"}`}
	return []recordForm{
		{
			kind: "users", method: "POST", target: "/users",
			required: map[string]string{"username": `"ada"`, "email": `"ada@example.com"`},
			values: map[string][]string{
				"username": stringValues, "email": append([]string{`"ada@EXAMPLE.com"`}, stringValues...), "external_id": stringValues,
				"display_name": stringValues, "status": append([]string{`"active"`, `"Active"`}, stringValues...), "attributes": objects,
				"emial": {`"x"`, `null`},
			},
		},
		{
			kind: "plans", method: "PUT", target: "/plans/team", imported: `"code":"team"`,
			required: map[string]string{"name": `"Team"`},
			values: map[string][]string{
				"name": stringValues,
				"seats": {
					`25`, `25.0`, `2.5e1`, `250E-1`, `25.5`, `0`, `-0.0`, `-1`, `1e6`, `1000001`, `1e400`, `1e-400`, `99999999999999999999`,
					`"25"`, `true`, `[]`, `{}`, `null`,
				},
			},
		},
		{
			kind: "events", method: "POST", target: "/events", place: "/events/0",
			required: map[string]string{
				"organization_id": `"` + orgID + `"`, "user_id": `"` + adaID + `"`, "kind": `"login"`, "occurred_at": `"2025-12-31T22:00:00Z"`,
			},
			values: map[string][]string{
				"id": ids, "organization_id": ids, "kind": stringValues, "occurred_at": times,
				"payload": append([]string{`null`}, objects...),
			},
		},
	}
}

// testSameValues gives the same values to an import and to the request that writes
// one record. Both must store the same, or refuse it in the same words.
func testSameValues(t *testing.T, edge Edge) {
	for _, form := range recordForms() {
		for field, values := range form.values {
			for _, value := range values {
				t.Run(fmt.Sprintf("%s %s %.30s", form.kind, field, value), func(t *testing.T) {
					sameOutcome(t, edge, form, field, value)
				})
			}
		}
		for field := range form.required {
			t.Run(form.kind+" without "+field, func(t *testing.T) { sameOutcome(t, edge, form, field, "") })
		}
	}
	t.Run("null is a missing field of an import", func(t *testing.T) {
		w, stored := newStoringWorld(t, edge)
		const line = `{"username":"ada","email":"ada@example.com","external_id":null,"display_name":null,"created_at":null,"version":null}`
		w.send(newRequest(t.Context(), "POST", "/bulk/users", line, "Content-Type", ndjson))
		if len(*stored) != 1 {
			t.Errorf("%d users are stored", len(*stored))
		}
	})
}

// sameOutcome sends a record with another value of a field, or without the field.
func sameOutcome(t *testing.T, edge Edge, form recordForm, field, value string) {
	t.Helper()
	var fields []string
	for name, valid := range form.required {
		if name != field {
			fields = append(fields, `"`+name+`":`+valid)
		}
	}
	if value != "" {
		fields = append(fields, `"`+field+`":`+value)
	}
	record, line := object(fields...), object(append(fields, form.imported)...)
	w, stored := newStoringWorld(t, edge)
	body := record
	if form.place != "" {
		body = batch(body)
	}
	written := faultsIn(t, w.send(newRequest(t.Context(), form.method, form.target, body)), form.place)
	imported := faultsIn(t, w.send(newRequest(t.Context(), "POST", "/bulk/"+form.kind, line, "Content-Type", ndjson)), "")
	if strings.Join(written, "\n") != strings.Join(imported, "\n") {
		t.Errorf("%s\nthe request: %q\nthe import:  %q", record, written, imported)
	}
	if n := len(*stored); len(written) > 0 && n != 0 || len(written) == 0 && (n != 2 || (*stored)[0] != (*stored)[1]) {
		t.Errorf("%s: stored are %q", record, *stored)
	}
}

func object(fields ...string) string {
	fields = slices.DeleteFunc(fields, func(field string) bool { return field == "" })
	return "{" + strings.Join(fields, ",") + "}"
}

// faultsIn returns the faults of a response, sorted: those of a problem, or of the
// first line of an import.
func faultsIn(t *testing.T, response *httptest.ResponseRecorder, place string) []string {
	t.Helper()
	first, _, _ := strings.Cut(response.Body.String(), "\n")
	var result struct {
		Errors  []struct{ Pointer, Detail, Fix string }
		Outcome string
		Detail  string
	}
	if err := json.Unmarshal([]byte(first), &result); err != nil {
		t.Fatalf("%d %s: %v", response.Code, response.Body, err)
	}
	if len(result.Errors) == 0 && (response.Code >= 300 || result.Outcome == "rejected") {
		t.Fatalf("refused without a fault: %d %s", response.Code, response.Body)
	}
	var all []string
	for _, fault := range result.Errors {
		fix, _, _ := strings.Cut(fault.Fix, "; the fields are ") // which an import adds
		all = append(all, strings.TrimPrefix(fault.Pointer, place)+": "+fault.Detail+"; "+fix)
	}
	slices.Sort(all)
	return all
}

// newStoringWorld makes a world that keeps the texts of all records which reach a
// store.
func newStoringWorld(t *testing.T, edge Edge) (*world, *[]string) {
	t.Helper()
	w, stored := newWorld(t, edge), &[]string{}
	user := func(u domain.User) {
		*stored = append(*stored, fmt.Sprint(u.Username, u.Email, u.ExternalID, u.Attributes, u.Status == domain.Suspended))
	}
	plan := func(p domain.Plan) { *stored = append(*stored, fmt.Sprint(p)) }
	event := func(org domain.OrganizationID, by domain.UserID, e domain.Event) {
		*stored = append(*stored, fmt.Sprint(org, by, e.Kind, e.OccurredAt, e.Payload))
	}
	w.users.CreateUserFunc = func(_ context.Context, in ports.CreateUser) (domain.User, error) {
		user(in.User)
		return in.User, nil
	}
	w.plans.PutPlanFunc = func(_ context.Context, in ports.PutPlan) (bool, error) {
		plan(in.Plan)
		return false, nil
	}
	w.events.AddEventsFunc = func(_ context.Context, in ports.AddEvents) ([]ports.Outcome, error) {
		for _, e := range in.Events {
			event(e.Organization, e.User, e)
		}
		return make([]ports.Outcome, len(in.Events)), nil
	}
	w.bulk.ImportFunc = func(ctx context.Context, how ports.BulkImport, fn func(context.Context, ports.BulkWriter) error) error {
		return fn(ctx, &portsmock.BulkWriterMock{
			AddUsersFunc: storing(how, func(r ports.UserRecord) { user(r.User) }),
			AddPlansFunc: storing(how, plan),
			AddEventsFunc: storing(how, func(r ports.EventRecord) {
				event(r.Organization.ID, r.User.ID, domain.Event{Kind: r.Kind, OccurredAt: r.OccurredAt, Payload: r.Payload})
			}),
		})
	}
	return w, stored
}

// storing is an Add of a bulk writer that stores every record.
func storing[T any](
	how ports.BulkImport, store func(T),
) func(context.Context, ports.Lines[T], func(ports.Refusal) error) (ports.Added, error) {
	return func(_ context.Context, lines ports.Lines[T], _ func(ports.Refusal) error) (added ports.Added, err error) {
		for line, err := range lines {
			if err != nil {
				return added, err
			}
			how.Stored(line.Number)
			store(line.Record)
			added.New++
		}
		return added, nil
	}
}
