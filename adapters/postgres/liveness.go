package postgres

import (
	"context"
	"net"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"
)

// suspicious reports whether an idle connection should be pinged before use. If it
// has something to read, the server has closed it or has sent a message. Then pgx
// pings it, and replaces it if it is broken. A ping of every connection would cost
// each request a round trip.
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
