package rest

import (
	"net/http"
	"slices"
)

// watch is the writer that handlers answer through. It remembers the status of
// an answer, 0 until it begins, and has it compressed where the client asks.
type watch struct {
	http.ResponseWriter
	status int
	// zip is nil where the answer is sent as it is.
	zip *compression
	// link is added to those that the handler sets; empty for most.
	link string
}

// WriteHeader begins the answer.
func (w *watch) WriteHeader(status int) {
	if status < http.StatusOK {
		w.ResponseWriter.WriteHeader(status) // more is to come
		return
	}
	if w.status == 0 {
		w.status = status
		if w.link != "" {
			header := w.Header()
			header["Link"] = append(slices.Clip(header["Link"]), w.link)
		}
		if w.zip != nil && !w.zip.suits(w.Header(), status) {
			w.abandon()
		}
	}
	if w.zip == nil {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write begins the answer with 200 unless it has begun.
func (w *watch) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.zip != nil {
		return w.zip.write(w, b)
	}
	return w.ResponseWriter.Write(b) //nolint:wrapcheck // handlers are to see net/http's own
}

// Flush sends what was written so far.
func (w *watch) Flush() { _ = w.FlushError() }

// FlushError is Flush for http.ResponseController.
func (w *watch) FlushError() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.zip != nil {
		if err := w.zip.flush(w); err != nil {
			return err
		}
	}
	return http.NewResponseController(w.ResponseWriter).Flush() //nolint:wrapcheck // as above
}

// finish sends what is held back yet, once the handler has returned.
func (w *watch) finish() {
	if w.zip == nil {
		return
	}
	if w.status != 0 {
		w.zip.finish(w)
	}
	w.abandon()
}

// abandon gives the compression up.
func (w *watch) abandon() {
	w.zip.free()
	w.zip = nil
}

// Unwrap lets http.ResponseController reach the writer beneath, for deadlines.
func (w *watch) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// watchOf finds the watch beneath the writer that a router gave a handler; nil
// where there is none.
func watchOf(w http.ResponseWriter) *watch {
	for {
		switch each := w.(type) {
		case *watch:
			return each
		case interface{ Unwrap() http.ResponseWriter }:
			w = each.Unwrap()
		default:
			return nil
		}
	}
}
