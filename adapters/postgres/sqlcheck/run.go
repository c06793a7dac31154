package sqlcheck

import (
	"context"
	"reflect"

	"github.com/jackc/pgx/v5"
)

// All returns the rows, nil if there are none.
func (q *Query[P, R]) All(ctx context.Context, db DB, p P) ([]R, error) {
	var all []R
	row := new(R)
	_, err := q.untyped.run(ctx, db, p, row, func() error {
		all = append(all, *row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// One returns the only row. The error is pgx.ErrNoRows if there is none and
// pgx.ErrTooManyRows if there are more; a statement that writes has written by
// then.
func (q *Query[P, R]) One(ctx context.Context, db DB, p P) (R, error) {
	var one, zero R
	n, row := 0, new(R)
	_, err := q.untyped.run(ctx, db, p, row, func() error {
		if n++; n > 1 {
			return pgx.ErrTooManyRows
		}
		one = *row
		return nil
	})
	if err == nil && n == 0 {
		err = q.wrap(pgx.ErrNoRows)
	}
	if err != nil {
		return zero, err
	}
	return one, nil
}

// Each calls fn with each row as it arrives, so that memory does not grow with
// the result. The next row overwrites the struct that fn gets, though not what
// its slices and pointers refer to. If fn returns an error, Each returns it
// after reading the rest of the result; cancel ctx to leave at once, at the
// price of the connection.
func (q *Query[P, R]) Each(ctx context.Context, db DB, p P, fn func(row *R) error) error {
	row := new(R)
	_, err := q.untyped.run(ctx, db, p, row, func() error { return fn(row) })
	return err
}

// Exec runs a statement without rows, whose R is None, and returns how many
// rows it affected.
func (q *Query[P, R]) Exec(ctx context.Context, db DB, p P) (affected int64, err error) {
	return q.untyped.run(ctx, db, p, new(R), func() error { return nil })
}

// SQL is the text of the query with its arguments, for code that sends them itself.
// It then has to scan the rows, and Replan has no effect.
func (q *Query[P, R]) SQL(p P) (text string, args []any, err error) {
	v, args, err := q.statement(reflect.ValueOf(p))
	if err != nil {
		return "", nil, q.wrap(err)
	}
	return v.text, args, nil
}

// run sends the query, and once more if the connection's prepared statement
// was stale. That can't execute it twice: the server said that it did not
// start, and fn, whose own errors may look the same, was not called. In a
// transaction, which the error has ended, there is no second time.
//
// It calls fn whenever it has scanned the next row into what into points to. It
// knows no type parameter, and so is in the program once instead of once a query.
func (q *untyped) run(ctx context.Context, db DB, p, into any, fn func() error) (affected int64, err error) {
	row := reflect.ValueOf(into).Elem()
	v, args, err := q.statement(reflect.ValueOf(p))
	if err != nil {
		return 0, q.wrap(err)
	}
	called := false
	visit := func() error {
		called = true
		return fn()
	}
	err = db.use(ctx, func(c link, alone bool) error {
		affected, err = q.send(ctx, c, v, args, row, visit)
		if alone && !called && stale(err) {
			affected, err = q.send(ctx, c, v, args, row, visit)
		}
		return err
	})
	return affected, q.wrap(err)
}

func (q *untyped) send(ctx context.Context, c link, v *variant, args []any, row reflect.Value, fn func() error) (int64, error) {
	batch := batchOn(c)
	if q.replan {
		batch.Queue(planEachCall)
	}
	if batch.Len() > 0 {
		return q.sendAfter(ctx, batch, c, v, args, row, fn)
	}
	rows, err := c.Query(ctx, v.text, args...)
	if err != nil {
		return 0, err
	}
	return q.read(rows, v, row, fn)
}

// planEachCall has the statements after it, to the end of the transaction,
// planned for the values of each call, whatever the connection's own mode is.
const planEachCall = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"

// sendAfter is send behind what a batch has already. A batch is one round trip, and a
// transaction where there is none.
func (q *untyped) sendAfter(
	ctx context.Context, batch *pgx.Batch, c link, v *variant, args []any, row reflect.Value, fn func() error,
) (affected int64, err error) {
	batch.Queue(v.text, args...).Query(func(rows pgx.Rows) (err error) {
		affected, err = q.read(rows, v, row, fn)
		return err
	})
	err = c.SendBatch(ctx, batch).Close()
	return affected, err
}

// read scans the rows into one struct, in place, and closes them.
func (q *untyped) read(rows pgx.Rows, v *variant, row reflect.Value, fn func() error) (int64, error) {
	defer rows.Close()
	more := rows.Next()
	if err := rows.Err(); err != nil { // refused, so there may be no columns to ask for
		return 0, err
	}
	form, err := q.form()
	if err != nil {
		return 0, err
	}
	plan, err := form.columns.plan(v, rows.FieldDescriptions())
	if err != nil {
		return 0, err
	}
	targets := plan.targets(row)
	for ; more; more = rows.Next() {
		row.SetZero()
		if err := rows.Scan(targets...); err != nil {
			return 0, err
		}
		if err := fn(); err != nil {
			return 0, err
		}
	}
	rows.Close()
	return rows.CommandTag().RowsAffected(), rows.Err()
}
