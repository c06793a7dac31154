package connect

import (
	"time"

	"github.com/jackc/pgx/v5"
)

// A session takes default_transaction_read_only when it begins: from the database,
// the role, or a server that was a standby. Roster leaves it as it is, since it is
// how an operator stops writes. So when a write is refused, all connections are
// replaced before their next use: a new one can write once the database can.

// generationKey is where a connection keeps the generation that it was made in.
const generationKey = "roster.generation"

// minRenewal is the least time between two replacements of all connections, so that
// the writes to a database that stays read-only do not connect again and again. It is a
// part of the second in which writes should succeed again.
const minRenewal = 250 * time.Millisecond

const readOnlyTransaction = "25006"

// noticeRefusal begins another generation if a write was refused.
func (s *Sessions) noticeRefusal(code string) {
	if code != readOnlyTransaction {
		return
	}
	now, last := int64(time.Since(s.began)), s.refusedSeen.Load()
	if now-last >= int64(minRenewal) && s.refusedSeen.CompareAndSwap(last, now) {
		s.generation.Add(1)
	}
}

// current reports whether a connection is of the present generation.
func (s *Sessions) current(c *pgx.Conn) bool {
	return c.PgConn().CustomData()[generationKey] == s.generation.Load()
}
