package guard

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// hostPolicy says under which names requests may address Roster. A web page can
// make its own name resolve to 127.0.0.1 and so reach the port, but it can't
// change the Host header.
type hostPolicy struct{ allowlist }

// allows reports whether requests may have this Host header. Clients older than
// HTTP/1.1 may omit it; no browser does.
func (p hostPolicy) allows(host string) bool {
	if p.any || host == "" {
		return true
	}
	name := hostname(host)
	return isLoopback(name) || len(p.list) > 0 && slices.Contains(p.list, canonical(name))
}

// canonical is the name of a host of a request in the form of ParseHost.
func canonical(name string) string {
	if address, err := netip.ParseAddr(name); err == nil {
		return address.String()
	}
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

// hostname cuts the port, and the brackets of an IPv6 address, off a Host header.
func hostname(host string) string {
	if strings.HasPrefix(host, "[") {
		name, port, closed := strings.Cut(host[1:], "]")
		if !closed || port != "" && port[0] != ':' {
			return ""
		}
		return name
	}
	if i := strings.IndexByte(host, ':'); i >= 0 {
		if name, _, err := net.SplitHostPort(host); err == nil {
			return name
		}
		return ""
	}
	return host
}

// IsLoopback reports whether the host of a request, with or without a port, is this
// machine.
func IsLoopback(host string) bool { return isLoopback(hostname(host)) }

// isLoopback reports whether name is an address of the loopback interface, or a
// name that every resolver maps to it (RFC 6761, section 6.3).
func isLoopback(name string) bool {
	switch name {
	case "localhost", "127.0.0.1", "::1":
		return true
	case "":
		return false
	}
	if lower := strings.ToLower(name); lower == "localhost" || strings.HasSuffix(lower, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.IsLoopback()
}
