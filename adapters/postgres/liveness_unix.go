//go:build unix

package postgres

import (
	"errors"
	"syscall"
)

// readable reports whether a read of the socket would return at once, be it
// with data, with the end of the stream or with an error.
func readable(fd uintptr) bool {
	var octet [1]byte
	_, _, err := syscall.Recvfrom(int(fd), octet[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	return !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EINTR)
}
