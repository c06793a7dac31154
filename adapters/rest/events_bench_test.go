package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// inbox is a store that forgets events. portsmock would remember them, and the
// benchmark would measure that memory.
type inbox struct {
	ports.Events
	outcomes []ports.Outcome
}

func (i inbox) AddEvents(_ context.Context, in ports.AddEvents) ([]ports.Outcome, error) {
	return i.outcomes[:len(in.Events)], nil
}

// still is a clock that always shows the same time, and makes equal ids.
type still struct{}

func (still) Now() time.Time  { return time.Unix(1767225601, 0) }
func (still) NewID() [16]byte { return [16]byte{1} }

// sink discards a response.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

// benchmarkEvents measures the cost of a batch of a thousand events, without the
// store.
func benchmarkEvents(b *testing.B, format string) {
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
	api := &dispatcher{
		operations:   &handlers{activity: app.NewActivity(inbox{outcomes: outcomes}, still{}, still{})},
		authenticate: func(*http.Request) (domain.Principal, error) { return domain.LocalAdministrator(), nil },
	}
	source := strings.NewReader(body)
	r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/events", source)
	r.Header.Set("Content-Type", "application/json")
	w := &sink{header: http.Header{}}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		source.Reset(body)
		clear(w.header)
		if api.serveAddEvents(w, r); w.status != http.StatusOK {
			b.Fatalf("answered with %d", w.status)
		}
	}
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
