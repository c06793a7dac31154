package resttest

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
)

func testTraces(t *testing.T, edge Edge) {
	const trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	w := newWorld(t, edge, func(o *rest.Options) { o.AccessLog = true })
	answered := regexp.MustCompile("^00-" + trace + "-[0-9a-f]{16}-01$")
	for name, c := range map[string]struct {
		header string
		joined bool
	}{
		"a trace":             {"00-" + trace + "-" + parent + "-01", true},
		"a trace of tomorrow": {"42-" + trace + "-" + parent + "-01-and-more", true},
		"none":                {"", false},
		"version ff":          {"ff-" + trace + "-" + parent + "-01", false},
		"upper case":          {"00-" + strings.ToUpper(trace) + "-" + parent + "-01", false},
		"a parent of zeros":   {"00-" + trace + "-0000000000000000-01", false},
		"half of one":         {"00-" + trace, false},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(w.logs.String())
			response := w.ask(t, "GET", "/users/"+adaID, "", "traceparent", c.header, "tracestate", "vendor=opaque")
			accepted(t, response, 200, adaJSON)
			got, line := response.Header().Get("Traceresponse"), w.logs.String()[before:]
			if answered.MatchString(got) != c.joined || !c.joined && got != "" || strings.Contains(got, parent) {
				t.Errorf("traceresponse is %q", got)
			}
			if c.joined && !strings.Contains(line, `"trace_id":"`+trace+`","span_id":"`+strings.Split(got+"---", "-")[2]+`"`) ||
				!c.joined && strings.Contains(line, "trace_id") {
				t.Errorf("traceresponse is %q, and the log says %s", got, line)
			}
			if response.Header().Get("Tracestate") != "" || strings.Contains(line, "opaque") {
				t.Errorf("the trace's state is not left alone: %v %s", response.Header(), line)
			}
		})
	}
	t.Run("two parents are none", func(t *testing.T) {
		r := newRequest(t.Context(), "GET", "/livez", "")
		r.Header["Traceparent"] = []string{"00-" + trace + "-" + parent + "-01", "00-" + trace + "-" + parent + "-01"}
		if got := w.send(r).Header().Get("Traceresponse"); got != "" {
			t.Errorf("traceresponse is %q", got)
		}
	})
	t.Run("a failure is found by its trace", func(t *testing.T) {
		w := newWorld(t, edge)
		reply(&w.users.UserByIDFunc, domain.User{}, hidden())
		w.ask(t, "GET", "/users/"+adaID, "", "traceparent", "00-"+trace+"-"+parent+"-00")
		w.users.UserByIDFunc = func(context.Context, domain.UserID) (domain.User, error) { panic(canary) }
		w.ask(t, "GET", "/users/"+adaID, "", "traceparent", "00-"+trace+"-"+parent+"-00")
		if got := strings.Count(w.logs.String(), trace); got != 2 {
			t.Errorf("%d of 2 lines name the trace: %s", got, w.logs)
		}
	})
}
