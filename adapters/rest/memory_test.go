package rest

import (
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
)

func unlimited() *holding { return &holding{of: &memory{limit: 1 << 40}} }

// large is a body of about n bytes.
func large(n int) string {
	return `{"username":"bob"` + strings.Repeat(" ", n) + `,"email":"b@example.com"}`
}

// receive reads a body by a holding of the budget.
func receive(t *testing.T, of *memory, body io.Reader, length int64) (*holding, error) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/", body)
	r.Header.Set("Content-Type", "application/json")
	r.ContentLength = length
	held := &holding{of: of}
	faults, err := readBody(r, held, MinMemory, new(NewUser), nil, "application/json")
	return held, errors.Join(append(faults, err)...)
}

func TestBodiesAreRefusedBeyondTheBudget(t *testing.T) {
	budget := &memory{limit: 1 << 20}
	text := large(700 << 10)
	for name, length := range map[string]int64{"of a known length": int64(len(text)), "in chunks": -1} {
		first, err := receive(t, budget, strings.NewReader(text), length)
		if err != nil || budget.used.Load() < 600<<10 {
			t.Fatalf("%s: %d bytes are held, %v", name, budget.used.Load(), err)
		}
		second, err := receive(t, budget, strings.NewReader(text), length)
		if p := problemOf(err); err == nil || p.kind != kindBusy || p.kind.status() != 503 {
			t.Errorf("%s: the second is refused by %v", name, err)
		}
		if _, err := receive(t, budget, strings.NewReader(large(10)), length); length < 0 && err != nil {
			t.Errorf("%s: a small body is refused by %v", name, err)
		}
		second.release()
		first.release()
		first.release()
		if used := budget.used.Load(); used != 0 {
			t.Errorf("%s: %d bytes are held in the end", name, used)
		}
		third, err := receive(t, budget, strings.NewReader(text), length)
		if err != nil {
			t.Errorf("%s: when the others have ended, it is refused by %v", name, err)
		}
		third.release()
	}
}

func TestMemoryIsHeldForWhatArrives(t *testing.T) {
	budget := &memory{limit: 1 << 20}
	broken := io.MultiReader(strings.NewReader(large(1)), iotest.ErrReader(errors.New("broken")))
	held, err := receive(t, budget, broken, 900<<10)
	if err == nil || held.reserved != 0 {
		t.Errorf("%d bytes are held for a body that was announced, %v", held.reserved, err)
	}
}

func TestResponsesAreCounted(t *testing.T) {
	budget := &memory{limit: 1 << 20}
	first, second := &holding{of: budget}, &holding{of: budget}
	for _, c := range []struct {
		held     *holding
		response any
		fits     bool
	}{
		{first, getUser200{&response{buf: make([]byte, 700<<10)}}, true},
		{second, listUsers200{&response{shared: make([]byte, 700<<10)}}, false},
		{second, reportEngagement200{wholeResponse{&response{buf: make([]byte, 700<<10)}}}, false},
		{second, reportEngagement200{&stream{}}, true},
		{second, getUser200{&response{buf: make([]byte, uncounted)}}, true},
		{second, deleteUser204{}, true},
	} {
		if err := c.held.reserveResponse(c.response); (err == nil) != c.fits {
			t.Errorf("%T: %v", c.response, err)
		}
	}
	first.release()
	if err := second.reserveResponse(getUser200{&response{buf: make([]byte, 700<<10)}}); err != nil {
		t.Errorf("when the first has ended, the second is refused by %v", err)
	}
}

// filler is a body that is as it finds the reader's memory: writing 3 GB takes long.
type filler struct{}

func (filler) Read(b []byte) (int, error) { return len(b), nil }

// TestManyBodiesStayWithinTheBudget receives 200 bodies of 15 MiB at once. No more of
// them are held than fit, whatever their order, and the others are refused.
func TestManyBodiesStayWithinTheBudget(t *testing.T) {
	const bodies, size = 200, 15 << 20
	budget := &memory{limit: 64 << 20}
	type result struct {
		held *holding
		kind problemKind
	}
	results := make(chan result, bodies)
	for i := range bodies {
		length := int64(size)
		if i%2 == 0 {
			length = -1 // as in chunks
		}
		go func() {
			held, err := receive(t, budget, io.LimitReader(filler{}, size), length)
			results <- result{held, problemOf(err).kind}
		}()
	}
	var kept []*holding
	for range bodies {
		switch each := <-results; {
		case each.kind != kindBusy:
			kept = append(kept, each.held)
		case each.held.reserved != 0:
			t.Errorf("%d bytes are held for a body that is refused", each.held.reserved)
		}
	}
	if used := budget.used.Load(); len(kept) > int(budget.limit/size) || used > budget.limit || used < int64(len(kept))*(size-uncounted) {
		t.Errorf("%d bodies are held, by %d bytes", len(kept), used)
	}
	for _, each := range kept {
		each.release()
	}
	if used := budget.used.Load(); used != 0 {
		t.Errorf("%d bytes are held in the end", used)
	}
}
