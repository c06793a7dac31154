package sqlcheck

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"
)

// Batch collects queries that go to the server in one round trip. The zero
// value is empty and ready. It is for one goroutine, and sent once.
type Batch struct {
	items []batchItem
	errs  []error // of parameters that select no variant
	sent  bool
}

type batchItem struct {
	text string
	args []any
	read func(pgx.Rows) error
}

// Result is what a query in a batch gave. It is filled when Send returns nil.
type Result[R any] struct {
	Rows     []R
	Affected int64
}

// Queue adds the query to a batch.
func (q *Query[P, R]) Queue(b *Batch, p P) *Result[R] {
	result := &Result[R]{}
	v, args, err := q.statement(reflect.ValueOf(p))
	if err != nil {
		b.errs = append(b.errs, q.wrap(err))
		return result
	}
	b.items = append(b.items, batchItem{v.text, args, func(rows pgx.Rows) (err error) {
		result.Rows = nil // a second attempt starts again
		row := new(R)
		result.Affected, err = q.read(rows, v, reflect.ValueOf(row).Elem(), func() error {
			result.Rows = append(result.Rows, *row)
			return nil
		})
		return q.wrap(err)
	}})
	return result
}

// Send runs the queries in the order in which they were queued, in one
// transaction: the one of db, or else one of their own. So if the server
// refuses one, none has an effect. An error in reading a result, such as a
// column without a field, comes after the effect. An empty batch sends nothing.
func (b *Batch) Send(ctx context.Context, db DB) error {
	if b.sent {
		return errors.New("batch: it was sent before; a batch is sent once")
	}
	b.sent = true
	if err := errors.Join(b.errs...); err != nil || len(b.items) == 0 {
		return err
	}
	err := db.use(ctx, func(c link, alone bool) error {
		err := b.send(ctx, c)
		if alone && stale(err) { // the server rolled all of it back
			err = b.send(ctx, c)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("batch of %d: %w", len(b.items), err)
	}
	return nil
}

func (b *Batch) send(ctx context.Context, c link) error {
	batch := batchOn(c)
	for _, i := range b.items {
		batch.Queue(i.text, i.args...).Query(i.read)
	}
	return c.SendBatch(ctx, batch).Close()
}
