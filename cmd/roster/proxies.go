package main

import (
	"log/slog"
	"net"
	"net/netip"
	"slices"
)

// proxyListener accepts connections from the named proxies and from this machine,
// and closes all others: without TLS, a token from elsewhere would travel in the
// open.
type proxyListener struct {
	listener
	proxies []netip.Prefix
	log     *slog.Logger
}

// Accept implements net.Listener.
func (l *proxyListener) Accept() (net.Conn, error) {
	for {
		connection, err := l.listener.Accept()
		if err != nil || l.admits(connection.RemoteAddr()) {
			return connection, err
		}
		l.log.Warn("Refused a connection that does not come from a proxy in ROSTER_PROXIES", "from", connection.RemoteAddr().String())
		_ = connection.Close()
	}
}

func (l *proxyListener) admits(from net.Addr) bool {
	address, err := netip.ParseAddrPort(from.String())
	if err != nil {
		return false
	}
	ip := address.Addr().Unmap().WithZone("")
	return ip.IsLoopback() || slices.ContainsFunc(l.proxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}
