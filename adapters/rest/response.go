package rest

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Header values are shared by all responses, which never change them.
var (
	jsonType    = []string{"application/json"}
	problemType = []string{"application/problem+json"}
	// noCache lets only the caller keep a response, and use it only after asking
	// whether it is still the same.
	noCache = []string{"private, no-cache"}
	noStore = []string{"no-store"}
	// minimalApplied says that the body was left out, as the caller prefers.
	minimalApplied = []string{"return=minimal"}
)

// responses holds buffers for reuse.
var responses = sync.Pool{New: func() any { return &response{buf: make([]byte, 0, 1024)} }}

const (
	// maxPooled is the most bytes of a buffer that is kept for reuse.
	maxPooled = 64 << 10
	// maxCounted is up to how many bytes net/http sets the Content-Length itself.
	maxCounted = 2048
)

// response is a body and the headers that belong to it. The body is encoded
// whole before the response begins, so that a fault of the encoder can't cut it.
type response struct {
	buf []byte
	// shared is sent instead of buf unless it is nil. Other responses have it too.
	shared []byte
	// location is a new resource, relative to the path of the request; empty where
	// there is none.
	location string
	// tag names what is shown; its version is 0 where that has none.
	tag entityTag
	// link is the value of Link; empty where the response is no page.
	link string
	// total is the count that the caller asked for; its Kind is empty without.
	total domain.Total
	// mediaType is that of the body; nil is JSON.
	mediaType []string
	// minimal leaves out the body, as the caller prefers.
	minimal bool
	// secret keeps the body out of every cache, and of the pool.
	secret bool
}

// newResponse returns an empty response. write, writeHeader and send return it
// to the pool.
func newResponse() *response {
	r := responses.Get().(*response)
	*r = response{buf: r.buf[:0]}
	return r
}

// versioned is an empty response about a version of something, with the selected
// fields of it, or all.
func versioned(version domain.Version, fields fieldSet) *response {
	r := newResponse()
	r.tag = entityTag{version: version, fields: fields}
	return r
}

// itemOf is a response with one item.
func itemOf[T any](item *T, encode func([]byte, *T) []byte) *response {
	r := newResponse()
	r.buf = encode(r.buf, item)
	return r
}

// listOf is a response with the items as a JSON array.
func listOf[T any](items []T, encode func([]byte, *T) []byte) *response {
	r := newResponse()
	r.buf = appendList(r.buf, items, encode)
	return r
}

// pageOf is listOf for a page. Where shared is true, all callers who were given
// the page get the same bytes, so it is encoded once.
func pageOf[T any](page ports.Page[T], shared bool, encode func([]byte, *T) []byte) *response {
	if !shared || page.Memo == nil {
		return listOf(page.Items, encode)
	}
	r := newResponse()
	r.shared = page.Memo.Do(func() any {
		return appendList(make([]byte, 0, 320*(len(page.Items)+1)), page.Items, encode)
	}).([]byte)
	return r
}

// body is what is sent.
func (r *response) body() []byte {
	if r.shared != nil {
		return r.shared
	}
	return r.buf
}

// size is how many bytes the response holds while it is sent.
func (r *response) size() int { return len(r.body()) }

// write sends the body as JSON.
func (r *response) write(w http.ResponseWriter, status int) {
	if r.minimal {
		r.writeHeader(w, status)
		return
	}
	r.setHeaders(w.Header())
	if r.mediaType == nil {
		r.mediaType = jsonType
	}
	r.send(w, status, r.mediaType)
}

// writeHeader sends the response without its body.
func (r *response) writeHeader(w http.ResponseWriter, status int) {
	header := w.Header()
	r.setHeaders(header)
	if r.minimal {
		header["Preference-Applied"] = minimalApplied
	}
	w.WriteHeader(status)
	r.free()
}

func (r *response) setHeaders(header http.Header) {
	header["Cache-Control"] = noCache
	if r.secret {
		header["Cache-Control"] = noStore
	}
	if r.location != "" {
		header["Location"] = []string{r.location}
	}
	if r.tag.version != 0 {
		header["Etag"] = r.tag.header()
	}
	if r.link != "" {
		header["Link"] = []string{r.link}
	}
	if r.total.Kind != "" {
		header["X-Total-Count"] = []string{strconv.FormatInt(r.total.N, 10)}
		header["X-Total-Kind"] = []string{string(r.total.Kind)}
	}
}

func (r *response) send(w http.ResponseWriter, status int, mediaType []string) {
	header := w.Header()
	header["Content-Type"] = mediaType
	body := r.body()
	if len(body) >= maxCounted {
		header["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // it fails where the client is gone
	r.free()
}

func (r *response) free() {
	if cap(r.buf) <= maxPooled && !r.secret {
		responses.Put(r)
	}
}
