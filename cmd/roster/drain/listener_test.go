package drain_test

import (
	"errors"
	"net"
	"testing"

	"github.com/roster-directory/roster/cmd/roster/drain"
)

func listen(t *testing.T) *net.TCPListener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.(*net.TCPListener)
}

// connect makes connections that wait in the queue of a listener.
func connect(t *testing.T, to net.Listener, n int) {
	t.Helper()
	for range n {
		conn, err := net.Dial("tcp", to.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
}

// acceptAll accepts until the listener ends, and returns how many it accepted.
func acceptAll(t *testing.T, from net.Listener) (n int) {
	t.Helper()
	for ; ; n++ {
		conn, err := from.Accept()
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				t.Error(err)
			}
			return n
		}
		_ = conn.Close()
	}
}

func TestAStoppedListenerAcceptsItsQueue(t *testing.T) {
	listener := &drain.Listener{TCPListener: listen(t)}
	connect(t, listener, 100)
	listener.Stop()
	if n := acceptAll(t, listener); n != 100 {
		t.Errorf("it accepted %d of 100 connections", n)
	}
}

func TestAStoppedListenerLeavesASharedQueueToOthers(t *testing.T) {
	first := listen(t)
	file, err := first.File()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	second, err := net.FileListener(file)
	if err != nil {
		t.Fatal(err)
	}
	connect(t, first, 100)
	shared, other := &drain.Listener{TCPListener: first, Shared: true}, &drain.Listener{TCPListener: second.(*net.TCPListener)}
	shared.Stop()
	if n := acceptAll(t, shared); n != 0 {
		t.Errorf("it accepted %d connections", n)
	}
	_ = shared.Close()
	other.Stop()
	if n := acceptAll(t, other); n != 100 {
		t.Errorf("the other process accepted %d of 100 connections", n)
	}
	_ = other.Close()
}

func TestStopEndsAcceptThatWaits(t *testing.T) {
	for _, shared := range []bool{false, true} {
		listener := &drain.Listener{TCPListener: listen(t), Shared: shared}
		ended := make(chan int)
		go func() { ended <- acceptAll(t, listener) }()
		connect(t, listener, 1)
		listener.Stop()
		if n := <-ended; n > 1 {
			t.Errorf("it accepted %d connections", n)
		}
	}
}
