package database

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// All reads all rows of a query and converts them; nil where there are none.
func All[P, R, T any](ctx context.Context, p *Pool, q *sqlcheck.Query[P, R], params P, convert func(R) (T, error)) ([]T, error) {
	rows, err := q.All(ctx, p.reads, params)
	if again, ok := p.again(ctx, err); ok {
		rows, err = q.All(ctx, again, params)
	}
	if err != nil {
		return nil, Translate(ctx, err)
	}
	return Convert(rows, convert)
}

// Convert makes one value of each row; nil of none.
func Convert[R, T any](rows []R, convert func(R) (T, error)) ([]T, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	values := make([]T, len(rows))
	for i, row := range rows {
		var err error
		if values[i], err = convert(row); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// One reads the only row of a query. Where there is none, the error is NotFound
// and names the thing.
func One[P, R, T any](
	ctx context.Context, p *Pool, q *sqlcheck.Query[P, R], params P, convert func(R) (T, error), thing string, name fmt.Stringer,
) (value T, err error) {
	row, err := q.One(ctx, p.reads, params)
	if again, ok := p.again(ctx, err); ok {
		row, err = q.One(ctx, again, params)
	}
	if err != nil {
		return value, Absent(Translate(ctx, err), thing, name)
	}
	return convert(row)
}

// Absent turns the error that a query found no row into a NotFound error.
func Absent(err error, thing string, name fmt.Stringer) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return domain.Absent(thing, name)
	}
	return err
}

// Page reads a page of a query that asks for one row more than the page has.
func Page[P, R, T any](
	ctx context.Context, p *Pool, q *sqlcheck.Query[P, R], params P, convert func(R) (T, error), size domain.PageSize,
) (ports.Page[T], error) {
	items, err := All(ctx, p, q, params, convert)
	return Cut(items, size), err
}

// Cut makes a page of items. One item more than the page has room for says that
// more follow.
func Cut[T any](items []T, size domain.PageSize) ports.Page[T] {
	n := min(len(items), size.Int())
	return ports.Page[T]{Items: items[:n], More: len(items) > n}
}

// Limit is a page size as a parameter.
func Limit(size domain.PageSize) int32 { return int32(size.Int()) } //nolint:gosec // at most 1,000

// AsIs converts nothing.
func AsIs[R any](row R) (R, error) { return row, nil }
