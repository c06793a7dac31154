package bulk

import (
	"cmp"
	"context"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

// kind is how the records T of one kind are imported: as rows R of a staging
// table, from which statements store them.
type kind[T, R any] struct {
	staging[R]
	row func(ports.Line[T]) R
	// before, unless nil, runs between the transaction that stages and the one that
	// stores. lock and name, unless nil, run at the beginning of the latter.
	before, lock, name func(context.Context, sqlcheck.DB, staged) error
	store              storer
	refusals           *sqlcheck.Query[staged, refusalRow]
}

func (k kind[T, R]) run(
	ctx context.Context, w *writer, from ports.Lines[T], refuse func(ports.Refusal) error,
) (added ports.Added, err error) {
	if w.inParts() {
		added, err = k.addPart(ctx, w, from, refuse)
	} else {
		added, err = k.addFile(ctx, w, from, refuse)
	}
	if err != nil {
		w.failed = cmp.Or(w.failed, err)
		return ports.Added{}, err
	}
	w.added[k.table] += added.New
	return added, nil
}

// addFile stages the lines of a file and stores them. What is staged is committed,
// so that only the transaction that stores runs again after a deadlock.
func (k kind[T, R]) addFile(
	ctx context.Context, w *writer, from ports.Lines[T], refuse func(ports.Refusal) error,
) (added ports.Added, err error) {
	if err := w.clear(ctx, k.table, k.remove); err != nil {
		return added, err
	}
	var count int64
	err = w.staging(ctx, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		if count, err = k.stage(ctx, tx, from); err == nil && w.analyzes(k.table+" staged", count) {
			_, err = k.analyze.Exec(ctx, tx, sqlcheck.None{})
		}
		return err
	})
	if err == nil && k.before != nil {
		err = w.storing(ctx, func(ctx context.Context, tx sqlcheck.Tx) error { return k.before(ctx, tx, staged{}) })
	}
	if err != nil {
		return added, err
	}
	var refused error // set once a refusal is out, which can't be taken back
	var out bool
	err = w.storing(ctx, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		if out {
			return refused
		}
		added, _, err = k.storeStaged(ctx, tx, w, staged{}, count, func(r ports.Refusal) error {
			out = true
			return refuse(r)
		})
		refused = err
		return err
	})
	return added, err
}

// stage copies the lines into the staging table and returns their number.
func (k kind[T, R]) stage(ctx context.Context, tx sqlcheck.Tx, from ports.Lines[T]) (int64, error) {
	var bad error // of the sequence; it is returned as it is
	count, err := k.copy.Send(ctx, tx, func(yield func(R, error) bool) {
		for line, err := range from {
			if bad = err; err != nil {
				yield(*new(R), err)
				return
			}
			if !yield(k.row(line), nil) {
				return
			}
		}
	})
	return count, cmp.Or(bad, err)
}

// addPart stores the lines of a part of a file. One transaction stages and stores
// them, unless something has to be done in between. Each runs again after a
// deadlock, so that refusals and new lines are reported at the end.
func (k kind[T, R]) addPart(
	ctx context.Context, w *writer, from ports.Lines[T], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	rows, part, err := k.read(from)
	if err != nil || len(rows) == 0 {
		return ports.Added{}, err
	}
	stage := func(ctx context.Context, tx sqlcheck.Tx) error {
		_, err := k.copy.Send(ctx, tx, each(rows))
		return err
	}
	if k.before != nil {
		err := w.storing(ctx, func(ctx context.Context, tx sqlcheck.Tx) error {
			if _, err := k.remove.Exec(ctx, tx, fromLine{part.First}); err != nil { // of a part that failed
				return err
			}
			return stage(ctx, tx)
		})
		if err == nil {
			err = w.storing(ctx, func(ctx context.Context, tx sqlcheck.Tx) error { return k.before(ctx, tx, part) })
		}
		if err != nil {
			return ports.Added{}, err
		}
		stage = func(context.Context, sqlcheck.Tx) error { return nil }
	}
	var done stored
	err = w.storing(ctx, func(ctx context.Context, tx sqlcheck.Tx) (err error) {
		done = stored{}
		if err := stage(ctx, tx); err != nil {
			return err
		}
		done.added, done.lines, err = k.storeStaged(ctx, tx, w, part, int64(len(rows)), done.refuse)
		if err == nil {
			_, err = k.remove.Exec(ctx, tx, fromLine{part.First}) // they hold names and addresses
		}
		return err
	})
	if err != nil {
		return ports.Added{}, err
	}
	return done.added, cmp.Or(done.report(w, refuse), w.compact(ctx, k.table, len(rows)))
}

// read reads the lines of a part, which come in their order.
func (k kind[T, R]) read(from ports.Lines[T]) (rows []R, part staged, err error) {
	part = staged{Part: true}
	for line, err := range from {
		if err != nil {
			return nil, part, err
		}
		if len(rows) == 0 {
			part.First = line.Number
		}
		rows = append(rows, k.row(line))
	}
	return rows, part, nil
}

// storeStaged inserts the staged rows that are new, and reports the refused ones.
func (k kind[T, R]) storeStaged(
	ctx context.Context, tx sqlcheck.Tx, w *writer, which staged, count int64, refuse func(ports.Refusal) error,
) (added ports.Added, lines *storedLines, err error) {
	for _, first := range []func(context.Context, sqlcheck.DB, staged) error{k.lock, k.name} {
		if first != nil {
			if err := first(ctx, tx, which); err != nil {
				return added, nil, err
			}
		}
	}
	if lines, err = k.store.run(ctx, tx, w.at, which); err != nil {
		return added, nil, err
	}
	added.New = lines.count
	if added.New > 0 && w.analyzes(k.table, w.added[k.table]+added.New) {
		if _, err := k.analyzeStored.Exec(ctx, tx, sqlcheck.None{}); err != nil {
			return added, nil, err
		}
	}
	if added.New < count {
		err = k.refusals.Each(ctx, tx, which, func(row *refusalRow) error {
			added.Refused++
			lines.refuse(row.Line)
			return refuse(ports.Refusal{Line: row.Line, Problem: row.problem()})
		})
	}
	added.Unchanged = count - added.New - added.Refused
	return added, lines, err
}
