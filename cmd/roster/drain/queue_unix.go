//go:build unix

package drain

import (
	"net"

	"golang.org/x/sys/unix"
)

// hasQueue reports whether connections wait to be accepted.
func hasQueue(listener *net.TCPListener) (waiting bool) {
	raw, err := listener.SyscallConn()
	if err != nil {
		return false
	}
	_ = raw.Control(func(fd uintptr) { // an error: it is closed
		socket := unix.PollFd{Fd: int32(fd), Events: unix.POLLIN} //nolint:gosec // a file descriptor is an int32
		n, err := unix.Poll([]unix.PollFd{socket}, 0)
		waiting = err == nil && n > 0
	})
	return waiting
}
