package resttest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

const (
	adaID            = "01890a5d-ac96-774b-bcce-b302099a8057"
	orgID            = "01890a5d-ac96-774b-bcce-b302099a8058"
	adaPath          = "/users/" + adaID
	adaOrganizations = adaPath + "/organizations"
	window           = "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"
)

// world is an API on mocks, behind the edge under test.
type world struct {
	users         *portsmock.UsersMock
	organizations *portsmock.OrganizationsMock
	memberships   *portsmock.MembershipsMock
	plans         *portsmock.PlansMock
	events        *portsmock.EventsMock
	bulk          *portsmock.BulkStoreMock
	apiKeys       *portsmock.APIKeysMock
	log           *portsmock.LogEntriesMock
	webhooks      *portsmock.WebhooksMock
	sender        *portsmock.WebhookSenderMock
	api           *rest.API
	handler       http.Handler
	logs          *logs
}

// newWorld makes a world whose stores reply with Ada. The changes are made to the
// options of the API.
func newWorld(t *testing.T, edge Edge, changes ...func(*rest.Options)) *world {
	t.Helper()
	w := &world{
		logs: &logs{}, users: &portsmock.UsersMock{}, organizations: &portsmock.OrganizationsMock{}, memberships: &portsmock.MembershipsMock{},
		plans: &portsmock.PlansMock{}, events: &portsmock.EventsMock{}, bulk: &portsmock.BulkStoreMock{},
		apiKeys: &portsmock.APIKeysMock{}, log: &portsmock.LogEntriesMock{}, webhooks: &portsmock.WebhooksMock{},
		sender: &portsmock.WebhookSenderMock{},
	}
	w.replyAll(nil)
	clock := &portsmock.ClockMock{NowFunc: func() time.Time { return instant("2026-01-01T00:00:01Z") }}
	ids := &portsmock.IDsMock{NewIDFunc: func() [16]byte { return domain.MustParse(domain.ParseID[domain.User]("id", adaID)) }}
	random := &portsmock.RandomMock{FillFunc: func([]byte) {}}
	options := rest.Options{
		Authenticate: func(*http.Request) (domain.Principal, error) { return domain.LocalAdministrator(), nil },
		Ready:        func(context.Context) error { return nil },
		CursorKey:    func(context.Context) ([]byte, error) { return []byte("a secret"), nil },
		Logger:       slog.New(slog.NewJSONHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, change := range changes {
		change(&options)
	}
	api, err := rest.New(app.New(ports.Stores{
		Users: w.users, Organizations: w.organizations, Memberships: w.memberships, Plans: w.plans, Events: w.events, Bulk: w.bulk,
		APIKeys: w.apiKeys, LogEntries: w.log, Webhooks: w.webhooks, WebhookSender: w.sender,
	}, clock, ids, random), options)
	if err != nil {
		t.Fatal(err)
	}
	w.api, w.handler = api, edge(api)
	return w
}

// ask sends one request through the edge and checks it against the contract. The
// headers are names and values in turn. By default the body is JSON and the host
// is the loopback interface.
func (w *world) ask(t *testing.T, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	known, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	r := newRequest(t.Context(), method, target, body, headers...)
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, r)
	known.check(t, r, []byte(body), unzipped(t, recorder))
	return recorder
}

// unzipped is a response after a client has decompressed it.
func unzipped(t *testing.T, response *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	t.Helper()
	if response.Header().Get("Content-Encoding") != "gzip" {
		return response
	}
	reader, err := gzip.NewReader(bytes.NewReader(response.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	plain := *response
	plain.Body = bytes.NewBufferString(readAll(t, reader))
	return &plain
}

// send is ask without the check.
func (w *world) send(r *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, r)
	return recorder
}

// sendWith is ask without a body, and without the check of the response's status.
func (w *world) sendWith(ctx context.Context, t *testing.T, method, target string) *httptest.ResponseRecorder {
	t.Helper()
	recorder := w.send(newRequest(ctx, method, target, ""))
	(&contract{}).checkManners(t, recorder)
	return recorder
}

func newRequest(ctx context.Context, method, target, body string, headers ...string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	r.Host = "127.0.0.1:3000"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// refused checks that a response is a problem of the type and status, with faults
// in exactly these places.
func refused(t *testing.T, response *httptest.ResponseRecorder, status int, slug string, places ...string) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal(response.Body.Bytes(), &p); err != nil {
		t.Fatalf("%d %s: %v", response.Code, response.Body, err)
	}
	var got []string
	for _, each := range p.Errors {
		got = append(got, each.place())
	}
	if response.Code != status || !strings.HasSuffix(p.Type, "#"+slug) || strings.Join(got, " ") != strings.Join(places, " ") {
		t.Errorf("got %d %s at %q, want %d #%s at %q\n%s", response.Code, p.Type, got, status, slug, places, response.Body)
	}
	return p
}

// accepted checks that a response has the status and exactly the body.
func accepted(t *testing.T, response *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if response.Code != status || response.Body.String() != body {
		t.Errorf("got %d %s\nwant %d %s", response.Code, response.Body, status, body)
	}
}

// logs holds the lines that the API logged.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds a line.
func (l *logs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// String returns all lines.
func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func instant(text string) time.Time { return domain.MustParse(time.Parse(time.RFC3339Nano, text)) }

func readAll(t *testing.T, r io.ReadCloser) string {
	t.Helper()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return string(text)
}
