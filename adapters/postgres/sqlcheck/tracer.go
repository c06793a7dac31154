package sqlcheck

import (
	"context"
	"regexp"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// Tracer watches the connections whose ConnConfig.Tracer it is, by itself or
// in pgx's multitracer, for texts that no query or COPY has built: those that
// go past this package. It is safe for concurrent use.
type Tracer struct {
	onOther func(ctx context.Context, text string)
	others  atomic.Int64
}

// NewTracer makes a Tracer that calls onUnknown with each text that goes past
// this package, before it is sent: a test fails then, and LogUnknown logs.
func NewTracer(onUnknown func(ctx context.Context, text string)) *Tracer {
	return &Tracer{onOther: onUnknown}
}

// Unknown is how many texts were sent past this package.
func (t *Tracer) Unknown() int64 { return t.others.Load() }

// own are the texts of pgx: to begin and end transactions and savepoints, and to ping.
var own = regexp.MustCompile(`^(begin( isolation level [a-z ]+)?( read (only|write))?|commit|rollback|` +
	`(savepoint|release savepoint|rollback to savepoint) sp_[0-9]+|-- ping)$`)

func (t *Tracer) see(ctx context.Context, text string) {
	if _, known := NameOf(text); !known && !preparing(text) && !own.MatchString(text) {
		t.others.Add(1)
		t.onOther(ctx, text)
	}
}

// TraceQueryStart looks at a statement.
func (t *Tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	t.see(ctx, data.SQL)
	return ctx
}

// TraceQueryEnd does nothing.
func (t *Tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart looks at the statements of a batch.
func (t *Tracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	for _, q := range data.Batch.QueuedQueries {
		t.see(ctx, q.SQL)
	}
	return ctx
}

// TraceBatchQuery does nothing.
func (t *Tracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd does nothing.
func (t *Tracer) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// TraceCopyFromStart looks at the table and the columns of a COPY.
func (t *Tracer) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromStartData) context.Context {
	t.see(ctx, copyText(data.TableName, data.ColumnNames))
	return context.WithValue(ctx, copying{}, copyTypesText(data.TableName, data.ColumnNames))
}

// TraceCopyFromEnd does nothing.
func (t *Tracer) TraceCopyFromEnd(context.Context, *pgx.Conn, pgx.TraceCopyFromEndData) {}

// copying is the context's key for the text that a COPY prepares.
type copying struct{}

// TracePrepareStart looks at a statement that is prepared, be it by name or
// for pgx's cache.
func (t *Tracer) TracePrepareStart(ctx context.Context, _ *pgx.Conn, data pgx.TracePrepareStartData) context.Context {
	if data.SQL != ctx.Value(copying{}) {
		t.see(ctx, data.SQL)
	}
	return ctx
}

// TracePrepareEnd does nothing.
func (t *Tracer) TracePrepareEnd(context.Context, *pgx.Conn, pgx.TracePrepareEndData) {}
