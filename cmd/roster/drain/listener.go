package drain

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// acceptTimeout is for a connection that leaves the queue by itself.
const acceptTimeout = 10 * time.Millisecond

// Listener is a listener that can be stopped and does not reset the connections that
// wait in its queue.
type Listener struct {
	*net.TCPListener
	// Shared is whether other processes accept from the same socket: its queue is
	// theirs.
	Shared  bool
	stopped atomic.Bool
}

// Accept implements net.Listener. After Stop, it returns net.ErrClosed once it has
// found the queue empty.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		if l.stopped.Load() {
			if l.Shared || !hasQueue(l.TCPListener) {
				return nil, net.ErrClosed
			}
			if err := l.SetDeadline(time.Now().Add(acceptTimeout)); err != nil {
				return nil, err
			}
		}
		conn, err := l.TCPListener.Accept()
		if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
			return conn, err
		}
	}
}

// Stop lets Accept return what is in the queue, and then end.
func (l *Listener) Stop() {
	l.stopped.Store(true)
	_ = l.SetDeadline(time.Now()) // an error: it is closed
}
