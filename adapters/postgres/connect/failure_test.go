package connect

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestOnlyWhatTimeEndsIsWaitedFor(t *testing.T) {
	t.Parallel()
	refused := func(code, message string) error { return &pgconn.PgError{Code: code, Message: message} }
	dial := func(cause error) error { return &net.OpError{Op: "dial", Err: cause} }
	cases := []struct {
		err       error
		transient bool
		cure      string
	}{
		{refused("57P03", "the database system is starting up"), true, "wait"},
		{refused("57P01", "terminating connection"), true, ""},
		{refused("53300", "too many connections"), true, "CONNECTION LIMIT"},
		{refused("08006", ""), true, ""},
		{refused("08P01", "server login has been failing"), true, ""},
		{dial(syscall.ECONNREFUSED), true, "PostgreSQL runs there"},
		{dial(syscall.ENOENT), true, "PostgreSQL runs there"},
		{dial(context.DeadlineExceeded), true, "firewall"},
		{&net.DNSError{Name: "db", Err: "no such host"}, true, "host name db"},
		{io.EOF, true, ""},
		{fmt.Errorf("host 1: %w", pgconn.ErrReadOnlyConnection), true, "promote one"},
		{errors.Join(pgconn.ErrReadOnlyConnection, refused("28000", "of a standby")), true, "pg_hba.conf"},
		{refused("08P01", "unsupported startup parameter: jit"), false, "ignore_startup_parameters"},
		{refused("08P01", "no such database: d"), false, ""},
		{refused("28P01", "password authentication failed"), false, "password"},
		{refused("28000", "no pg_hba.conf entry"), false, "pg_hba.conf"},
		{refused("3D000", "database does not exist"), false, "create the database"},
		{refused("42501", "permission denied for database"), false, "Roles and grants"},
		{refused("25006", "read-only"), false, "RESET default_transaction_read_only"},
		{refused("22023", "invalid value"), false, ""},
		{dial(syscall.EACCES), false, "folder of the socket"},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")}, false, "certificates"},
		{&tls.CertificateVerificationError{Err: errors.New("tls: unknown authority")}, false, "certificates"},
		{errors.New("tls error: server refused TLS connection"), false, "sslmode=disable"},
		{errors.New("anything else"), false, ""},
	}
	for _, c := range cases {
		err := fmt.Errorf("asking: %w", c.err)
		if got := Transient(err); got != c.transient {
			t.Errorf("%v: transient %t", err, got)
		}
		if got := Cure(err); (got == "") != (c.cure == "") || !strings.Contains(got, c.cure) {
			t.Errorf("%v: the cure is %q, not %q", err, got, c.cure)
		}
	}
}

func TestACauseIsWhatTheServerSaid(t *testing.T) {
	t.Parallel()
	said := &pgconn.PgError{Code: "28P01", Message: "password authentication failed"}
	if got := Cause(fmt.Errorf("the database does not answer: %w", said)); !errors.Is(got, said) || strings.Contains(got.Error(), "answer") {
		t.Error(got)
	}
	other := errors.New("other")
	if got := Cause(other); !errors.Is(got, other) {
		t.Error(got)
	}
}
