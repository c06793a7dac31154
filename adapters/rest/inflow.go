package rest

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

const (
	// inflowBlocks of inflowBlock bytes are read ahead of what is stored.
	inflowBlocks = 16
	inflowBlock  = 32 << 10
)

// inflow reads a body ahead, so that more arrives while what has arrived is
// stored, and so that it is known whether more has. It is for one goroutine.
type inflow struct {
	body     io.Reader
	header   http.Header
	control  *http.ResponseController
	patience time.Duration
	ending   *draining

	started      bool
	free, filled chan []byte
	stop         chan struct{}
	// failed is why the reading ended; to be read once filled is closed.
	failed error

	block, rest []byte
	err         error
}

func newInflow(body io.Reader, out *outflow, ending *draining) *inflow {
	return &inflow{body: body, header: out.to.Header(), control: out.control, patience: out.patience, ending: ending}
}

// start begins to read, which is what a client may be waiting for.
func (f *inflow) start() {
	f.started = true
	// Only now: net/http reads what is left of a body only where it is not in
	// this mode, and else takes it for the next request.
	_ = f.control.EnableFullDuplex()
	f.stop = make(chan struct{})
	f.free, f.filled = make(chan []byte, inflowBlocks), make(chan []byte, inflowBlocks)
	for range inflowBlocks {
		f.free <- make([]byte, inflowBlock)
	}
	go f.pump()
}

// pump reads until the end, an error or close.
func (f *inflow) pump() {
	defer close(f.filled)
	for {
		var block []byte
		select {
		case <-f.stop:
			return
		case block = <-f.free:
			if f.stopped() {
				return
			}
		}
		n, err := f.body.Read(block)
		if n > 0 {
			f.filled <- block[:n] // there is room for every block
		} else {
			f.free <- block
		}
		if err != nil {
			f.failed = err
			return
		}
	}
}

func (f *inflow) stopped() bool {
	select {
	case <-f.stop:
		return true
	default:
		return false
	}
}

// close waits for the reading to end. A client that sends is not cut off, so
// that it gets to read the answer.
func (f *inflow) close() {
	if !f.started || errors.Is(f.err, io.EOF) {
		return // net/http may be reading the next request: its deadline is its own
	}
	close(f.stop)
	_ = f.control.SetReadDeadline(time.Now())
	for range f.filled { // until it is closed
	}
	// The connection can't serve another request, nor be closed at once: what
	// is on its way yet would have the client miss the answer.
	f.header["Connection"] = []string{"close"}
	_ = f.control.SetReadDeadline(time.Now().Add(f.patience))
}

// Ahead implements dataset.Ahead.
func (f *inflow) Ahead() bool { return len(f.rest) > 0 || len(f.filled) > 0 || f.err != nil }

// Read implements io.Reader. Its error is io.EOF or a problem.
func (f *inflow) Read(p []byte) (int, error) {
	if !f.started {
		f.start()
	}
	if len(f.rest) == 0 && f.err == nil {
		f.next()
	}
	if len(f.rest) == 0 {
		return 0, f.err
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// next takes the next block. A client has its time again with each for which
// the import waits.
func (f *inflow) next() {
	if f.block != nil {
		f.free <- f.block[:cap(f.block)]
		f.block = nil
	}
	if f.ending.hasBegun() {
		f.err = ending()
		return
	}
	waits := len(f.filled) == 0
	if waits {
		_ = f.control.SetReadDeadline(time.Now().Add(f.patience))
	}
	select {
	case block, more := <-f.filled:
		if f.block, f.rest = block, block; !more {
			f.err = unreceived(f.failed)
		}
	case <-f.ending.begun:
		f.err = ending()
	}
	if waits {
		_ = f.control.SetReadDeadline(time.Time{})
	}
}

// unreceived is the problem of a body that ended by err.
func unreceived(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, io.ErrUnexpectedEOF):
		return newProblem(kindTooSlow, "the body did not arrive whole; send the rest again")
	}
	return newProblem(kindSyntax, "the body can't be received; check its framing and send it again")
}
