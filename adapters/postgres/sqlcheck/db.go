package sqlcheck

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DB is where queries run: a Session, a Tx, or what On makes of another
// connection. It is sealed and has no method that takes a text, so that only
// registered queries can be sent through it.
type DB interface {
	// use lends do a connection. If alone is true each statement, or batch, is
	// a transaction of its own.
	use(ctx context.Context, do func(c link, alone bool) error) error
}

// Session is a DB outside any transaction: a pool or one connection of it. Its
// statements and batches are each a transaction of their own.
type Session interface {
	DB
	begin(ctx context.Context, opts pgx.TxOptions, fn func(link) error) error
	hold(ctx context.Context, fn func(Session) error) error
}

// link is what connections and transactions can both do.
type link interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
	Begin(ctx context.Context) (pgx.Tx, error)
}

// Pool runs each statement on whichever connection of p is free. The caller
// still closes p. Its query mode should be one in which pgx learns the types
// from the server: cache statement (pgx's default), cache describe or describe
// exec. In the others pgx guesses them, and can't for every parameter.
func Pool(p *pgxpool.Pool) Session { return pool{pool: p, guard: unguarded} }

// SharedPool is Pool for a server that others use, too. If it refuses a connection,
// statements wait for those that the pool has. changed is called with their number,
// and with the pool's maximum when that is reached again.
func SharedPool(p *pgxpool.Pool, changed func(connections int)) Session {
	return pool{p, newShare(p, changed), unguarded}
}

// Hold lends fn one connection of s, for what belongs to a connection: session
// settings, advisory locks. The connection returns to the pool as fn leaves
// it.
func Hold(ctx context.Context, s Session, fn func(ctx context.Context, s Session) error) error {
	return s.hold(ctx, func(s Session) error { return fn(ctx, s) })
}

type pool struct {
	pool  *pgxpool.Pool
	share *share // nil: a connection that the server refuses is an error at once
	guard Guard
}

func unguarded(context.Context) (Limits, func(), error) { return Limits{}, func() {}, nil }

// acquire asks the guard, and then for a connection. release gives both back.
func (p pool) acquire(ctx context.Context) (c *pgxpool.Conn, limits Limits, release func(), err error) {
	limits, leave, err := p.guard(ctx)
	if err != nil {
		return nil, limits, nil, err
	}
	if p.share == nil {
		c, err = p.pool.Acquire(ctx)
	} else {
		c, err = p.share.acquire(ctx)
	}
	if err != nil {
		leave()
		return nil, limits, nil, err
	}
	return c, limits, func() {
		c.Release()
		if p.share != nil {
			p.share.leave()
		}
		leave()
	}, nil
}

func (p pool) use(ctx context.Context, do func(link, bool) error) error {
	c, limits, release, err := p.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return do(within(c.Conn(), limits), true)
}

func (p pool) begin(ctx context.Context, opts pgx.TxOptions, fn func(link) error) error {
	c, limits, release, err := p.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return pgx.BeginTxFunc(ctx, c, opts, func(tx pgx.Tx) error { return fn(within(tx, limits)) })
}

func (p pool) hold(ctx context.Context, fn func(Session) error) error {
	c, limits, release, err := p.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return fn(held{c.Conn(), Limits{Setting: limits.Setting, Value: limits.Value}})
}

type held struct {
	conn   *pgx.Conn
	limits Limits
}

func (h held) use(_ context.Context, do func(link, bool) error) error {
	return do(within(h.conn, h.limits), true)
}

func (h held) begin(ctx context.Context, opts pgx.TxOptions, fn func(link) error) error {
	return pgx.BeginTxFunc(ctx, h.conn, opts, func(tx pgx.Tx) error { return fn(within(tx, h.limits)) })
}

func (h held) hold(_ context.Context, fn func(Session) error) error { return fn(h) }

// stale reports whether the server refused to start a statement because what the
// connection had prepared no longer fits: the schema changed (0A000), or a
// pooler moved the connection to another server process (26000). The same
// codes from within a running function come with a context, Where.
func stale(err error) bool {
	pg := pgError(err)
	if pg == nil || pg.Where != "" {
		return false
	}
	return pg.Code == "26000" || pg.Code == "0A000" && pg.Routine == "RevalidateCachedQuery"
}
