//go:build !linux

package systemd

import "net"

// Listener returns nil: systemd runs on Linux only.
func Listener(map[string]string) (*net.TCPListener, error) { return nil, nil }
