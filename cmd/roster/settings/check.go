package settings

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/connect"
	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/guard"
)

// Check returns an error that names each wrong setting and the fix, or nil.
func (c *Config) Check() error {
	return errors.Join(
		c.HTTP.check(), c.Token.check(c.HTTP.Auth), c.Page.check(&c.Token), c.Database.Check(), c.Embedded.Check(), c.Events.check(),
		c.Changes.check(),
	)
}

// maxMonths is the most months that can be kept.
const maxMonths = 1200

func (e *Events) check() error {
	return errors.Join(
		checkMonths("ROSTER_EVENTS_KEEP", e.Keep),
		refuse(e.DeletedKeep < 0, "ROSTER_DELETED_KEEP", e.DeletedKeep, "set 0 or more, such as 720h"),
	)
}

func (c *Changes) check() error { return checkMonths("ROSTER_LOG_KEEP", c.Keep) }

func checkMonths(setting string, keep int) error {
	return refuse(keep < 0 || keep > maxMonths, setting, keep, "set 0 to 1200")
}

// Address returns the address to listen on.
func (h *HTTP) Address() string {
	if h.Addr != "" {
		return h.Addr
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(int(h.Port)))
}

func (h *HTTP) check() error {
	return errors.Join(
		h.checkAddress(),
		h.checkAuth(),
		h.checkTLS(),
		h.checkProxies(),
		h.checkRate(),
		names("ROSTER_CORS", h.CORS, guard.ParseOrigin),
		names("ROSTER_HOSTS", h.Hosts, guard.ParseHost),
		positive("ROSTER_HEADER_TIMEOUT", h.HeaderTimeout),
		positive("ROSTER_READ_TIMEOUT", h.ReadTimeout),
		positive("ROSTER_WRITE_TIMEOUT", h.WriteTimeout),
		positive("ROSTER_IDLE_TIMEOUT", h.IdleTimeout),
		positive("ROSTER_STREAM_TIMEOUT", h.StreamTimeout),
		positive("ROSTER_SHUTDOWN", h.Shutdown),
		notNegative("ROSTER_DRAIN_DELAY", h.DrainDelay),
		notNegative("ROSTER_LINGER", h.Linger),
		notNegative("ROSTER_SLOW_REQUEST", h.SlowRequest),
		refuse(h.DrainDelay >= h.Shutdown && h.Shutdown > 0, "ROSTER_DRAIN_DELAY", h.DrainDelay,
			"set less than ROSTER_SHUTDOWN, which is "+h.Shutdown.String()),
		refuse(h.MaxHeaderBytes < 4096, "ROSTER_MAX_HEADER_BYTES", h.MaxHeaderBytes, "set 4096 or more"),
		refuse(h.BodyBytes != 0 && h.BodyBytes < rest.MinMemory, "ROSTER_BODY_BYTES", h.BodyBytes,
			fmt.Sprintf("set %d or more, since a request may have as many, or 0 for a share of the memory limit", rest.MinMemory)),
	)
}

func (h *HTTP) checkAddress() error {
	host, port, err := net.SplitHostPort(h.Address())
	if err != nil {
		return refuse(true, "ROSTER_ADDR", strconv.Quote(h.Addr), "write host and port, as in 127.0.0.1:3000 or [::1]:3000")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return refuse(true, "ROSTER_ADDR", strconv.Quote(h.Addr), "end it with a port from 0 to 65535, as in 127.0.0.1:3000")
	}
	if h.Auth == "none" && !h.Insecure && !isLoopback(host) {
		return refuse(true, "ROSTER_ADDR", strconv.Quote(h.Addr), "everybody who reaches it would be an administrator, "+
			"since ROSTER_AUTH is none: listen on 127.0.0.1, or set ROSTER_INSECURE=yes if the address is protected otherwise")
	}
	if h.Auth == "token" && !isLoopback(host) && h.TLSCert == "" && len(h.Proxies) == 0 {
		return refuse(true, "ROSTER_ADDR", strconv.Quote(h.Addr), "tokens would travel in the open: listen on 127.0.0.1, "+
			"set ROSTER_TLS_CERT and ROSTER_TLS_KEY, or name the proxies that speak TLS in ROSTER_PROXIES")
	}
	return nil
}

func (h *HTTP) checkTLS() error {
	return errors.Join(
		refuse(h.TLSCert != "" && h.TLSKey == "", "ROSTER_TLS_KEY", `""`, "set the file of the key of ROSTER_TLS_CERT"),
		refuse(h.TLSKey != "" && h.TLSCert == "", "ROSTER_TLS_CERT", `""`, "set the file of the certificate of ROSTER_TLS_KEY"),
	)
}

// ProxyNetworks returns the networks of the proxies.
func (h *HTTP) ProxyNetworks() ([]netip.Prefix, error) {
	networks := make([]netip.Prefix, len(h.Proxies))
	for i, text := range h.Proxies {
		network, err := netip.ParsePrefix(text)
		if address, single := netip.ParseAddr(text); err != nil && single == nil {
			network, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			return nil, refuse(true, "ROSTER_PROXIES", strconv.Quote(text), "write addresses or networks, as in 10.1.2.3 or 10.1.0.0/16")
		}
		networks[i] = network.Masked()
	}
	return networks, nil
}

func (h *HTTP) checkProxies() error {
	_, err := h.ProxyNetworks()
	return err
}

func (h *HTTP) checkAuth() error {
	return refuse(h.Auth != "none" && h.Auth != "token", "ROSTER_AUTH", strconv.Quote(h.Auth), "set none or token")
}

// names refuses entries of a list that no request can match.
func names(setting string, entries []string, parse func(string) (string, error)) error {
	var faults []error
	for _, entry := range entries {
		if _, err := parse(entry); err != nil {
			faults = append(faults, fmt.Errorf("%s: %q %w", setting, entry, err))
		}
	}
	return errors.Join(faults...)
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// Check returns an error that names each wrong setting and the fix, or nil.
func (d *Database) Check() error {
	return errors.Join(
		d.checkURL(),
		notNegative("ROSTER_DATABASE_WAIT", d.Wait),
		refuse(d.Coalesce != "on" && d.Coalesce != "off", "ROSTER_COALESCE", strconv.Quote(d.Coalesce), "set on or off"),
		refuse(d.Processors < 0, "ROSTER_DATABASE_PROCESSORS", d.Processors, "set 1 or more, or remove it"),
		refuse(d.Statements != "named" && d.Statements != "described", "ROSTER_STATEMENTS",
			strconv.Quote(d.Statements), "set named or described"),
		refuse(d.MaxConns < 1, "ROSTER_POOL_MAX_CONNS", d.MaxConns, "set 1 or more"),
		refuse(d.MinIdleConns < 0 || d.MinIdleConns > max(d.MaxConns, 0), "ROSTER_POOL_MIN_IDLE_CONNS", d.MinIdleConns,
			fmt.Sprintf("set 0 to %d, which is ROSTER_POOL_MAX_CONNS", max(d.MaxConns, 0))),
		positive("ROSTER_POOL_IDLE_TIME", d.MaxConnIdleTime),
		positive("ROSTER_POOL_LIFETIME", d.MaxConnLifetime),
		notNegative("ROSTER_POOL_LIFETIME_JITTER", d.MaxConnLifetimeJitter),
		positive("ROSTER_CONNECT_TIMEOUT", d.ConnectTimeout),
		notNegative("ROSTER_STATEMENT_TIMEOUT", d.StatementTimeout),
		notNegative("ROSTER_LOCK_TIMEOUT", d.LockTimeout),
		notNegative("ROSTER_IDLE_IN_TRANSACTION_TIMEOUT", d.IdleInTransactionTimeout),
		notNegative("ROSTER_SLOW_QUERY", d.SlowQuery),
	)
}

// checkURL accepts a URL of PostgreSQL or a keyword string.
func (d *Database) checkURL() error {
	const fix = "write it as in postgres://user:password@host:5432/database, with %-escapes for special characters in the password"
	scheme, _, isURL := strings.Cut(d.URL, "://")
	switch {
	case d.URL == "":
		return nil
	case !isURL:
		if !strings.Contains(d.URL, "=") {
			return refuse(true, "DATABASE_URL", Redact(d.URL), fix)
		}
	case scheme != "postgres" && scheme != "postgresql":
		return refuse(true, "DATABASE_URL", Redact(d.URL), fix)
	}
	if _, err := connect.Parse(d.URL); err != nil {
		return fmt.Errorf("DATABASE_URL is %s: %w", Redact(d.URL), err)
	}
	return nil
}

// Check returns an error that names each wrong setting and the fix, or nil.
func (e *Embedded) Check() error {
	if e.Listen == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(e.Listen)
	return refuse(err != nil || !isLoopback(host), "ROSTER_PG_LISTEN", strconv.Quote(e.Listen),
		"write a loopback address and a port, as in 127.0.0.1:5433")
}

func positive(name string, d time.Duration) error {
	return refuse(d <= 0, name, d, "set more than 0, as in 500ms, 30s or 10m")
}

func notNegative(name string, d time.Duration) error {
	return refuse(d < 0, name, d, "set 0s or more, as in 500ms, 30s or 10m")
}

func refuse(bad bool, name string, value any, fix string) error {
	if !bad {
		return nil
	}
	return fmt.Errorf("%s is %v: %s", name, value, fix)
}
