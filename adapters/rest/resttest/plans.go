package resttest

import (
	"context"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func testPlans(t *testing.T, edge Edge) {
	t.Run("operations follow the contract", func(t *testing.T) { testPlanResponses(t, edge) })
	t.Run("plans are added, or replaced", func(t *testing.T) { testPuttingPlans(t, edge) })
	t.Run("a plan may be added only", func(t *testing.T) { testAddingPlans(t, edge) })
	t.Run("requests that break the contract are refused", func(t *testing.T) { testPlanFaults(t, edge) })
}

func testPlanResponses(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, c := range []struct {
		name, method, target, body string
		status                     int
		want                       string
	}{
		{"list", "GET", "/plans", "", 200, "[" + freeJSON + "," + teamJSON + "]"},
		{"get", "GET", "/plans/team", "", 200, teamJSON},
		{"replace", "PUT", "/plans/team", `{"seats":25,"name":"Team"}`, 200, teamJSON},
		{"replace by the response of get", "PUT", "/plans/team", teamJSON, 200, teamJSON},
		{"a plan without a limit", "PUT", "/plans/free", freeJSON, 200, freeJSON},
		{"a plan without seats", "PUT", "/plans/free", `{"name":"Free"}`, 200, freeJSON},
		{"another's code", "PUT", "/plans/free", `{"name":"Free","code":"team"}`, 200, freeJSON},
		{"delete", "DELETE", "/plans/team", "", 204, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			response := w.ask(t, c.method, c.target, c.body)
			accepted(t, response, c.status, c.want)
			if got := response.Header(); got.Get("ETag") != "" || got.Get("Location") != "" {
				t.Errorf("a plan has no version and a known path: %v", got)
			}
		})
	}
	if got := w.plans.PlanByCodeCalls()[0].PlanCode; got != team().Code {
		t.Errorf("got %v", got)
	}
	if got := w.plans.DeletePlanCalls()[0].PlanCode; got != team().Code {
		t.Errorf("deleted %v", got)
	}
	w.plans.ListPlansFunc = func(context.Context) ([]domain.Plan, error) { return nil, nil }
	accepted(t, w.ask(t, "GET", "/plans", ""), 200, "[]")
}

func testPuttingPlans(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for body, want := range map[string]domain.Plan{
		`{"name":"Team","seats":25}`:    team(),
		`{"name":"Team","seats":2.5e1}`: team(),
		`{"name":"Team","seats":null}`:  {Code: team().Code, Name: team().Name},
		`{"name":"Team"}`:               {Code: team().Code, Name: team().Name},
	} {
		w.ask(t, "PUT", "/plans/team", body)
		calls := w.plans.PutPlanCalls()
		if got := calls[len(calls)-1].PutPlan; got != (ports.PutPlan{Plan: want}) {
			t.Errorf("%s became %+v", body, got)
		}
	}
	response := w.ask(t, "PUT", "/plans/team", teamJSON, "Prefer", "return=minimal")
	accepted(t, response, 204, "")
	if got := response.Header().Get("Preference-Applied"); got != "return=minimal" {
		t.Errorf("Preference-Applied is %q", got)
	}
	reply(&w.plans.PutPlanFunc, true, nil)
	for preference, body := range map[string]string{"return=representation": teamJSON, "return=minimal": ""} {
		response := w.ask(t, "PUT", "/plans/team", teamJSON, "Prefer", preference)
		accepted(t, response, 201, body)
		if got := response.Header().Get("Location"); got != "team" {
			t.Errorf("Location is %q", got)
		}
	}
}

func testAddingPlans(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.plans.PutPlanFunc = func(_ context.Context, in ports.PutPlan) (bool, error) {
		if in.OnlyNew {
			return false, failing(domain.Stale, domain.ReasonVersion, "")
		}
		return false, nil
	}
	refused(t, w.ask(t, "PUT", "/plans/team", teamJSON, "If-None-Match", "*"), 412, "stale")
	if response := w.ask(t, "PUT", "/plans/team", teamJSON); response.Code != 200 {
		t.Errorf("without a condition: %d %s", response.Code, response.Body)
	}
	for _, tags := range []string{`"1"`, `W/"1"`, "1"} { // none of which is the tag of a plan
		if response := w.ask(t, "PUT", "/plans/team", teamJSON, "If-None-Match", tags); response.Code != 200 {
			t.Errorf("If-None-Match: %s: %d %s", tags, response.Code, response.Body)
		}
	}
	before := len(w.plans.PutPlanCalls())
	for _, bad := range []string{`"1`, "", `*, "1"`} {
		refused(t, w.ask(t, "PUT", "/plans/team", teamJSON, "If-None-Match", bad), 400, "parameter", "?If-None-Match")
	}
	if got := len(w.plans.PutPlanCalls()) - before; got > 0 {
		t.Errorf("%d malformed conditions reached the store", got)
	}
}

func testPlanFaults(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for body, places := range map[string][]string{
		`{}`:                                          {"/name"},
		`{"name":" ","seats":0}`:                      {"/name", "/seats"},
		`{"name":"\u200b"}`:                           {"/name"},
		`{"name":1,"seats":"25"}`:                     {"/name", "/seats"},
		`{"name":null,"seats":-1}`:                    {"/name", "/seats"},
		`{"name":"Team","seats":1000001}`:             {"/seats"},
		`{"name":"Team","seats":2.5}`:                 {"/seats"},
		`{"name":"Team","seats":1e400}`:               {"/seats"},
		`{"name":"Team","members":2}`:                 {"/members"},
		`{"seats":99999999999999999999}`:              {"/seats", "/name"},
		`{"name":"` + strings.Repeat("é", 101) + `"}`: {"/name"},
	} {
		refused(t, w.ask(t, "PUT", "/plans/team", body), 422, "invalid", places...)
	}
	for _, code := range []string{"Team", "-", "a%20b", strings.Repeat("a", 33), "%00"} {
		refused(t, w.ask(t, "GET", "/plans/"+code, ""), 400, "parameter", "?code")
		refused(t, w.ask(t, "DELETE", "/plans/"+code, ""), 400, "parameter", "?code")
		refused(t, w.ask(t, "PUT", "/plans/"+code+"?x=1", `{"seats":0}`, "If-None-Match", `"1`), 400, "parameter", "?code",
			"?If-None-Match", "?x", "/name", "/seats")
	}
	refused(t, w.ask(t, "GET", "/plans?limit=5", ""), 400, "parameter", "?limit")
	refused(t, w.ask(t, "PUT", "/plans/team", teamJSON, "Content-Type", "text/plain"), 415, "media-type")
	if got := len(w.plans.PutPlanCalls()) + len(w.plans.DeletePlanCalls()); got > 0 {
		t.Errorf("%d bad requests reached the store", got)
	}
}
