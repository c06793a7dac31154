package sqlcheck

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// tooManyConnections is the SQLSTATE of a server that has no connection to spare.
const tooManyConnections = "53300"

// retryAfter is how long a pool that was refused a connection works with those that
// it has, before it asks for one more.
const retryAfter = 10 * time.Second

// A pool without any connection asks for one this often, in these intervals: the
// server may not have noticed yet that the last one was closed.
const (
	firstAttempts = 20
	firstPause    = 100 * time.Millisecond
)

// share limits how many connections of a pool are in use, once the server refuses
// more. Then a statement waits for a connection that the pool has, instead of failing
// because the pool can't make another.
type share struct {
	pool    *pgxpool.Pool
	max     int                   // of the pool
	changed func(connections int) // called when the limit changes
	now     func() time.Time

	mu       sync.Mutex
	limit    int // 0: that of the pool
	reported int // the limit that changed was last called with
	inUse    int
	refused  time.Time // when the server refused the last connection
	waiting  []chan struct{}
}

func newShare(p *pgxpool.Pool, changed func(int)) *share {
	most := int(p.Config().MaxConns)
	return &share{pool: p, max: most, reported: most, changed: changed, now: time.Now}
}

// acquire returns a connection, which leave must be called for after its release.
func (s *share) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	for attempt := 1; ; {
		if err := s.enter(ctx); err != nil {
			return nil, err
		}
		c, err := s.pool.Acquire(ctx)
		if err == nil {
			return c, nil
		}
		refused := pgError(err) != nil && pgError(err).Code == tooManyConnections
		hasSome := refused && s.shrink()
		s.leave()
		switch {
		case hasSome:
		case !refused || attempt == firstAttempts:
			return nil, err
		default:
			attempt++
			if sleep(ctx, firstPause) != nil {
				return nil, err
			}
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// enter waits until one more connection may be in use.
func (s *share) enter(ctx context.Context) error {
	s.mu.Lock()
	s.grow()
	if s.limit == 0 || s.inUse < s.limit {
		s.inUse++
		s.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	s.waiting = append(s.waiting, turn)
	s.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.Index(s.waiting, turn); at >= 0 {
		s.waiting = slices.Delete(s.waiting, at, at+1)
	} else { // its turn came meanwhile
		s.pass()
	}
	return ctx.Err()
}

// leave ends the use of a connection, or of the right to one.
func (s *share) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pass()
}

// pass gives a connection's use to the first that waits, unless too many are in use.
func (s *share) pass() {
	s.inUse--
	for len(s.waiting) > 0 && (s.limit == 0 || s.inUse < s.limit) {
		s.inUse++
		close(s.waiting[0])
		s.waiting = s.waiting[1:]
	}
}

// shrink lowers the limit to the connections that the pool has. It reports whether
// there are any.
func (s *share) shrink() bool {
	stat := s.pool.Stat()
	has := int(stat.AcquiredConns() + stat.IdleConns())
	if has == 0 {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused, s.limit = s.now(), has
	s.report(has)
	return true
}

// grow raises the limit by one if the server has refused none for some time, and if
// all are in use.
func (s *share) grow() {
	if s.limit == 0 || s.inUse < s.limit || s.now().Sub(s.refused) < retryAfter {
		return
	}
	s.refused = s.now()
	s.limit++
	if s.limit >= s.max {
		s.limit = 0
		s.report(s.max)
	}
}

func (s *share) report(connections int) {
	if s.reported != connections {
		s.reported = connections
		s.changed(connections)
	}
}
