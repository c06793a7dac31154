package connect

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// Transient reports whether time alone may end a failure to connect: the server
// starts, is restarted, or has no connection to spare. All other failures need
// somebody to change something.
func Transient(err error) bool {
	if otherServer(err) {
		return true
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return transientState(pg)
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return false
	}
	if broken, ok := errors.AsType[*net.OpError](err); ok && broken.Op == "remote error" { // an alert of TLS
		return false
	}
	if errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM) {
		return false
	}
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, context.DeadlineExceeded, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, end) {
			return true
		}
	}
	_, network := errors.AsType[net.Error](err)
	return network
}

// otherServer reports whether no server is of the kind that target_session_attrs names,
// as while a standby is not promoted yet.
func otherServer(err error) bool {
	for _, kind := range []error{
		pgconn.ErrReadOnlyConnection, pgconn.ErrReadWriteConnection, pgconn.ErrPrimaryConnection, pgconn.ErrStandbyConnection,
	} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

func transientState(pg *pgconn.PgError) bool {
	switch pg.Code {
	case "57P01", "57P02", "57P03", "57P05": // it stops, stopped, starts; idle too long
		return true
	case "08P01":
		return !permanentOfPooler(pg.Message)
	}
	return slices.Contains([]string{"08", "53", "40"}, pg.Code[:min(2, len(pg.Code))])
}

// permanentOfPooler reports whether a message of PgBouncer says that it will never
// take this client. All its messages have one code.
func permanentOfPooler(message string) bool {
	for _, part := range []string{"unsupported", "no such", "not allowed", "authentication", "SASL", "password"} {
		if strings.Contains(message, part) {
			return true
		}
	}
	return false
}

// Cause returns the innermost error that the server or the network gave, without
// what Roster's own layers say about it.
func Cause(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg
	}
	if connecting, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return connecting
	}
	return err
}

// cures say what to do about a SQLSTATE.
var cures = map[string]string{
	"28P01": "check the user and the password",
	"28000": "check the user, and that pg_hba.conf lets it in",
	"3D000": "create the database, or correct its name",
	"42501": "give the role the right: see Roles and grants in docs/operations.md",
	"53300": "raise CONNECTION LIMIT of the role or max_connections of the server, or set ROSTER_POOL_MAX_CONNS lower on all replicas",
	"25006": "it accepts no writes: run ALTER DATABASE … RESET default_transaction_read_only (or ALTER ROLE), or name the primary server",
	"57P03": "wait until PostgreSQL has started; its log says what it does",
}

// Cure says what to do about a failure; it is empty if that is unknown.
func Cure(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		if name, found := strings.CutPrefix(pg.Message, "unsupported startup parameter: "); found {
			return "add " + name + " to ignore_startup_parameters in pgbouncer.ini"
		}
		return cures[pg.Code]
	}
	if lookup, ok := errors.AsType[*net.DNSError](err); ok {
		return "check the host name " + lookup.Name
	}
	text := err.Error()
	switch {
	case otherServer(err):
		return "no server of the address is what target_session_attrs asks for: promote one, or name the right servers"
	case errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM):
		return "let this user into the folder of the socket, or name a host"
	case strings.Contains(text, "refused TLS"):
		return "PostgreSQL has no TLS there: write sslmode=disable, or turn ssl on"
	case strings.Contains(text, "tls"):
		return "check sslmode and the certificates"
	case errors.Is(err, context.DeadlineExceeded):
		return "check the host and the port, and that no firewall is between"
	case errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENOENT):
		return "check that PostgreSQL runs there, and the host and the port"
	}
	return ""
}
