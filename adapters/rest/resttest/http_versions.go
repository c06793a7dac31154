package resttest

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
)

// httpVersion is a version of HTTP over which streams are tested.
type httpVersion int

const (
	http1 httpVersion = 1
	http2 httpVersion = 2
)

// eachVersion runs a test over HTTP/1.1, and over HTTP/2 with TLS.
func eachVersion(t *testing.T, test func(*testing.T, httpVersion)) {
	t.Run("HTTP 1.1", func(t *testing.T) { test(t, http1) })
	t.Run("HTTP 2", func(t *testing.T) { test(t, http2) })
}

// start serves the handler until the test ends.
func (v httpVersion) start(t *testing.T, handler http.Handler, changes ...func(*http.Server)) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != int(v) {
			t.Errorf("the request is one of %s", r.Proto)
		}
		handler.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // cut connections are meant
	for _, change := range changes {
		change(server.Config)
	}
	if v == http2 {
		server.EnableHTTP2 = true
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

// isCut reports whether a client sees by the error that a response is not whole.
func (v httpVersion) isCut(err error) bool {
	if v == http1 {
		return errors.Is(err, io.ErrUnexpectedEOF)
	}
	return err != nil && strings.Contains(err.Error(), "INTERNAL_ERROR") // the stream is reset
}

// reuses reports whether the next request has the connection of the one before.
func reuses(t *testing.T, server *httptest.Server) (reused bool) {
	t.Helper()
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused },
	})
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/livez", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, response.Body)
	return reused
}
