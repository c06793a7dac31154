// Package sending sends SQL in every way but sqlcheck's.
package sending

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/lann/builder"
)

func calls(ctx context.Context, pool *pgxpool.Pool, conn *pgx.Conn, tx pgx.Tx, lent *pgxpool.Conn) {
	pool.Query( // want `\(\*pgxpool.Pool\).Query sends SQL past sqlcheck: define the statement with sqlcheck.New and run that`
		ctx, "SELECT 1")
	pool.QueryRow(ctx, "SELECT 1")     // want `QueryRow sends SQL`
	pool.Exec(ctx, "SELECT 1")         // want `Exec sends SQL`
	conn.Query(ctx, "SELECT 1")        // want `\(\*pgx.Conn\).Query sends SQL`
	conn.Prepare(ctx, "a", "SELECT 1") // want `Prepare sends SQL`
	tx.Exec(ctx, "SELECT 1")           // want `\(pgx.Tx\).Exec sends SQL`
	lent.Exec(ctx, "SELECT 1")         // want `\(\*pgxpool.Conn\).Exec sends SQL`
	tx.CopyFrom(ctx, nil, nil, nil)    // want `CopyFrom sends SQL`

	raw := conn.PgConn()
	raw.Exec(ctx, "SELECT 1")                                      // want `\(\*pgconn.PgConn\).Exec sends SQL`
	raw.ExecParams(ctx, "SELECT 1", nil, nil, nil, nil)            // want `ExecParams sends SQL`
	raw.CopyTo(ctx, io.Discard, "COPY a TO STDOUT")                // want `CopyTo sends SQL`
	raw.StartPipeline(ctx).SendQueryParams("", nil, nil, nil, nil) // want `SendQueryParams sends SQL`
}

func batches(ctx context.Context, pool *pgxpool.Pool) {
	var b pgx.Batch
	b.Queue("SELECT 1")                                                 // want `\(\*pgx.Batch\).Queue sends SQL`
	pool.SendBatch(ctx, &b)                                             // want `SendBatch sends SQL`
	b.QueuedQueries = append(b.QueuedQueries, nil)                      // want `QueuedQueries is a text that is sent past sqlcheck`
	_ = pgx.Batch{QueuedQueries: []*pgx.QueuedQuery{{SQL: "SELECT 1"}}} // want `QueuedQueries is a text` `SQL is a text`
}

func transactions(ctx context.Context, pool *pgxpool.Pool) {
	pool.BeginTx(ctx, pgx.TxOptions{
		BeginQuery: "SELECT 1; BEGIN", // want `BeginQuery is a text that is sent past sqlcheck: define the statement with sqlcheck.New`
	})
}

func values(ctx context.Context, pool *pgxpool.Pool) {
	query := pool.Query          // want `Query sends SQL`
	exec := (*pgxpool.Pool).Exec // want `Exec sends SQL`
	query(ctx, "SELECT 1")
	exec(pool, ctx, "SELECT 1")
}

type embedding struct{ *pgxpool.Pool }

type inheriting interface{ pgx.Tx }

func embedded(ctx context.Context, e embedding, i inheriting) {
	e.Query(ctx, "SELECT 1") // want `Query sends SQL`
	i.Query(ctx, "SELECT 1") // want `Query sends SQL`
}

type shape interface {
	Query( // want `an interface with Query is another way to send SQL: take a sqlcheck.DB`
		ctx context.Context, text string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, text string, args ...any) (pgconn.CommandTag, error)         // want `an interface with Exec`
	SendBatch(context.Context, *pgx.Batch) pgx.BatchResults                                // want `an interface with SendBatch`
	CopyFrom(context.Context, pgx.Identifier, []string, pgx.CopyFromSource) (int64, error) // want `an interface with CopyFrom`
	Close()
}

func shaped(ctx context.Context, s shape) {
	s.Query(ctx, "SELECT 1") // want `\(sending.shape\).Query sends SQL`
}

func generic[T interface {
	QueryRow(context.Context, string, ...any) pgx.Row // want `an interface with QueryRow`
}](ctx context.Context, db T,
) {
	db.QueryRow(ctx, "SELECT 1") // want `QueryRow sends SQL`
}

func wrapper(ctx context.Context, text string) (pgx.Rows, error) { return nil, nil }

func wrapped(ctx context.Context) {
	wrapper(ctx, "SELECT 1") // want `sending.wrapper sends SQL`
}

func standard(ctx context.Context, pool *pgxpool.Pool, dc driver.QueryerContext) {
	db := stdlib.OpenDBFromPool(pool)
	db.Query("SELECT 1")                  // want `\(\*sql.DB\).Query sends SQL`
	db.ExecContext(ctx, "SELECT 1")       // want `ExecContext sends SQL`
	db.Prepare("SELECT 1")                // want `Prepare sends SQL`
	dc.QueryContext(ctx, "SELECT 1", nil) // want `QueryContext sends SQL`
	(&sql.Conn{}).Raw(nil)                // want `Raw sends SQL`
}

func lending(pool *pgxpool.Pool, db *sql.DB) {
	builder.Set(nil, "a",
		db) // want `builder.Set gets a connection, by which it can send SQL past sqlcheck: hand it to sqlcheck.Pool only`
	reflect.ValueOf(pool).MethodByName("Exec") // want `reflect.ValueOf gets a connection`
	fmt.Sprint(embedding{pool})                // want `fmt.Sprint gets a connection`
}
