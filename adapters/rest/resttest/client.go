package resttest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/client"
	"github.com/roster-directory/roster/ports"
)

// wire sends the client's requests to the edge under test, and checks requests and
// responses against the contract.
type wire struct {
	t *testing.T
	w *world
	// sent counts the requests.
	sent int
}

// Do implements client.HttpRequestDoer.
func (d *wire) Do(asked *http.Request) (*http.Response, error) {
	d.sent++
	var body []byte
	if asked.Body != nil {
		body = []byte(readAll(d.t, asked.Body))
	}
	known, err := loadContract()
	if err != nil {
		return nil, err
	}
	r := httptest.NewRequestWithContext(asked.Context(), asked.Method, asked.URL.RequestURI(), bytes.NewReader(body))
	r.Host, r.Header = asked.URL.Host, asked.Header
	recorder := httptest.NewRecorder()
	d.w.handler.ServeHTTP(recorder, r)
	known.check(d.t, r, body, unzipped(d.t, recorder))
	response := recorder.Result()
	response.Request = asked
	return response, nil
}

// statusCoder is a response of the client.
type statusCoder interface{ StatusCode() int }

func testClient(t *testing.T, edge Edge) {
	w := newBulkWorld(t, edge)
	d := &wire{t: t, w: w}
	roster, err := client.NewClientWithResponses("http://127.0.0.1:3000", client.WithHTTPClient(d))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("drives every operation", func(t *testing.T) {
		calls := clientCalls(t.Context(), roster)
		if want := countOperations(t, roster); len(calls) != want {
			t.Errorf("it drives %d operations, the contract has %d", len(calls), want)
		}
		for _, call := range calls {
			t.Run(call.name, func(t *testing.T) {
				d.t = t
				before := d.sent
				response, err := call.do()
				if err != nil {
					t.Fatal(err)
				}
				if response.StatusCode() != call.status || d.sent != before+1 {
					t.Errorf("got %d after %d requests, want %d after one", response.StatusCode(), d.sent-before, call.status)
				}
			})
		}
	})
	d.t = t
	t.Run("reads responses", func(t *testing.T) { testClientReads(t, roster) })
	t.Run("tells absent from null", func(t *testing.T) { testClientPatches(t, w, roster) })
	t.Run("reads problems", func(t *testing.T) { testClientProblems(t, roster) })
	t.Run("sends its token", func(t *testing.T) { testClientTokens(t, edge) })
}

func testClientTokens(t *testing.T, edge Edge) {
	w := newWorld(t, edge, func(o *rest.Options) { o.Authenticate = nil })
	reply(&w.apiKeys.StoredAPIKeyFunc, ports.StoredAPIKey{Key: plainKey(), Hash: token().Hash()}, nil)
	for text, status := range map[string]int{token().String(): 200, "header.claims.signature": 401} {
		roster, err := client.NewClientWithResponses("http://127.0.0.1:3000", client.WithToken(text), client.WithHTTPClient(&wire{t: t, w: w}))
		if err != nil {
			t.Fatal(err)
		}
		if response, err := roster.GetUserWithResponse(t.Context(), adaUUID, nil); err != nil || response.StatusCode() != status {
			t.Errorf("got %+v, %v, want %d", response, err, status)
		}
	}
}

// countOperations counts the operations of the served contract.
func countOperations(t *testing.T, roster *client.ClientWithResponses) int {
	t.Helper()
	response, err := roster.GetContractWithResponse(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, path := range response.JSON200.Paths {
		for method := range path.(map[string]any) {
			if method != "parameters" {
				count++
			}
		}
	}
	return count
}

func testClientReads(t *testing.T, roster *client.ClientWithResponses) {
	response, err := roster.GetUserWithResponse(t.Context(), adaUUID, nil)
	if err != nil {
		t.Fatal(err)
	}
	user := response.JSON200
	if user == nil || *user.ID != adaUUID || *user.DisplayName != `Zoë "李小龍" <&>` || *user.ExternalID != "hr-1815" ||
		(*user.Attributes)["team"] != "search" || !user.UpdatedAt.Equal(time.Date(2026, 1, 2, 10, 20, 30, 123400000, time.UTC)) ||
		*user.Version != 2 {
		t.Errorf("got %s as %+v", response.Body, user)
	}
	if got := response.HTTPResponse.Header.Get("ETag"); got != `"2"` {
		t.Errorf("ETag is %s", got)
	}
	plans, err := roster.ListPlansWithResponse(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list := *plans.JSON200
	if len(list) != 2 || !list[0].Seats.IsNull() || list[1].Seats.MustGet() != 25 {
		t.Errorf("got %s as %+v", plans.Body, list)
	}
}

func testClientPatches(t *testing.T, w *world, roster *client.ClientWithResponses) {
	before := len(w.users.PatchUserCalls())
	for _, patch := range []client.UserPatch{
		{DisplayName: new("Ada")},
		{ExternalID: nullable.NewNullNullable[client.ExternalID]()},
	} {
		if response, err := roster.PatchUserWithResponse(t.Context(), adaUUID, nil, patch); err != nil || response.StatusCode() != 200 {
			t.Fatalf("%v, %s", err, response.Body)
		}
	}
	calls := w.users.PatchUserCalls()[before:]
	if calls[0].PatchUser.NoExternalID || !calls[1].PatchUser.NoExternalID {
		t.Errorf("patched by %+v", calls)
	}
}

func testClientProblems(t *testing.T, roster *client.ClientWithResponses) {
	response, err := roster.CreateUserWithResponse(t.Context(), nil, client.NewUser{Username: "no spaces", Email: "nowhere"})
	if err != nil {
		t.Fatal(err)
	}
	problem := response.ApplicationProblemJSONDefault
	if response.JSON201 != nil || problem == nil || problem.Status != 422 || len(*problem.Errors) != 2 ||
		*(*problem.Errors)[0].Pointer != "/username" {
		t.Errorf("got %d %s", response.StatusCode(), response.Body)
	}
}
