package resttest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/roster-directory/roster/adapters/cloudevents"
)

// contract checks requests and responses against docs/openapi.yaml.
type contract struct {
	router routers.Router
	// user is the schema of a user with all fields.
	user *openapi3.Schema
}

var loadContract = sync.OnceValues(func() (*contract, error) {
	openapi3filter.RegisterBodyDecoder(ndjson, decodeText)
	openapi3filter.RegisterBodyDecoder("text/csv", decodeText)
	openapi3filter.RegisterBodyDecoder("text/event-stream", decodeText)
	openapi3filter.RegisterBodyDecoder(cloudevents.BatchMediaType, openapi3filter.JSONBodyDecoder)
	path, err := findContract()
	if err != nil {
		return nil, err
	}
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true // for the order of fields
	document, err := loader.LoadFromFile(path)
	if err != nil {
		return nil, err
	}
	document.Servers = nil // the suite asks under many hosts
	for _, plain := range []string{"text/html", "text/css", "text/javascript", "image/svg+xml"} {
		openapi3filter.RegisterBodyDecoder(plain, openapi3filter.PlainBodyDecoder)
	}
	router, err := legacy.NewRouter(document)
	return &contract{router, document.Components.Schemas["User"].Value}, err
})

// decodeText reads a stream, which is text to the contract.
func decodeText(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
	text, err := io.ReadAll(body)
	return string(text), err
}

func findContract() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(folder, "docs", "openapi.yaml")
		if _, err := os.Stat(path); err == nil || folder == filepath.Dir(folder) {
			return path, err
		}
		folder = filepath.Dir(folder)
	}
}

// problem is a problem document as a client reads it.
type problem struct {
	Type, Title, Detail string
	Status              int
	Errors              []fault
	RequestID           string `json:"request_id"`
}

type fault struct {
	Pointer, Parameter *string
	Detail, Fix        string
}

// place is the fault's pointer, or its parameter after a '?'.
func (f fault) place() string {
	if f.Parameter != nil {
		return "?" + *f.Parameter
	}
	if f.Pointer != nil {
		return *f.Pointer
	}
	return "nowhere"
}

// check fails the test where the contract does not allow a response, or a request
// that was accepted.
func (c *contract) check(t *testing.T, r *http.Request, body []byte, w *httptest.ResponseRecorder) {
	t.Helper()
	c.checkManners(t, w)
	if !slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}, r.Method) {
		return // the router knows no other methods
	}
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		if w.Code < 300 && r.Method != http.MethodOptions && r.Method != http.MethodHead {
			t.Errorf("%s %s: %d, but the contract has no such operation", r.Method, r.URL, w.Code)
		}
		return
	}
	asked := r.Clone(t.Context())
	asked.Body = io.NopCloser(bytes.NewReader(body))
	options := &openapi3filter.Options{
		IncludeResponseStatus: true,
		// Who may call is what the tests of rights ask.
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
	}
	request := &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route, Options: options}
	if w.Code < 400 { // validating a refused request says nothing, and may take long
		if err := openapi3filter.ValidateRequest(t.Context(), request); err != nil {
			t.Errorf("%s %s: accepted with %d, but the contract refuses it: %v", r.Method, r.URL, w.Code, err)
		}
	}
	header := w.Header()
	if w.Code == http.StatusCreated && header.Get("Preference-Applied") != "" { // OpenAPI can't say that a body may be left out
		options.ExcludeResponseBody = true
		header = header.Clone()
		header.Set("Content-Type", "application/json")
		if w.Body.Len() > 0 {
			t.Errorf("%s %s: the response has a body, %s", r.Method, r.URL, w.Body)
		}
	}
	response := &openapi3filter.ResponseValidationInput{RequestValidationInput: request, Status: w.Code, Header: header, Options: options}
	response.SetBodyBytes(w.Body.Bytes())
	if err := openapi3filter.ValidateResponse(t.Context(), response); err != nil && w.Code != http.StatusMethodNotAllowed {
		t.Errorf("%s %s: the response %d %s breaks the contract: %v", r.Method, r.URL, w.Code, w.Body, err)
	}
	c.checkViews(t, r, route.Operation, w)
	if fault := unstable(w.Body.Bytes(), jsonOf(route.Operation, w)); fault != "" {
		t.Errorf("%s %s: the response %d %s is not in the stable form: %s", r.Method, r.URL, w.Code, w.Body, fault)
	}
}

// checkViews checks that users have all fields where the request selects none.
func (c *contract) checkViews(t *testing.T, r *http.Request, operation *openapi3.Operation, w *httptest.ResponseRecorder) {
	t.Helper()
	query := r.URL.Query()
	schema := jsonOf(operation, w)
	if schema == nil || !strings.Contains(schema.Ref, "/UserView") || query.Has("fields") || query.Has("changed_since") {
		return
	}
	var body any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	views, list := body.([]any)
	if !list {
		views = []any{body}
	}
	for _, view := range views {
		if err := c.user.VisitJSON(view); err != nil {
			t.Errorf("%s %s: a user is incomplete: %v", r.Method, r.URL, err)
		}
	}
}

// jsonOf is the schema of a response in JSON; nil for others.
func jsonOf(operation *openapi3.Operation, w *httptest.ResponseRecorder) *openapi3.SchemaRef {
	response := operation.Responses.Status(w.Code)
	mediaType := w.Header().Get("Content-Type")
	if operation.OperationID == "getContract" {
		return nil // it is written as its source is
	}
	if response == nil || !strings.HasSuffix(mediaType, "json") || strings.HasSuffix(mediaType, "ndjson") {
		return nil
	}
	content := response.Value.Content.Get(mediaType)
	if content == nil {
		return nil
	}
	return content.Schema
}

// checkManners checks the common part of all responses.
func (c *contract) checkManners(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	header := w.Header()
	if id := header.Get("X-Request-Id"); id == "" {
		t.Error("the response has no X-Request-Id")
	}
	if header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("the response lacks X-Content-Type-Options: nosniff")
	}
	if w.Code < 400 {
		return
	}
	var p problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%d %s is no problem: %v", w.Code, w.Body, err)
	}
	if got := header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("the problem's type is %q", got)
	}
	if p.Status != w.Code || p.Title == "" || p.Detail == "" || p.Type == "" || p.RequestID != header.Get("X-Request-Id") {
		t.Errorf("the problem is incomplete: %d %s", w.Code, w.Body)
	}
	for _, each := range p.Errors {
		if each.Detail == "" || each.Fix == "" || (each.Pointer == nil) == (each.Parameter == nil) {
			t.Errorf("the fault is incomplete: %s", w.Body)
		}
	}
}
