package resttest

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// testMemory lets a large request wait in the store. Another one does not fit beside it,
// and small ones do.
func testMemory(t *testing.T, edge Edge) {
	w := newWorld(t, edge, func(o *rest.Options) { o.Memory = rest.MinMemory })
	stored, next := make(chan struct{}), make(chan struct{})
	w.events.AddEventsFunc = func(_ context.Context, in ports.AddEvents) ([]ports.Outcome, error) {
		if len(w.events.AddEventsCalls()) == 1 {
			close(stored)
			<-next
		}
		return make([]ports.Outcome, len(in.Events)), nil
	}
	large := `{"events":[` + login + strings.Repeat(" ", 10<<20) + `]}`
	send := func() *httptest.ResponseRecorder {
		return w.send(newRequest(t.Context(), "POST", "/events", large))
	}
	first := make(chan *httptest.ResponseRecorder, 1)
	go func() { first <- send() }()
	<-stored
	second := send()
	p := refused(t, second, 503, "busy")
	if second.Header().Get("Retry-After") == "" || !strings.Contains(p.Detail, "try again") {
		t.Errorf("it is refused with %v %s", second.Header(), p.Detail)
	}
	accepted(t, w.ask(t, "POST", "/users", bob), 201, newJSON)
	close(next)
	if response := <-first; response.Code != 200 {
		t.Errorf("the first: %d %s", response.Code, response.Body)
	}
	if response := send(); response.Code != 200 {
		t.Errorf("once the first has ended: %d %s", response.Code, response.Body)
	}

	attributes := domain.MustParse(domain.ParseAttributes([]byte(`{"n":"` + strings.Repeat("x", 16000) + `"}`)))
	page := make([]domain.User, 1000)
	for i := range page {
		page[i] = ada()
		page[i].Attributes = attributes
	}
	reply(&w.users.ListUsersFunc, ports.Page[domain.User]{Items: page}, nil)
	for range 3 { // one after the other
		if response := w.send(newRequest(t.Context(), "GET", "/users?limit=1000", "")); response.Code != 200 {
			t.Errorf("a large page: %d %.300s", response.Code, response.Body)
		}
	}
}
