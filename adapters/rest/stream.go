package rest

import (
	"errors"
	"net/http"
	"time"
)

// body is an answer that is either whole or a stream.
type body interface {
	write(w http.ResponseWriter, r *http.Request, status int) error
}

// whole is an answer that could have been a stream.
type whole struct{ *answer }

func (a whole) write(w http.ResponseWriter, _ *http.Request, status int) error {
	a.answer.write(w, status)
	return nil
}

// stream is an answer that is sent as it comes about, for as long as the client
// reads it.
type stream struct {
	mediaType string
	// patience is how long the client may neither send nor read.
	patience time.Duration
	// run writes the answer; body is given to it to read the request by.
	run func(*outflow) error
}

// write runs the stream. With an error, the answer is not whole.
func (s *stream) write(w http.ResponseWriter, r *http.Request, status int) error {
	out := &outflow{
		to: w, control: http.NewResponseController(w), patience: s.patience,
		mediaType: s.mediaType, status: status, bodiless: r.Method == http.MethodHead,
	}
	// The server's own limit is for a whole request; inflow has one of its own.
	_ = out.control.SetReadDeadline(time.Time{})
	err := s.run(out)
	out.extend() // for the end of the answer, or the problem
	if errors.Is(err, errBodiless) {
		return nil
	}
	if err == nil {
		out.begin()
	}
	return err
}

// abort ends an answer that failed. Where it had begun, it cuts the connection:
// nobody is to take a part for the whole.
func (a *API) abort(w http.ResponseWriter, r *http.Request, err error) {
	if watched := watchOf(w); watched == nil || watched.status == 0 {
		a.fail(w, r, err)
		return
	}
	a.logFailure(w, r, problemOf(err))
	panic(http.ErrAbortHandler)
}

// errBodiless ends the writing of an answer that has no body.
var errBodiless = errors.New("rest: HEAD is answered without a body")

// outflow writes a stream, each time with the same patience.
type outflow struct {
	to        http.ResponseWriter
	control   *http.ResponseController
	patience  time.Duration
	mediaType string
	status    int
	begun     bool
	bodiless  bool
}

func (o *outflow) begin() {
	if o.begun {
		return
	}
	o.begun = true
	header := o.to.Header()
	header["Content-Type"] = []string{o.mediaType}
	header["Cache-Control"] = noStore
	o.to.WriteHeader(o.status)
}

// Write implements io.Writer. Its error is a problem.
func (o *outflow) Write(p []byte) (int, error) {
	first := !o.begun
	o.begin()
	if o.bodiless {
		return 0, errBodiless
	}
	o.extend()
	n, err := o.to.Write(p)
	switch {
	case err != nil:
		err = unread()
	case first: // an answer that is cut later has begun to the client, too
		err = o.flush()
	}
	return n, err
}

// flush sends what was written so far.
func (o *outflow) flush() error {
	o.extend()
	if err := o.control.Flush(); err != nil {
		return unread()
	}
	return nil
}

// extend gives the client its time again. Where the connection knows no
// deadlines, there is none.
func (o *outflow) extend() { _ = o.control.SetWriteDeadline(time.Now().Add(o.patience)) }

func unread() error {
	return newProblem(kindTooSlow, "the client does not read the answer; read while you send")
}
