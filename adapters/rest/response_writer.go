package rest

import (
	"net/http"
	"slices"
)

// responseWriter is the writer that handlers get. It remembers the status of the
// response, 0 until it begins, and compresses it where the client accepts that.
type responseWriter struct {
	http.ResponseWriter
	status int
	// compression is nil where the response is sent as it is.
	compression *compression
	// draining asks the client to close the connection; nil never does.
	draining *draining
	// link is added to the handler's own; empty for most operations.
	link string
}

// WriteHeader begins the response.
func (w *responseWriter) WriteHeader(status int) {
	if status < http.StatusOK {
		w.ResponseWriter.WriteHeader(status) // the final status follows
		return
	}
	if w.status == 0 {
		w.status = status
		w.askToClose()
		if w.link != "" {
			header := w.Header()
			header["Link"] = append(slices.Clip(header["Link"]), w.link)
		}
		if w.compression != nil && !w.compression.begin(status) {
			w.abandonCompression()
		}
	}
	if w.compression == nil {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write starts the response with 200 unless it has started.
func (w *responseWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.compression != nil {
		return w.compression.write(b)
	}
	return w.ResponseWriter.Write(b)
}

// Flush sends everything written so far.
func (w *responseWriter) Flush() { _ = w.FlushError() }

// FlushError is Flush for http.ResponseController.
func (w *responseWriter) FlushError() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.compression != nil {
		if err := w.compression.flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// askToClose makes a response of a process that shuts down the last one of its
// connection: with "Connection: close" in HTTP/1.1, for which net/http sends GOAWAY in
// HTTP/2.
func (w *responseWriter) askToClose() {
	if w.draining != nil && w.draining.hasStarted() {
		w.Header()["Connection"] = lastResponse
	}
}

// finish sends the rest, once the handler has returned.
func (w *responseWriter) finish() {
	if w.status == 0 {
		w.askToClose() // net/http answers for the handler
	}
	if w.compression == nil {
		return
	}
	if w.status != 0 {
		w.compression.finish()
	}
	w.abandonCompression()
}

func (w *responseWriter) abandonCompression() {
	w.compression.free()
	w.compression = nil
}

// Unwrap lets http.ResponseController set deadlines on the writer beneath.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// responseWriterOf finds the responseWriter beneath the writer that a router
// gave a handler; nil where there is none.
func responseWriterOf(w http.ResponseWriter) *responseWriter {
	for {
		switch each := w.(type) {
		case *responseWriter:
			return each
		case interface{ Unwrap() http.ResponseWriter }:
			w = each.Unwrap()
		default:
			return nil
		}
	}
}
