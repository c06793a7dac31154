package bulk

import (
	"cmp"
	"context"
	"iter"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

// kind is how the records T of one kind are imported: as rows R of a staging
// table, and then by a statement with parameters P.
type kind[T, R, P any] struct {
	staging[R]
	row func(ports.Line[T]) R
	// before, unless nil, runs between the transaction that stages and the one that
	// stores. lock and name, unless nil, run at the beginning of the latter.
	before, lock func(context.Context, sqlcheck.DB) error
	name         func(ctx context.Context, db sqlcheck.DB, inParts bool) error
	store        storing[P]
	refusals     *sqlcheck.Query[sqlcheck.None, refusalRow]
}

func (k kind[T, R, P]) run(
	ctx context.Context, w *writer, p P, lines iter.Seq2[ports.Line[T], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	added, err := k.add(ctx, w, p, lines, refuse)
	if err != nil {
		w.failed = cmp.Or(w.failed, err)
		return ports.Added{}, err
	}
	return added, nil
}

// add stages the lines and stores them. A part of a file needs one transaction
// for both, unless something has to be done in between.
func (k kind[T, R, P]) add(
	ctx context.Context, w *writer, p P, lines iter.Seq2[ports.Line[T], error], refuse func(ports.Refusal) error,
) (added ports.Added, err error) {
	var staged int64
	oneTx := w.inParts() && k.before == nil
	storeAll := func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		added, err = k.storeStaged(ctx, tx, w, p, staged, refuse)
		return err
	}
	err = w.inTx(ctx, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		if staged, err = k.stage(ctx, tx, w, lines); err == nil && oneTx {
			err = storeAll(ctx, tx)
		}
		return err
	})
	if err == nil && k.before != nil {
		err = k.before(ctx, w.db())
	}
	if err != nil || oneTx {
		return added, err
	}
	return added, w.inTx(ctx, storeAll)
}

// stage copies the lines into the staging table and returns their number.
func (k kind[T, R, P]) stage(ctx context.Context, tx sqlcheck.Tx, w *writer, lines iter.Seq2[ports.Line[T], error]) (int64, error) {
	if _, err := k.clear.Exec(ctx, tx, sqlcheck.None{}); err != nil {
		return 0, err
	}
	var bad error // of the sequence; it is returned as it is
	staged, err := k.copy.Send(ctx, tx, func(yield func(R, error) bool) {
		for line, err := range lines {
			if bad = err; err != nil {
				yield(*new(R), err)
				return
			}
			if !yield(k.row(line), nil) {
				return
			}
		}
	})
	if err := cmp.Or(bad, err); err != nil {
		return 0, err
	}
	if w.analyzes(k.table+" staged", staged) {
		_, err = k.analyze.Exec(ctx, tx, sqlcheck.None{})
	}
	return staged, err
}

// storeStaged inserts the staged rows that are new, and reports the refused ones.
func (k kind[T, R, P]) storeStaged(
	ctx context.Context, tx sqlcheck.Tx, w *writer, p P, staged int64, refuse func(ports.Refusal) error,
) (ports.Added, error) {
	if k.lock != nil {
		if err := k.lock(ctx, tx); err != nil {
			return ports.Added{}, err
		}
	}
	if k.name != nil {
		if err := k.name(ctx, tx, w.inParts()); err != nil {
			return ports.Added{}, err
		}
	}
	stored, err := k.store.run(ctx, tx, w, p)
	if err != nil {
		return ports.Added{}, err
	}
	added := ports.Added{New: stored.count}
	if stored.count > 0 && w.analyzes(k.table, w.added[k.table]+stored.count) {
		if _, err := k.analyzeStored.Exec(ctx, tx, sqlcheck.None{}); err != nil {
			return added, err
		}
	}
	w.added[k.table] += stored.count
	if stored.count < staged {
		err = k.refusals.Each(ctx, tx, sqlcheck.None{}, func(row *refusalRow) error {
			added.Refused++
			stored.refuse(row.Line)
			return refuse(ports.Refusal{Line: row.Line, Problem: row.problem()})
		})
		if err != nil {
			return added, err
		}
	}
	added.Unchanged = staged - stored.count - added.Refused
	stored.report(w.onStored)
	_, err = k.clear.Exec(ctx, tx, sqlcheck.None{}) // it holds names and addresses
	return added, err
}
