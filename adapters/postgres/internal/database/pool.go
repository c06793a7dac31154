package database

import (
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/batch"
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
	db      sqlcheck.Session
	options Options
	shares  *shares
	gate    *batch.Gate // nil: no limit
	// written receives after writes; leaveWrite is what ends a write of each class.
	written    chan struct{}
	leaveWrite [numClasses]func()

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
	// Processors are those of the database's host; 0 is an unknown number. With a number,
	// the gate of the batchers has so many places.
	Processors int
	// QueueTimeout is how long a request waits for its share of the connections; less
	// than 0 is no limit.
	QueueTimeout time.Duration
	// Unshared is for a pool beside another: a connection that the server refuses is an
	// error at once, instead of a reason to wait for those that the pool has.
	Unshared bool
	// Logger logs that the server gives fewer connections than the pool may have.
	Logger *slog.Logger
}

func (o Options) logShare(most int32) func(int) {
	return func(connections int) {
		if connections == int(most) {
			o.Logger.Info("PostgreSQL gives Roster all its connections again", "connections", connections)
			return
		}
		o.Logger.Warn("PostgreSQL refuses Roster more connections; requests wait for those that it has",
			"connections", connections, "max", most)
	}
}

// New returns a pool on connections that have the settings of package postgres.
func New(pool *pgxpool.Pool, options Options) *Pool {
	most := pool.Config().MaxConns
	c := &core{options: options, shares: newShares(int(most), options.QueueTimeout), gate: newGate(options.Processors)}
	c.signalWrites()
	if report := options.logShare(most); options.Unshared {
		c.db = sqlcheck.Pool(pool)
	} else {
		c.db = sqlcheck.SharedPool(pool, func(connections int) {
			c.shares.resize(connections)
			report(connections)
		})
	}
	p := &Pool{core: c, writes: sqlcheck.Guarded(c.db, c.writeGuard), waiting: sqlcheck.Guarded(c.db, c.plainGuard(Waiting))}
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
	return &Pool{p.core, class, sqlcheck.Guarded(p.db, guard), p.writes, p.waiting}
}

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

// Timeout is how long a batch may take.
func (p *Pool) Timeout() time.Duration { return p.options.Timeout }

// Session sends statements of the pool's class without repeating any.
func (p *Pool) Session() sqlcheck.Session { return p.reads }
