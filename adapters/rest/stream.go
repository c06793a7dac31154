package rest

import (
	"errors"
	"net/http"
	"time"
)

// responseBody is the body of a response that is either whole or a stream.
type responseBody interface {
	write(w http.ResponseWriter, r *http.Request, status int) error
	// size is how many bytes the response holds while it is sent.
	size() int
}

// wholeResponse is a response that could have been a stream.
type wholeResponse struct{ *response }

func (r wholeResponse) write(w http.ResponseWriter, _ *http.Request, status int) error {
	r.response.write(w, status)
	return nil
}

// stream is a response that is sent while it is produced, for as long as the
// client reads it.
type stream struct {
	mediaType string
	// filename, unless empty, is the name under which a browser saves the response.
	filename string
	// timeout is how long the client may neither send nor read.
	timeout time.Duration
	// run writes the response.
	run func(*streamWriter) error
}

// size is 0, since a stream holds no more than its buffers.
func (s *stream) size() int { return 0 }

// write runs the stream. After an error the response is not whole.
func (s *stream) write(w http.ResponseWriter, r *http.Request, status int) error {
	out := &streamWriter{
		to: w, control: http.NewResponseController(w), timeout: s.timeout,
		mediaType: s.mediaType, filename: s.filename, status: status, bodiless: r.Method == http.MethodHead, http2: r.ProtoMajor == 2,
	}
	// The server's own deadlines are for a whole request; readAhead and streamWriter
	// set others.
	_ = out.control.SetReadDeadline(time.Time{})
	if r.Method != http.MethodPost && r.ContentLength != 0 { // a body that nobody asked for
		endOfRequest(out.control, s.timeout)
	}
	out.endDeadline()
	err := s.run(out)
	out.extendDeadline() // for the end of the response, or the problem
	if errors.Is(err, errBodiless) {
		return nil
	}
	if err == nil {
		out.start()
	}
	return err
}

// endOfRequest limits the time for the rest of a body that nobody reads: net/http reads it
// before it sends the response, and the server's own deadline is gone. It leaves half of the
// time for the response.
func endOfRequest(control *http.ResponseController, timeout time.Duration) {
	_ = control.SetReadDeadline(time.Now().Add(timeout / 2))
}

// errBodiless ends the writing of a response that has no body.
var errBodiless = errors.New("rest: HEAD is answered without a body")

// streamWriter writes a stream. The client has the whole timeout again for each
// write.
type streamWriter struct {
	to        http.ResponseWriter
	control   *http.ResponseController
	timeout   time.Duration
	mediaType string
	filename  string
	status    int
	started   bool
	bodiless  bool
	http2     bool
}

func (w *streamWriter) start() {
	if w.started {
		return
	}
	w.started = true
	header := w.to.Header()
	header["Content-Type"] = []string{w.mediaType}
	header["Cache-Control"] = noStore
	if w.filename != "" {
		header["Content-Disposition"] = []string{`attachment; filename="` + w.filename + `"`}
	}
	w.to.WriteHeader(w.status)
}

// Write implements io.Writer. Its error is a problem.
func (w *streamWriter) Write(p []byte) (int, error) {
	first := !w.started
	w.start()
	if w.bodiless {
		return 0, errBodiless
	}
	w.extendDeadline()
	n, err := w.to.Write(p)
	w.endDeadline()
	switch {
	case err != nil:
		err = clientTooSlow()
	case first: // the client sees that a response which is cut later has started
		err = w.flush()
	}
	return n, err
}

// flush sends everything written so far.
func (w *streamWriter) flush() error {
	w.extendDeadline()
	err := w.control.Flush()
	w.endDeadline()
	if err != nil {
		return clientTooSlow()
	}
	return nil
}

// extendDeadline gives the client its time again. Some connections know no
// deadlines; then there is none.
func (w *streamWriter) extendDeadline() { _ = w.control.SetWriteDeadline(time.Now().Add(w.timeout)) }

// endDeadline ends the deadline of a write that is done. HTTP/2 would else reset the
// stream at that time, though nothing is written.
func (w *streamWriter) endDeadline() { _ = w.control.SetWriteDeadline(time.Time{}) }

func clientTooSlow() error {
	return newProblem(kindTooSlow, "the client does not read the response; read while you send")
}
