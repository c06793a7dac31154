package client_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/rest/client"
)

// recorder is a server that keeps the header Authorization of each request by its path.
type recorder struct {
	*httptest.Server
	mu   sync.Mutex
	seen map[string][]string
}

// newRecorder answers with redirects, by the path, or else with a problem of 401.
func newRecorder(t *testing.T, redirects map[string]string) *recorder {
	t.Helper()
	r := &recorder{seen: map[string][]string{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, asked *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.seen[asked.URL.Path] = asked.Header["Authorization"]
		if target := redirects[asked.URL.Path]; target != "" {
			http.Redirect(w, asked, target, http.StatusTemporaryRedirect)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(r.Close)
	return r
}

// token returns the header Authorization of a request that arrived; none is "-".
func (r *recorder) token(t *testing.T, path string) string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	values, ok := r.seen[path]
	switch {
	case !ok:
		t.Fatalf("no request for %s arrived", path)
	case len(values) == 0:
		return "-"
	}
	return strings.Join(values, ", ")
}

// me asks who the caller is.
func me(t *testing.T, server string, options ...client.ClientOption) error {
	t.Helper()
	roster, err := client.NewClientWithResponses(server, options...)
	if err != nil {
		return err
	}
	_, err = roster.GetCallerWithResponse(t.Context())
	return err
}

func TestATokenIsSent(t *testing.T) {
	server := newRecorder(t, nil)
	calls := 0
	source := func(context.Context) (string, error) {
		calls++
		return strings.Repeat("x", calls), nil
	}
	roster, err := client.NewClientWithResponses(server.URL, client.WithTokenSource(source))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Bearer x", "Bearer xx"} {
		if _, err := roster.GetCallerWithResponse(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := server.token(t, "/me"); got != want {
			t.Errorf("sent %s, not %s", got, want)
		}
	}
}

func TestATokenStaysWithItsServer(t *testing.T) {
	foreign := newRecorder(t, nil)
	// The same host name, and another port.
	server := newRecorder(t, map[string]string{"/me": "/moved", "/moved": foreign.URL + "/me"})
	followed := 0
	for name, options := range map[string][]client.ClientOption{
		"alone":            {client.WithToken("secret")},
		"before a client":  {client.WithToken("secret"), client.WithHTTPClient(&http.Client{})},
		"after a client":   {client.WithHTTPClient(&http.Client{}), client.WithToken("secret")},
		"with own checks":  {client.WithToken("secret"), client.WithHTTPClient(&http.Client{CheckRedirect: counting(&followed)})},
		"from a source":    {client.WithTokenSource(func(context.Context) (string, error) { return "secret", nil })},
		"over plain HTTP":  {client.WithToken("secret", client.OverPlainHTTP())},
		"with two sources": {client.WithToken("first"), client.WithToken("secret")},
	} {
		if err := me(t, server.URL, options...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := server.token(t, "/me"); got != "Bearer secret" {
			t.Errorf("%s: the server got %s", name, got)
		}
		if got := server.token(t, "/moved"); got != "Bearer secret" {
			t.Errorf("%s: the server got %s after a redirect", name, got)
		}
		if got := foreign.token(t, "/me"); got != "-" {
			t.Errorf("%s: another server got %s", name, got)
		}
	}
	if followed != 2 {
		t.Errorf("the check of the given client was asked %d times", followed)
	}
	if err := me(t, newRecorder(t, map[string]string{"/me": "/me"}).URL, client.WithToken("secret")); err == nil {
		t.Error("redirects are followed without an end")
	}
}

func counting(n *int) func(*http.Request, []*http.Request) error {
	return func(*http.Request, []*http.Request) error {
		*n++
		return nil
	}
}

// refusing is an HTTP client that no request may reach, unless it expects one.
type refusing struct {
	t       *testing.T
	expects bool
}

var errReached = errors.New("reached")

func (d refusing) Do(r *http.Request) (*http.Response, error) {
	if !d.expects {
		d.t.Errorf("a request to %s was sent", r.URL)
	}
	return nil, errReached
}

func TestATokenDoesNotTravelInTheOpen(t *testing.T) {
	for server, sent := range map[string]bool{
		"https://roster.example.com": true, "http://127.0.0.1:3000": true, "http://[::1]:3000": true, "http://LocalHost": true,
		"http://roster.example.com": false, "http://10.0.0.1": false, "http://localhost.example.com": false, "http://0.0.0.0": false,
		"http://127.0.0.1.example.com": false,
	} {
		err := me(t, server, client.WithToken("secret"), client.WithHTTPClient(refusing{t, sent}))
		if errors.Is(err, errReached) != sent {
			t.Errorf("%s: %v", server, err)
		}
		if !sent && !strings.Contains(err.Error(), "use https, or OverPlainHTTP") {
			t.Errorf("%s: %v", server, err)
		}
		err = me(t, server, client.WithToken("secret", client.OverPlainHTTP()), client.WithHTTPClient(refusing{t, true}))
		if !errors.Is(err, errReached) {
			t.Errorf("%s, although it is allowed: %v", server, err)
		}
	}
}

func TestInvalidTokensAreRefusedAndNotShown(t *testing.T) {
	broken := errors.New("the provider does not answer")
	for name, option := range map[string]client.ClientOption{
		"the token is empty":  client.WithToken(""),
		"a line break":        client.WithToken("secret\n"),
		"another character":   client.WithTokenSource(func(context.Context) (string, error) { return "sécret", nil }),
		"a space":             client.WithTokenSource(func(context.Context) (string, error) { return "Bearer secret", nil }),
		broken.Error():        client.WithTokenSource(func(context.Context) (string, error) { return "", broken }),
		"token source is nil": client.WithTokenSource(nil),
	} {
		err := me(t, "http://127.0.0.1:1", option, client.WithHTTPClient(refusing{t: t}))
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "cret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
