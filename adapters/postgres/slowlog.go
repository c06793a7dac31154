package postgres

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// slowLog logs slow statements by the name of their query. Arguments are never
// logged, since they hold personal data.
type slowLog struct {
	limit  time.Duration
	logger *slog.Logger
}

func newSlowLog(limit time.Duration, logger *slog.Logger) *slowLog {
	return &slowLog{limit: limit, logger: logger}
}

type startedKey struct{}

type started struct {
	text string
	at   time.Time
}

// TraceQueryStart records when a statement is sent.
func (s *slowLog) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	return context.WithValue(ctx, startedKey{}, &started{q.SQL, time.Now()})
}

// TraceQueryEnd logs a statement that was slow until all its rows were read.
func (s *slowLog) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, end pgx.TraceQueryEndData) {
	q, ok := ctx.Value(startedKey{}).(*started)
	if !ok {
		return
	}
	if took := time.Since(q.at); took >= s.limit {
		s.log(ctx, took, "query", queryName(q.text), end.CommandTag.RowsAffected(), end.Err)
	}
}

// TraceBatchStart records when a batch is sent.
func (s *slowLog) TraceBatchStart(ctx context.Context, _ *pgx.Conn, b pgx.TraceBatchStartData) context.Context {
	first := ""
	for _, queued := range b.Batch.QueuedQueries {
		if _, known := sqlcheck.NameOf(queued.SQL); known {
			first = queued.SQL
			break
		}
	}
	return context.WithValue(ctx, startedKey{}, &started{first, time.Now()})
}

// TraceBatchQuery does nothing.
func (s *slowLog) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd logs a batch that was slow, by its first query that has a name.
func (s *slowLog) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, end pgx.TraceBatchEndData) {
	q, ok := ctx.Value(startedKey{}).(*started)
	if !ok {
		return
	}
	if took := time.Since(q.at); took >= s.limit {
		s.log(ctx, took, "batch_from", queryName(q.text), 0, end.Err)
	}
}

func queryName(text string) string {
	if name, known := sqlcheck.NameOf(text); known {
		return name
	}
	return "unregistered"
}

func (s *slowLog) log(ctx context.Context, took time.Duration, key, name string, rows int64, err error) {
	attributes := []slog.Attr{slog.String(key, name), slog.Duration("took", took), slog.Int64("rows", rows)}
	if state := database.Code(err); state != "" {
		attributes = append(attributes, slog.String("sqlstate", state))
	}
	s.logger.LogAttrs(ctx, slog.LevelWarn, "slow query", attributes...)
}
