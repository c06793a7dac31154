package resttest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

const (
	ndjson   = "application/x-ndjson"
	eve      = `{"username":"eve","email":"eve@example.com"}` + "\n"
	created1 = `{"line":1,"outcome":"created"}` + "\n"
)

func testBulk(t *testing.T, edge Edge) {
	t.Run("an export has the accepted format", func(t *testing.T) { testExport(t, edge) })
	t.Run("each line of an import has its result", func(t *testing.T) { testImport(t, edge) })
	t.Run("invalid streams are refused", func(t *testing.T) { testRefusedStreams(t, edge) })
	eachVersion(t, func(t *testing.T, version httpVersion) {
		t.Run("results arrive while lines are sent", func(t *testing.T) { testDuplex(t, edge, version) })
		t.Run("a response that fails is cut", func(t *testing.T) { testCut(t, edge, version) })
		t.Run("a client that stalls is dropped", func(t *testing.T) { testStalled(t, edge, version) })
		t.Run("a store that takes long is waited for", func(t *testing.T) { testSlowStore(t, edge, version) })
		t.Run("imports end when the process does", func(t *testing.T) { testDrained(t, edge, version) })
	})
	t.Run("a body that has not arrived does not outlive the process", func(t *testing.T) { testDrainedHalfway(t, edge) })
}

// newBulkWorld makes a world whose store adds users: it has eve already, and
// refuses mallory.
func newBulkWorld(t *testing.T, edge Edge, changes ...func(*rest.Options)) *world {
	t.Helper()
	w := newWorld(t, edge, changes...)
	w.bulk.ImportFunc = func(ctx context.Context, how ports.BulkImport, fn func(context.Context, ports.BulkWriter) error) error {
		add := func(_ context.Context, lines ports.Lines[ports.UserRecord], refuse func(ports.Refusal) error) (ports.Added, error) {
			for line, err := range lines {
				if err != nil {
					return ports.Added{}, err
				}
				switch line.Record.Username.String() {
				case "eve":
				case "mallory":
					_ = refuse(ports.Refusal{Line: line.Number, Problem: &domain.Error{
						Kind: domain.Conflict, Reason: domain.ReasonTaken, Field: "username, email", Detail: "is taken", Fix: "choose another",
					}})
				default:
					how.Stored(line.Number)
				}
			}
			return ports.Added{}, nil
		}
		return fn(ctx, &portsmock.BulkWriterMock{AddUsersFunc: add})
	}
	w.bulk.ExportKindFunc = func(_ context.Context, _ ports.RecordKind, to ports.RecordWriter) error {
		return to.WriteUser(ports.UserRecord{User: ada(), HasAttributes: true})
	}
	return w
}

func testExport(t *testing.T, edge Edge) {
	w := newBulkWorld(t, edge)
	const header = "id,external_id,username,email,display_name,attributes,status,created_at,updated_at,deleted_at,version\n"
	for accept, want := range map[string]struct{ mediaType, start string }{
		"":                             {ndjson, `{"id":"` + adaID + `","external_id":"hr-1815"`},
		"text/csv":                     {"text/csv", header + adaID + `,hr-1815,ada`},
		"text/*, application/*;q=0.5":  {"text/csv", header},
		"application/x-ndjson;q=1,*/*": {ndjson, "{"},
	} {
		response := w.ask(t, "GET", "/bulk/users", "", "Accept", accept)
		if response.Code != 200 || response.Header().Get("Content-Type") != want.mediaType ||
			!strings.HasPrefix(response.Body.String(), want.start) {
			t.Errorf("%q: %d %v %s", accept, response.Code, response.Header(), response.Body)
		}
	}
	response := w.ask(t, "GET", "/bulk/users", "", "Accept-Encoding", "gzip")
	if got := unzipped(t, response).Body.String(); response.Header().Get("Content-Encoding") != "" && !strings.HasSuffix(got, "}\n") {
		t.Errorf("compressed: %s", got)
	}
	w.bulk.ExportKindFunc = func(context.Context, ports.RecordKind, ports.RecordWriter) error { return nil }
	accepted(t, w.ask(t, "GET", "/bulk/plans", ""), 200, "")
	accepted(t, w.ask(t, "GET", "/bulk/plans", "", "Accept", "text/csv"), 200, "code,name,seats\n")
}

func testImport(t *testing.T, edge Edge) {
	w := newBulkWorld(t, edge)
	for name, c := range map[string]struct{ mediaType, body, want string }{
		"one of each": {ndjson, bob + "\n" + eve + "nonsense\n\n" + `{"username":"mallory","email":"m@example.com"}`, created1 +
			`{"line":2,"outcome":"exists"}` + "\n" +
			`{"line":3,"outcome":"rejected","errors":[{"pointer":"","detail":"is not a JSON object",` +
			`"fix":"write one record a line, as a JSON object"}]}` + "\n" +
			`{"line":5,"outcome":"rejected","errors":[{"pointer":"/username","detail":"is taken","fix":"choose another"},` +
			`{"pointer":"/email","detail":"is taken","fix":"choose another"}]}` + "\n" +
			`{"created":1,"exists":1,"rejected":2}` + "\n"},
		"a line that is too long": {
			ndjson, strings.Repeat("x", 64<<10+1) + "\n" + eve,
			`{"line":1,"outcome":"rejected","errors":[{"pointer":"","detail":"the line is longer than 65536 bytes","fix":"shorten it"}]}` + "\n" +
				`{"line":2,"outcome":"exists"}` + "\n" + `{"created":0,"exists":1,"rejected":1}` + "\n",
		},
		"CSV with quotes and a byte order mark": {
			"text/csv", "\xef\xbb\xbfusername,email,display_name\r\nbob,bob@example.com,\"Bob \"\"B\"\" Bee, Jr.\"\r\n",
			`{"line":2,"outcome":"created"}` + "\n" + `{"created":1,"exists":0,"rejected":0}` + "\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			response := w.ask(t, "POST", "/bulk/users", c.body, "Content-Type", c.mediaType)
			if response.Header().Get("Content-Type") != ndjson {
				t.Errorf("the type is %q", response.Header().Get("Content-Type"))
			}
			accepted(t, response, 200, c.want)
		})
	}
	t.Run("nothing", func(t *testing.T) { // to the contract, it is no body
		for _, mediaType := range []string{ndjson, "text/csv"} {
			response := w.send(newRequest(t.Context(), "POST", "/bulk/users", "", "Content-Type", mediaType))
			accepted(t, response, 200, `{"created":0,"exists":0,"rejected":0}`+"\n")
		}
	})
}

func testRefusedStreams(t *testing.T, edge Edge) {
	w := newBulkWorld(t, edge)
	refused(t, w.ask(t, "GET", "/bulk/planets", ""), 400, "parameter", "?collection")
	refused(t, w.ask(t, "POST", "/bulk/planets", eve, "Content-Type", ndjson), 400, "parameter", "?collection")
	refused(t, w.ask(t, "POST", "/bulk/users", eve), 415, "media-type")
	refused(t, w.ask(t, "POST", "/bulk/users", eve, "Content-Type", ndjson, "Content-Encoding", "gzip"), 415, "media-type")
	refused(t, w.ask(t, "GET", "/bulk/users", "", "Accept", "application/json"), 406, "not-acceptable")
	refused(t, w.ask(t, "POST", "/bulk/users", eve, "Content-Type", ndjson, "Accept", "text/csv"), 406, "not-acceptable")
	refused(t, w.ask(t, "POST", "/bulk/users", "username,emial\n", "Content-Type", "text/csv"), 422, "invalid")
	w.bulk.ImportFunc = func(context.Context, ports.BulkImport, func(context.Context, ports.BulkWriter) error) error {
		return &domain.Error{Kind: domain.Conflict, Reason: domain.ReasonInUse, Detail: "another import is running", Fix: "wait"}
	}
	refused(t, w.ask(t, "POST", "/bulk/users", eve, "Content-Type", ndjson), 409, "importing")
	w.bulk.ExportKindFunc = func(context.Context, ports.RecordKind, ports.RecordWriter) error { return errors.New("a secret") }
	refused(t, w.ask(t, "GET", "/bulk/users", ""), 500, "internal")
	reader := newBulkWorld(t, edge, func(o *rest.Options) {
		o.Authenticate = func(*http.Request) (domain.Principal, error) { return domain.Principal{}, nil }
	})
	refused(t, reader.ask(t, "GET", "/bulk/users", ""), 403, "denied")
	refused(t, reader.ask(t, "POST", "/bulk/users", eve, "Content-Type", ndjson), 403, "denied")
}
