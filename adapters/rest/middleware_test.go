package rest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestAResponseThatHasStartedIsCut(t *testing.T) {
	var log bytes.Buffer
	server := httptest.NewServer(newAPI(t, &log).Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half of"))
		_ = http.NewResponseController(w).Flush()
		panic("no more")
	})))
	var got bytes.Buffer
	response, err := server.Client().Get(server.URL)
	if err == nil {
		_, err = got.ReadFrom(response.Body)
		_ = response.Body.Close()
	}
	if err == nil || got.String() != "half of" {
		t.Errorf("%q was taken for the whole response: %v", &got, err)
	}
	server.Close() // it waits for the handler, which logs last
	if got := log.String(); !strings.Contains(got, "no more") {
		t.Errorf("the panic is not in the log: %q", got)
	}
}

func TestAHandlerOutsideTheMiddlewareHasNoRequestID(t *testing.T) {
	w := httptest.NewRecorder()
	newAPI(t, new(bytes.Buffer)).Unrouted(w, httptest.NewRequest("GET", "/nothing", nil))
	if w.Code != 404 || !strings.Contains(w.Body.String(), `"request_id":""`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAResponseOfSeveralTypesVariesWithAccept(t *testing.T) {
	for _, offers := range [][]string{{"text/csv"}, {"text/csv", "application/json"}} {
		w := httptest.NewRecorder()
		handlerOf(t, route{handle: func(w http.ResponseWriter, r *http.Request) {
			if err := negotiated(w, r, offers...); err != nil {
				t.Error(err)
			}
		}}).ServeHTTP(w, newRequest("GET"))
		names := strings.Split(strings.Join(w.Header()["Vary"], ", "), ", ")
		if slices.Contains(names, "Accept") != (len(offers) > 1) || !slices.Contains(names, "Accept-Encoding") {
			t.Errorf("a response of %v varies with %v", offers, names)
		}
	}
}

func TestRequestIDsFitALogLine(t *testing.T) {
	for id, safe := range map[string]bool{
		"a": true, "A-1_b.c:d": true, strings.Repeat("a", 128): true,
		"": false, strings.Repeat("a", 129): false, "a b": false, "a\n": false, "a\"": false, "é": false, "{}": false,
	} {
		if got := isSafeID(id); got != safe {
			t.Errorf("%q is safe: %v", id, got)
		}
		if got := requestID(http.Header{"X-Request-Id": {id}}); (got == id) != safe || !isSafeID(got) {
			t.Errorf("%q became %q", id, got)
		}
	}
	if got := requestID(http.Header{"X-Request-Id": {"a", "b"}}); got == "a" || got == "b" {
		t.Errorf("of two ids, %q was taken", got)
	}
}
