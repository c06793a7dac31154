package systemd

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
)

// firstPassed is the first file descriptor that systemd passes.
const firstPassed = 3

// Listener returns the listener that systemd passes to this process, as
// sd_listen_fds(3) says; nil where there is none. The error says what to change in the
// unit.
func Listener(environ map[string]string) (*net.TCPListener, error) {
	count, pid := environ["LISTEN_FDS"], environ["LISTEN_PID"]
	if count == "" && pid == "" {
		return nil, nil
	}
	if count != "1" {
		return nil, fmt.Errorf("LISTEN_FDS is %q: let systemd pass one socket, with one ListenStream=", count)
	}
	if pid != strconv.Itoa(os.Getpid()) {
		return nil, fmt.Errorf("LISTEN_PID is %q, and this process is %d: let ExecStart= run roster itself, without a shell, "+
			"or unset LISTEN_PID and LISTEN_FDS", pid, os.Getpid())
	}
	listens, err := syscall.GetsockoptInt(firstPassed, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN)
	if err != nil {
		return nil, fmt.Errorf("LISTEN_FDS is 1, but the file descriptor %d is no socket: %w: start roster with systemd, "+
			"or unset LISTEN_PID and LISTEN_FDS", firstPassed, err)
	}
	if listens == 0 {
		return nil, fmt.Errorf("the socket that systemd passes does not listen: set ListenStream= and Accept=no in its unit")
	}
	file := os.NewFile(firstPassed, "LISTEN_FDS")
	defer func() { _ = file.Close() }() // the listener has a copy, which child processes don't get
	listener, err := net.FileListener(file)
	if err != nil {
		return nil, fmt.Errorf("the socket that systemd passes: %w", err)
	}
	tcp, ok := listener.(*net.TCPListener)
	if !ok {
		_ = listener.Close()
		return nil, fmt.Errorf("the socket that systemd passes has the address %s: set ListenStream= to address and port, "+
			"as in 127.0.0.1:3000", listener.Addr())
	}
	return tcp, nil
}
