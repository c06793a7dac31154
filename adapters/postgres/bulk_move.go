package postgres

import (
	"cmp"
	"context"
	"iter"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

// move is how records T get by rows R through a staging table to their own. P
// are the parameters of the statement that stores them.
type move[T, R, P any] struct {
	staging[R]
	row func(ports.Line[T]) R
	// before, unless nil, runs between the transaction that stages and the one
	// that stores; lock and name run in the latter.
	before, lock func(context.Context, sqlcheck.DB) error
	name         func(ctx context.Context, db sqlcheck.DB, inParts bool) error
	store        storing[P]
	// refusals finds the staged lines that are not among the stored rows. A
	// staged line that is there is new or unchanged.
	refusals *sqlcheck.Query[sqlcheck.None, refusalRow]
}

func (m move[T, R, P]) run(ctx context.Context, w *bulkWriter, p P, lines iter.Seq2[ports.Line[T], error], refuse func(ports.Refusal) error) (ports.Added, error) {
	added, err := m.both(ctx, w, p, lines, refuse)
	if err != nil {
		w.failed = cmp.Or(w.failed, err)
		return ports.Added{}, err
	}
	return added, nil
}

// both stages the lines and stores them; a part of a file in one transaction,
// unless something has to be done in between.
func (m move[T, R, P]) both(ctx context.Context, w *bulkWriter, p P, lines iter.Seq2[ports.Line[T], error], refuse func(ports.Refusal) error) (added ports.Added, err error) {
	var staged int64
	atOnce := w.inParts() && m.before == nil
	settle := func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		added, err = m.settle(ctx, tx, w, p, staged, refuse)
		return err
	}
	err = w.inTx(ctx, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		if staged, err = m.stage(ctx, tx, w, lines); err == nil && atOnce {
			err = settle(ctx, tx)
		}
		return err
	})
	if err == nil && m.before != nil {
		err = m.before(ctx, w.db())
	}
	if err != nil || atOnce {
		return added, err
	}
	return added, w.inTx(ctx, settle)
}

func (m move[T, R, P]) stage(ctx context.Context, tx sqlcheck.Tx, w *bulkWriter, lines iter.Seq2[ports.Line[T], error]) (int64, error) {
	if _, err := m.clear.Exec(ctx, tx, sqlcheck.None{}); err != nil {
		return 0, err
	}
	var ended error // that of the sequence, which is told as it is
	staged, err := m.copy.Send(ctx, tx, func(yield func(R, error) bool) {
		for line, err := range lines {
			if ended = err; err != nil {
				yield(*new(R), err)
				return
			}
			if !yield(m.row(line), nil) {
				return
			}
		}
	})
	if err := cmp.Or(ended, err); err != nil {
		return 0, err
	}
	if w.counts(m.table+" staged", staged) {
		_, err = m.count.Exec(ctx, tx, sqlcheck.None{})
	}
	return staged, err
}

func (m move[T, R, P]) settle(ctx context.Context, tx sqlcheck.Tx, w *bulkWriter, p P, staged int64, refuse func(ports.Refusal) error) (ports.Added, error) {
	if m.lock != nil {
		if err := m.lock(ctx, tx); err != nil {
			return ports.Added{}, err
		}
	}
	if m.name != nil {
		if err := m.name(ctx, tx, w.inParts()); err != nil {
			return ports.Added{}, err
		}
	}
	stored, err := m.store.run(ctx, tx, w, p)
	if err != nil {
		return ports.Added{}, err
	}
	added := ports.Added{New: stored.count}
	if stored.count > 0 && w.counts(m.table, w.grown[m.table]+stored.count) {
		if _, err := m.countStored.Exec(ctx, tx, sqlcheck.None{}); err != nil {
			return added, err
		}
	}
	w.grown[m.table] += stored.count
	if stored.count < staged {
		err = m.refusals.Each(ctx, tx, sqlcheck.None{}, func(row *refusalRow) error {
			added.Refused++
			stored.refused(row.Line)
			return refuse(ports.Refusal{Line: row.Line, Problem: row.problem()})
		})
		if err != nil {
			return added, err
		}
	}
	added.Unchanged = staged - stored.count - added.Refused
	stored.report(w.stored)
	_, err = m.clear.Exec(ctx, tx, sqlcheck.None{}) // it holds names and addresses
	return added, err
}
