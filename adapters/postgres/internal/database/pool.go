package database

import (
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Pool is the connections to Roster's database, and what its batchers share. Reads
// and the Session belong to a class, Quick unless For chose another one. It is safe
// for concurrent use.
type Pool struct {
	*core

	class Class
	reads sqlcheck.Session
	// Writes give up soon; what has to wait or takes long runs again with waiting.
	writes, waiting sqlcheck.Session
}

// core is what the pools of all classes share.
type core struct {
	pool    *pgxpool.Pool
	options Options
	shares  *shares

	mu      sync.Mutex
	closers []func()
}

// Options say how a pool works.
type Options struct {
	// Batching is whether concurrent requests share statements.
	Batching bool
	// Timeout is how long a batch may take.
	Timeout time.Duration
	// LockTimeout and StatementTimeout are the limits of the connections; 0 and less
	// are none.
	LockTimeout, StatementTimeout time.Duration
	// QueueTimeout is how long a request waits for its share of the connections; less
	// than 0 is no limit.
	QueueTimeout time.Duration
}

// New returns a pool on connections that have the settings of package postgres.
func New(pool *pgxpool.Pool, options Options) *Pool {
	c := &core{
		pool: pool, options: options,
		shares: newShares(int(pool.Config().MaxConns), options.QueueTimeout),
	}
	p := &Pool{core: c, writes: sqlcheck.Guarded(pool, c.writeGuard), waiting: sqlcheck.Guarded(pool, c.plainGuard(Waiting))}
	return p.For(Quick)
}

// For returns the pool for reads of a class.
func (p *Pool) For(class Class) *Pool {
	guard := p.readGuard(class)
	switch class {
	case Streams, Counts, Waiting:
		guard = p.plainGuard(class)
	case Quick, Slow, Batched, Alone, numClasses:
	}
	return &Pool{p.core, class, sqlcheck.Guarded(p.pool, guard), p.writes, p.waiting}
}

// Resize says that there are so many connections now.
func (p *Pool) Resize(connections int) { p.shares.resize(connections) }

// Share is how many connections a class may use at a time.
func (p *Pool) Share(class Class) int { return p.shares.of(class) }

// InUse is how many connections a class uses.
func (p *Pool) InUse(class Class) int { return p.shares.inUse(class) }

// Queued is how many requests wait for their share of a class.
func (p *Pool) Queued(class Class) int { return p.shares.queued(class) }

// OnClose registers f, which Close calls. It is for constructors.
func (p *Pool) OnClose(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closers = append(p.closers, f)
}

// Close calls what OnClose registered, the last first. The connections stay
// their owner's.
func (p *Pool) Close() {
	p.mu.Lock()
	closers := p.closers
	p.closers = nil
	p.mu.Unlock()
	for _, f := range slices.Backward(closers) {
		f()
	}
}

// Session sends statements of the pool's class without repeating any.
func (p *Pool) Session() sqlcheck.Session { return p.reads }
