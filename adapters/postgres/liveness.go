package postgres

import (
	"context"
	"net"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"
)

// suspicious reports whether an idle connection should be pinged before use.
// One that has something to read was ended by the server, or is told something
// by it: pgx then pings it and replaces it. Any other is used as it is, so that
// no request pays for a round trip of its own to find out that all is well.
func suspicious(_ context.Context, p pgxpool.ShouldPingParams) bool {
	socket := p.Conn.PgConn().Conn()
	if encrypted, ok := socket.(interface{ NetConn() net.Conn }); ok {
		socket = encrypted.NetConn()
	}
	plain, ok := socket.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := plain.SyscallConn()
	if err != nil {
		return true
	}
	waiting := true
	err = raw.Control(func(fd uintptr) { waiting = readable(fd) })
	return waiting || err != nil
}
