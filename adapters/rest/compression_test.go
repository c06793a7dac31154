package rest

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// serve returns the response of a handler to one request, which accepts gzip.
func serve(t *testing.T, handle http.HandlerFunc, method string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	if len(headers) == 0 {
		headers = []string{"Accept-Encoding", "gzip"}
	}
	w := httptest.NewRecorder()
	handlerOf(t, route{handle: handle}).ServeHTTP(w, newRequest(method, headers...))
	return w
}

func unzip(t *testing.T, body io.Reader) string {
	t.Helper()
	reader, err := gzip.NewReader(body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// writing answers 200 with the header's names and values in turn. It writes the
// text in pieces of a size.
func writing(text string, piece int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		for left := text; left != ""; {
			n, err := io.WriteString(w, left[:min(piece, len(left))])
			if err != nil {
				panic(err)
			}
			left = left[n:]
		}
	}
}

func TestTextsOfAKibibyteAreCompressed(t *testing.T) {
	big := strings.Repeat(`{"a":"b"}`, 200)
	for name, c := range map[string]struct {
		text    string
		headers []string
		zipped  bool
	}{
		"JSON":                {big, []string{"Content-Type", "application/json"}, true},
		"a page":              {big, []string{"Content-Type", "text/html; charset=utf-8"}, true},
		"with a length":       {big, []string{"Content-Type", "text/csv", "Content-Length", strconv.Itoa(len(big))}, true},
		"1,024 bytes":         {big[:1024], []string{"Content-Type", "application/x-ndjson"}, true},
		"1,023 bytes":         {big[:1023], []string{"Content-Type", "application/x-ndjson"}, false},
		"with a short length": {big[:1023], []string{"Content-Type", "text/css", "Content-Length", "1023"}, false},
		"a picture":           {big, []string{"Content-Type", "image/png"}, false},
		"no type":             {big, nil, false},
		"encoded already":     {big, []string{"Content-Type", "text/css", "Content-Encoding", "br"}, false},
		"not to be changed":   {big, []string{"Content-Type", "text/css", "Cache-Control", "private, no-transform"}, false},
	} {
		for _, piece := range []int{1, 100, 1024, 1 << 20} {
			w := serve(t, writing(c.text, piece, c.headers...), "GET")
			got := w.Body.String()
			if w.Header().Get("Content-Encoding") == "gzip" {
				got = unzip(t, w.Body)
			}
			if zipped := w.Header().Get("Content-Encoding") == "gzip"; zipped != c.zipped || got != c.text {
				t.Errorf("%s in pieces of %d: compressed %v, %d bytes of %d", name, piece, zipped, len(got), len(c.text))
			}
		}
	}
}

func TestStatusesWithoutABodyStayWithout(t *testing.T) {
	for _, status := range []int{204, 304, 206} {
		w := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("ETag", `"2"`)
			w.WriteHeader(status)
		}, "GET", "Accept-Encoding", "identity;q=0, gzip")
		if w.Code != status || w.Body.Len() > 0 || w.Header().Get("Content-Encoding") != "" || w.Header().Get("ETag") != `"2"` {
			t.Errorf("%d became %d %v %q", status, w.Code, w.Header(), w.Body)
		}
	}
}

func TestCompressedAnswersHaveTagsOfTheirOwn(t *testing.T) {
	big := strings.Repeat("a", 2000)
	for tag, want := range map[string]string{`"2"`: `"2-gzip"`, `"2-f1"`: `"2-f1-gzip"`, `W/"2"`: `W/"2"`} {
		w := serve(t, writing(big, 2000, "Content-Type", "text/css", "ETag", tag, "Accept-Ranges", "bytes"), "GET")
		if got := w.Header().Get("ETag"); got != want || w.Header().Get("Accept-Ranges") != "" {
			t.Errorf("%s became %s: %v", tag, got, w.Header())
		}
		w = serve(t, writing(big, 2000, "Content-Type", "text/css", "ETag", tag), "GET", "Accept-Encoding", "identity")
		if got := w.Header().Get("ETag"); got != tag {
			t.Errorf("%s became %s", tag, got)
		}
	}
}

func TestHEADWithoutABodyClaimsNoLength(t *testing.T) {
	w := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css") // as http.ServeContent answers HEAD
		w.Header().Set("Content-Length", "5000")
		w.WriteHeader(200)
	}, "HEAD")
	if w.Code != 200 || w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Content-Length") != "" || w.Body.Len() > 0 {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
}

func TestALongAnswerIsSentInChunks(t *testing.T) {
	var text strings.Builder
	for i := range 100_000 {
		text.WriteString(strconv.Itoa(i * i))
	}
	w := serve(t, writing(text.String(), 4096, "Content-Type", "text/csv"), "GET")
	if got := w.Header().Get("Content-Length"); got != "" || w.Body.Len() < 2*maxHeld {
		t.Errorf("%d bytes have the length %q", w.Body.Len(), got)
	}
	if got := unzip(t, w.Body); got != text.String() {
		t.Errorf("%d bytes became %d", text.Len(), len(got))
	}
}

func TestAnAnswerBeginsOnce(t *testing.T) {
	server := httptest.NewServer(handlerOf(t, route{handle: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, strings.Repeat("a", 5000))
		w.WriteHeader(http.StatusTeapot)
	}}))
	defer server.Close()
	response, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if _ = response.Body.Close(); err != nil || response.StatusCode != 201 || !response.Uncompressed ||
		string(body) != strings.Repeat("a", 5000) {
		t.Errorf("%d %v, %d bytes: %v", response.StatusCode, response.Header, len(body), err)
	}
}

func TestStreamsArriveAsTheyAreFlushed(t *testing.T) {
	for name, coding := range map[string]string{"compressed": "gzip", "as it is": "identity"} {
		t.Run(name, func(t *testing.T) {
			read := make(chan struct{})
			server := httptest.NewServer(handlerOf(t, route{handle: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/x-ndjson")
				for range 3 {
					_, _ = io.WriteString(w, "{}\n")
					if err := http.NewResponseController(w).Flush(); err != nil {
						t.Error(err)
					}
					<-read
				}
			}}))
			defer server.Close()
			r, _ := http.NewRequestWithContext(t.Context(), "GET", server.URL, nil)
			r.Header.Set("Accept-Encoding", coding)
			response, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			var body io.Reader = response.Body
			if coding == "gzip" {
				if body, err = gzip.NewReader(response.Body); err != nil {
					t.Fatal(err)
				}
			}
			line := make([]byte, 3)
			for range 3 { // each must arrive before the handler goes on
				if _, err := io.ReadFull(body, line); err != nil || string(line) != "{}\n" {
					t.Fatalf("%q: %v", line, err)
				}
				read <- struct{}{}
			}
			if rest, err := io.ReadAll(body); err != nil || len(rest) > 0 ||
				response.Header.Get("Content-Encoding") != strings.Trim(coding, "identy") {
				t.Errorf("%q: %v, %v", rest, err, response.Header)
			}
		})
	}
}

func TestAPanicIsACompressedProblem(t *testing.T) {
	w := serve(t, func(http.ResponseWriter, *http.Request) { panic("no more") }, "GET", "Accept-Encoding", "gzip, identity;q=0")
	if got := unzip(t, w.Body); w.Code != 500 || !strings.Contains(got, "#internal") {
		t.Errorf("%d %s", w.Code, got)
	}
}

func TestAClientThatIsGoneIsNoFault(t *testing.T) {
	api := newAPI(t, new(bytes.Buffer))
	ctx, leave := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	server := httptest.NewServer(api.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		_ = http.NewResponseController(w).Flush()
		leave()
		<-r.Context().Done()
		noise := strings.Repeat("0123456789abcdef", 1<<12)
		for {
			if _, err := io.WriteString(w, noise); err != nil {
				failed <- err
				return
			}
			if err := http.NewResponseController(w).Flush(); err != nil {
				failed <- err
				return
			}
		}
	})))
	defer server.Close()
	r, _ := http.NewRequestWithContext(ctx, "GET", server.URL, nil)
	if response, err := server.Client().Do(r); err == nil {
		_ = response.Body.Close()
	}
	if err := <-failed; err == nil {
		t.Error("a write after the client left succeeded")
	}
}
