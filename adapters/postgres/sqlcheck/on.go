package sqlcheck

import (
	"context"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Querier is the method that a query needs: the rows of Query say how many rows a
// statement affected, so that neither Exec nor QueryRow is needed. Pools, connections
// and transactions of pgx have it, and so do most interfaces for them.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// On runs queries on a connection that other code sends its own SQL through: a
// *pgxpool.Pool, *pgxpool.Conn, *pgx.Conn, pgx.Tx, or a value with the same Query.
// The caller still closes, commits or rolls back x. So a service can adopt queries
// one by one:
//
//	tx, err := pool.Begin(ctx)                        // as before
//	_, err = tx.Exec(ctx, "UPDATE …")                 // as before
//	list, err := ordersList.All(ctx, sqlcheck.On(tx), p) // checked
//
// Batch.Send and queries with Replan also need x's method SendBatch, Copy.Send
// needs CopyFrom, and InSavepoint is for what InTx began. Without the method they
// return an error and send nothing.
func On(x Querier) DB {
	switch x := x.(type) {
	case *pgxpool.Pool:
		return Pool(x)
	case *pgxpool.Conn:
		return lentConn{x.Conn()}
	case *pgx.Conn:
		return lentConn{x}
	case pgx.Tx:
		return Tx{x}
	}
	return lent{x}
}

// Unwrap is the transaction itself, for code that sends its own SQL in it. The
// limits of a Guard don't hold there. InTx still commits or rolls back.
func (t Tx) Unwrap() pgx.Tx {
	inner := t.tx
	if l, ok := inner.(limited); ok {
		inner = l.link
	}
	return inner.(pgx.Tx) //nolint:forcetypeassert // InTx, InSavepoint and On make a Tx of nothing else
}

// lentConn is a connection that its owner may have started a transaction on.
type lentConn struct{ conn *pgx.Conn }

func (l lentConn) use(_ context.Context, do func(link, bool) error) error {
	const idle = 'I'
	return do(l.conn, l.conn.PgConn().TxStatus() == idle)
}

// lent is a link by whatever methods a value has. It may be in a transaction, so
// nothing is sent twice.
type lent struct{ Querier }

func (l lent) use(_ context.Context, do func(link, bool) error) error { return do(l, false) }

func (l lent) lacks(method, need string) error {
	return fmt.Errorf("%v has no method %s, which %s: add it, or hand On a pool, connection or transaction of pgx",
		reflect.TypeOf(l.Querier), method, need)
}

func (l lent) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	if s, ok := l.Querier.(interface {
		SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
	}); ok {
		return s.SendBatch(ctx, b)
	}
	return unsent{err: l.lacks("SendBatch", "batches and queries with Replan need")}
}

func (l lent) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	if c, ok := l.Querier.(interface {
		CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
	}); ok {
		return c.CopyFrom(ctx, table, columns, rows)
	}
	return 0, l.lacks("CopyFrom", "COPY needs")
}

// Begin is for InSavepoint, which only a Tx can be given to.
func (l lent) Begin(context.Context) (pgx.Tx, error) {
	return nil, l.lacks("Begin", "savepoints need")
}

// unsent is the result of a batch that was not sent. This package calls no other
// method than Close.
type unsent struct {
	pgx.BatchResults
	err error
}

func (u unsent) Close() error { return u.err }
