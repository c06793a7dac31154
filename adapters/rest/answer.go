package rest

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
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
	// minimalApplied says that the body was left out, as the caller prefers.
	minimalApplied = []string{"return=minimal"}
)

// answers holds buffers for reuse.
var answers = sync.Pool{New: func() any { return &answer{buf: make([]byte, 0, 1024)} }}

// mostKept is the most bytes of a buffer that is worth keeping.
const mostKept = 64 << 10

// computed is up to how many bytes net/http finds the Content-Length by itself.
const computed = 2048

// answer is a body, encoded whole before the answer begins, so that a fault
// while encoding can't cut it short, and the headers that belong to it.
type answer struct {
	buf []byte
	// shared is sent instead of buf, unless it is nil: others have it, too.
	shared []byte
	// location is the path of what was created; empty where nothing was.
	location string
	// version is that of the thing shown, 0 where it has none; weak says that
	// the same version can be shown otherwise.
	version domain.Version
	weak    bool
	// link is the value of Link; empty where the answer is no page.
	link string
	// total is how many there are; without a Kind nobody asked.
	total domain.Total
	// minimal leaves out the body, as the caller prefers.
	minimal bool
}

// newAnswer returns an empty answer; write, writeHeader or send gives it back.
func newAnswer() *answer {
	a := answers.Get().(*answer)
	*a = answer{buf: a.buf[:0]}
	return a
}

// write answers with the body as JSON.
func (a *answer) write(w http.ResponseWriter, status int) {
	if a.minimal {
		a.writeHeader(w, status)
		return
	}
	a.describe(w.Header())
	a.send(w, status, jsonType)
}

// writeHeader answers without a body.
func (a *answer) writeHeader(w http.ResponseWriter, status int) {
	header := w.Header()
	a.describe(header)
	if a.minimal {
		header["Preference-Applied"] = minimalApplied
	}
	w.WriteHeader(status)
	a.free()
}

// describe sets the headers that tell of the body.
func (a *answer) describe(header http.Header) {
	header["Cache-Control"] = noCache
	if a.location != "" {
		header["Location"] = []string{a.location}
	}
	if a.version != 0 {
		header["Etag"] = tagOf(a.version, a.weak)
	}
	if a.link != "" {
		header["Link"] = []string{a.link}
	}
	if a.total.Kind != "" {
		header["X-Total-Count"] = []string{strconv.FormatInt(a.total.N, 10)}
		header["X-Total-Kind"] = []string{string(a.total.Kind)}
	}
}

func (a *answer) send(w http.ResponseWriter, status int, mediaType []string) {
	header := w.Header()
	header["Content-Type"] = mediaType
	body := a.buf
	if a.shared != nil {
		body = a.shared
	}
	if len(body) >= computed {
		header["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // it fails where the client is gone: there is nobody to tell
	a.free()
}

func (a *answer) free() {
	if cap(a.buf) <= mostKept {
		answers.Put(a)
	}
}

// pageOfAll is a page as one writes each of it. Where that is what all who were
// given the page are answered, it is encoded once.
func pageOfAll[T any](page ports.Page[T], same bool, one func([]byte, *T) []byte) *answer {
	a := newAnswer()
	if same && page.Shared != nil {
		a.shared = page.Shared.Text(func() []byte { return appendList(make([]byte, 0, 320*(len(page.Items)+1)), page.Items, one) })
	} else {
		a.buf = appendList(a.buf, page.Items, one)
	}
	return a
}

// versioned is an empty answer about a version of something.
func versioned(version domain.Version, weak bool) *answer {
	a := newAnswer()
	a.version, a.weak = version, weak
	return a
}
