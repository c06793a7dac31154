// Package systemd speaks with the supervisor of that name: it takes the listening
// socket that systemd passes, and says when the program is ready and when it stops.
package systemd

import (
	"fmt"
	"net"
)

// The states that systemd waits for.
const (
	Ready    = "READY=1"
	Stopping = "STOPPING=1"
)

// Variables are the environment variables of systemd, which are for this process and
// not for its children.
func Variables() []string {
	return []string{"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET"}
}

// Notify tells systemd a state, as sd_notify(3) says, if the environment names its
// socket.
func Notify(environ map[string]string, state string) error {
	name := environ["NOTIFY_SOCKET"]
	if name == "" {
		return nil
	}
	// A name that begins with @ is one of Linux without a file; package net knows them.
	socket, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("NOTIFY_SOCKET: %w", err)
	}
	defer func() { _ = socket.Close() }()
	if _, err := socket.Write([]byte(state)); err != nil {
		return fmt.Errorf("NOTIFY_SOCKET: %w", err)
	}
	return nil
}
