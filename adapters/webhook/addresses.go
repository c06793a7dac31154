package webhook

import (
	"net/netip"
)

// Networks that are no public hosts, beside those that net/netip knows: IANA's registries of
// special-purpose addresses (RFC 6890).
var special = prefixes(
	"0.0.0.0/8",         // this network (RFC 791)
	"100.64.0.0/10",     // carrier-grade NAT (RFC 6598)
	"192.0.0.0/24",      // protocol assignments (RFC 6890)
	"192.0.2.0/24",      // documentation (RFC 5737)
	"192.31.196.0/24",   // AS112 (RFC 7535)
	"192.52.193.0/24",   // AMT (RFC 7450)
	"192.88.99.0/24",    // 6to4 relays (RFC 7526)
	"192.175.48.0/24",   // AS112 (RFC 7534)
	"198.18.0.0/15",     // benchmarks (RFC 2544)
	"198.51.100.0/24",   // documentation (RFC 5737)
	"203.0.113.0/24",    // documentation (RFC 5737)
	"240.0.0.0/4",       // reserved (RFC 1112), and broadcast
	"::/96",             // IPv4-compatible (RFC 4291), unspecified and loopback
	"100::/64",          // discard (RFC 6666)
	"2001::/23",         // protocol assignments (RFC 2928), Teredo among them
	"2001:db8::/32",     // documentation (RFC 3849)
	"2620:4f:8000::/48", // AS112 (RFC 7534)
	"3fff::/20",         // documentation (RFC 9637)
	"5f00::/16",         // segment routing (RFC 9602)
	"fec0::/10",         // site-local (RFC 3879)
)

// Networks of IPv6 whose addresses hold one of IPv4, and the byte at which it begins.
var translated = []struct {
	network netip.Prefix
	at      int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12},    // NAT64 (RFC 6052)
	{netip.MustParsePrefix("64:ff9b:1::/48"), 12},  // NAT64 in a network (RFC 8215)
	{netip.MustParsePrefix("2002::/16"), 2},        // 6to4 (RFC 3056)
	{netip.MustParsePrefix("::ffff:0:0:0/96"), 12}, // IPv4-translated (RFC 2765)
}

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// isPublic reports whether an address may be that of a public host. An address of IPv6
// that holds one of IPv4 is public if both are.
func isPublic(address netip.Addr) bool {
	if address.Zone() != "" {
		return false
	}
	address = address.Unmap()
	if !address.IsGlobalUnicast() || address.IsPrivate() {
		return false
	}
	for _, network := range special {
		if network.Contains(address) {
			return false
		}
	}
	if !address.Is6() {
		return true
	}
	bytes := address.As16()
	for _, t := range translated {
		if t.network.Contains(address) {
			return isPublic(netip.AddrFrom4([4]byte(bytes[t.at:])))
		}
	}
	return true
}
