package ginedge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/roster-directory/roster/ports"
)

// inbox is a store that accepts events and forgets them.
type inbox struct {
	ports.Events
	outcomes []ports.Outcome
}

func (i inbox) AddEvents(_ context.Context, in ports.AddEvents) ([]ports.Outcome, error) {
	return i.outcomes[:len(in.Events)], nil
}

// benchmarkEvents measures the cost of a batch of a thousand events, without the
// store.
func benchmarkEvents(b *testing.B, format string) {
	b.Helper()
	const size = 1000
	var events []string
	for i := range size {
		events = append(events, fmt.Sprintf(format, i))
	}
	body := `{"events":[` + strings.Join(events, ",") + `]}`
	outcomes := make([]ports.Outcome, size)
	for i := range outcomes {
		outcomes[i] = ports.Accepted
	}
	b.SetBytes(int64(len(body)))
	benchmark(b, handlerOver(b, nil, inbox{outcomes: outcomes}), "POST", "/events", body)
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkAddAThousandEvents(b *testing.B) {
	benchmarkEvents(b, `{"id":"01890a5d-ac96-774b-bcce-%012x","organization_id":"01890a5d-ac96-774b-bcce-b302099a8058",`+
		`"user_id":"01890a5d-ac96-774b-bcce-b302099a8057","kind":"document.opened","occurred_at":"2025-12-31T10:20:30.123456Z"}`)
}

func BenchmarkAddAThousandEventsWithPayloads(b *testing.B) {
	benchmarkEvents(b, `{"id":"01890a5d-ac96-774b-bcce-%012x","organization_id":"01890a5d-ac96-774b-bcce-b302099a8058",`+
		`"user_id":"01890a5d-ac96-774b-bcce-b302099a8057","kind":"document.opened","occurred_at":"2025-12-31T10:20:30.123456Z",`+
		`"payload":{"browser":"lynx","pages":[1,2,3],"referrer":"https://example.com/a?b=c","ok":true}}`)
}
