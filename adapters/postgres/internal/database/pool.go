package database

import (
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Pool is the connections to Roster's database, and what its batchers share. It
// is safe for concurrent use.
type Pool struct {
	db      sqlcheck.Session
	options Options

	mu      sync.Mutex
	closers []func()

	// ManyForOne makes a write that is alone in its batch use the statement for many.
	// Tests set it, before the pool is used.
	ManyForOne bool
}

// Options say how a pool's batchers work.
type Options struct {
	// Batching is whether concurrent requests share statements.
	Batching bool
	// Timeout is how long a batch may take.
	Timeout time.Duration
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
	return &Pool{db: sqlcheck.SharedPool(pool, options.logShare(pool.Config().MaxConns)), options: options}
}

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

// Session sends statements without repeating any.
func (p *Pool) Session() sqlcheck.Session { return p.db }
