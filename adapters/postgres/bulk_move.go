package postgres

import (
	"cmp"
	"context"
	"iter"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

// move is how records T get by rows R through a staging table to their own.
type move[T, R any] struct {
	copy *sqlcheck.Copy[R]
	row  func(ports.Line[T]) R
	// count and countStored give the planner statistics of the staged rows and
	// of the table that has grown: without them the rules on memberships walk
	// all users for each organization.
	clear, count, countStored *sqlcheck.Query[sqlcheck.None, sqlcheck.None]
	// before, unless nil, runs between the transaction that stages and the one
	// that stores; lock runs in the latter.
	before, lock func(context.Context, sqlcheck.DB) error
	store        func(context.Context, sqlcheck.Tx) (stored int64, err error)
	// refusals finds the staged lines that are not among the stored rows. A
	// staged line that is there is new or unchanged.
	refusals *sqlcheck.Query[sqlcheck.None, refusalRow]
}

func (m move[T, R]) run(ctx context.Context, w *bulkWriter, lines iter.Seq2[ports.Line[T], error], refuse func(ports.Refusal) error) (ports.Added, error) {
	added, err := m.both(ctx, w, lines, refuse)
	if err != nil {
		w.failed = cmp.Or(w.failed, err)
		return ports.Added{}, err
	}
	return added, nil
}

// both stages the lines and stores them.
func (m move[T, R]) both(ctx context.Context, w *bulkWriter, lines iter.Seq2[ports.Line[T], error], refuse func(ports.Refusal) error) (added ports.Added, err error) {
	var staged int64
	err = w.inTx(ctx, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		staged, err = m.stage(ctx, tx, lines)
		return err
	})
	if err == nil && m.before != nil {
		err = m.before(ctx, w.db())
	}
	if err != nil {
		return added, err
	}
	err = w.inTx(ctx, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		added, err = m.settle(ctx, tx, staged, refuse)
		return err
	})
	return added, err
}

func (m move[T, R]) stage(ctx context.Context, tx sqlcheck.Tx, lines iter.Seq2[ports.Line[T], error]) (int64, error) {
	if _, err := m.clear.Exec(ctx, tx, sqlcheck.None{}); err != nil {
		return 0, err
	}
	staged, err := m.copy.Send(ctx, tx, func(yield func(R, error) bool) {
		for line, err := range lines {
			if err != nil {
				yield(*new(R), err)
				return
			}
			if !yield(m.row(line), nil) {
				return
			}
		}
	})
	if err != nil {
		return 0, err
	}
	_, err = m.count.Exec(ctx, tx, sqlcheck.None{})
	return staged, err
}

func (m move[T, R]) settle(ctx context.Context, tx sqlcheck.Tx, staged int64, refuse func(ports.Refusal) error) (ports.Added, error) {
	var added ports.Added
	if m.lock != nil {
		if err := m.lock(ctx, tx); err != nil {
			return added, err
		}
	}
	stored, err := m.store(ctx, tx)
	if err != nil {
		return added, err
	}
	added.New = stored
	if stored > 0 {
		if _, err := m.countStored.Exec(ctx, tx, sqlcheck.None{}); err != nil {
			return added, err
		}
	}
	if stored < staged {
		err = m.refusals.Each(ctx, tx, sqlcheck.None{}, func(row *refusalRow) error {
			added.Refused++
			return refuse(ports.Refusal{Line: row.Line, Problem: row.problem()})
		})
		if err != nil {
			return added, err
		}
	}
	added.Unchanged = staged - stored - added.Refused
	_, err = m.clear.Exec(ctx, tx, sqlcheck.None{})
	return added, err
}
