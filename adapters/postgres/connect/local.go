package connect

import (
	"net/netip"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Local reports whether a database is on this host: at a Unix socket, or on the loopback
// interface. A tunnel or a proxy on this host looks the same.
func Local(config *pgx.ConnConfig) bool {
	if strings.HasPrefix(config.Host, "/") || strings.HasPrefix(config.Host, "@") || config.Host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(config.Host)
	return err == nil && address.IsLoopback()
}
