package rest

import (
	"net/http"
	"strconv"
	"sync"
)

// Header values are shared by all answers, which never change them.
var (
	jsonType    = []string{"application/json"}
	problemType = []string{"application/problem+json"}
	nosniff     = []string{"nosniff"}
	// noCache lets nobody but the caller keep an answer, and the caller only
	// if it asks again before use.
	noCache = []string{"private, no-cache"}
	noStore = []string{"no-store"}
)

// answers holds buffers for reuse.
var answers = sync.Pool{New: func() any { return &answer{buf: make([]byte, 0, 1024)} }}

// mostKept is the most bytes of a buffer that is worth keeping.
const mostKept = 64 << 10

// computed is up to how many bytes net/http finds the Content-Length by itself.
const computed = 2048

// answer is a body, encoded whole before the answer begins, so that a fault
// while encoding can't cut it short.
type answer struct {
	buf []byte
	// location is the path of what was created; empty where nothing was.
	location string
}

// newAnswer returns an empty answer; send or write gives it back.
func newAnswer() *answer {
	a := answers.Get().(*answer)
	a.buf, a.location = a.buf[:0], ""
	return a
}

// write answers with the body as JSON.
func (a *answer) write(w http.ResponseWriter, status int) {
	header := w.Header()
	header["Cache-Control"] = noCache
	if a.location != "" {
		header["Location"] = []string{a.location}
	}
	a.send(w, status, jsonType)
}

func (a *answer) send(w http.ResponseWriter, status int, mediaType []string) {
	header := w.Header()
	header["Content-Type"] = mediaType
	if len(a.buf) >= computed {
		header["Content-Length"] = []string{strconv.Itoa(len(a.buf))}
	}
	w.WriteHeader(status)
	_, _ = w.Write(a.buf) // it fails where the client is gone: there is nobody to tell
	if cap(a.buf) <= mostKept {
		answers.Put(a)
	}
}
