package rest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"
)

// A body is read up to aheadBlocks blocks of aheadBlock bytes ahead.
const (
	aheadBlocks = 16
	aheadBlock  = 32 << 10
)

// readAhead reads a body ahead: more of it arrives while the import stores the
// part before, and the import learns whether more has arrived. One goroutine
// uses it.
type readAhead struct {
	body    io.Reader
	header  http.Header
	control *http.ResponseController
	timeout time.Duration
	ending  *draining
	http2   bool

	started      bool
	free, filled chan []byte
	stop         chan struct{}
	// failed is why the reading ended. It may be read once filled is closed.
	failed error

	block, rest []byte
	err         error
	// due is when the line must be whole that the import waits for; zero if it waits for none.
	due time.Time
}

func newReadAhead(body io.Reader, out *streamWriter, ending *draining) *readAhead {
	return &readAhead{
		body: body, header: out.to.Header(), control: out.control, timeout: out.timeout, ending: ending, http2: out.http2,
	}
}

// start begins to read. A client that waits for "100 Continue" sends only then.
func (a *readAhead) start() {
	a.started = true
	// Not before: in this mode net/http does not read the rest of a body that
	// nobody reads, and would take it for the next request.
	_ = a.control.EnableFullDuplex()
	a.stop = make(chan struct{})
	a.free, a.filled = make(chan []byte, aheadBlocks), make(chan []byte, aheadBlocks)
	for range aheadBlocks {
		a.free <- make([]byte, aheadBlock)
	}
	go a.fill()
}

// fill reads until the end, an error or close.
func (a *readAhead) fill() {
	defer close(a.filled)
	for {
		var block []byte
		select {
		case <-a.stop:
			return
		case block = <-a.free:
			if a.stopped() {
				return
			}
		}
		n, err := a.body.Read(block)
		if n > 0 {
			a.filled <- block[:n] // there is room for every block
		} else {
			a.free <- block
		}
		if err != nil {
			a.failed = err
			return
		}
	}
}

func (a *readAhead) stopped() bool {
	select {
	case <-a.stop:
		return true
	default:
		return false
	}
}

// close waits for the reading to end. It does not cut off a client that sends,
// so that the client gets to read the response.
func (a *readAhead) close() {
	if !a.started {
		endOfRequest(a.control, a.timeout)
		return
	}
	if errors.Is(a.err, io.EOF) {
		return // net/http may be reading the next request, under its own deadline
	}
	close(a.stop)
	_ = a.control.SetReadDeadline(time.Now())
	for range a.filled { // until it is closed
	}
	if a.http2 {
		return // net/http resets the stream once the response is sent, and the connection serves others
	}
	// The connection can't serve another request. Nor may it close at once: the
	// client would lose the response while bytes of its own are on the way.
	a.header["Connection"] = []string{"close"}
	if a.ending.hasStarted() {
		return // net/http would wait for the rest of the body, and the process for net/http
	}
	_ = a.control.SetReadDeadline(time.Now().Add(a.timeout))
}

// Ahead implements dataset.Ahead.
func (a *readAhead) Ahead() bool { return len(a.rest) > 0 || len(a.filled) > 0 || a.err != nil }

// Read implements io.Reader. Its error is io.EOF or a problem.
func (a *readAhead) Read(p []byte) (int, error) {
	if !a.started {
		a.start()
	}
	if len(a.rest) == 0 && a.err == nil {
		a.next()
	}
	if len(a.rest) == 0 {
		return 0, a.err
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// next takes the next block. The client has the whole timeout again for each line that
// the import waits for, so that one which sends a byte at a time does not hold the import.
func (a *readAhead) next() {
	if a.block != nil {
		a.free <- a.block[:cap(a.block)]
		a.block = nil
	}
	if a.ending.hasStarted() {
		a.err = shuttingDown()
		return
	}
	waits := len(a.filled) == 0
	if waits {
		if a.due.IsZero() {
			a.due = time.Now().Add(a.timeout)
		}
		_ = a.control.SetReadDeadline(a.due)
	}
	select {
	case block, more := <-a.filled:
		if a.block, a.rest = block, block; !more {
			a.err = bodyError(a.failed, "the body did not arrive whole; send the rest again")
		} else if bytes.IndexByte(block, '\n') >= 0 {
			a.due = time.Time{}
		}
	case <-a.ending.started:
		a.err = shuttingDown()
	}
	if waits {
		_ = a.control.SetReadDeadline(time.Time{})
	}
}
