package bulk

import (
	"context"
	"iter"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// writer implements ports.BulkWriter for one import.
type writer struct {
	session  sqlcheck.Session
	lease    *lease
	at       time.Time
	tx       *sqlcheck.Tx     // of an atomic import
	failed   error            // the first error of an atomic import, which can't be stored in part
	onStored func(line int64) // of an import in parts
	added    map[string]int64 // new rows by table
	analyzed map[string]int64 // rows by table when it was last analyzed
	staged   map[string]int64 // lines by staging table since it was last cleared
}

func (w *writer) inParts() bool { return w.onStored != nil }

// minAnalyzed is the least number of new rows for which a part of an import is
// analyzed.
const minAnalyzed = 500

// analyzes reports whether a table is due for ANALYZE, now that it has so many new
// rows. An import in parts analyzes each time that their number has doubled.
func (w *writer) analyzes(table string, rows int64) bool {
	if w.inParts() && rows < max(2*w.analyzed[table], minAnalyzed) {
		return false
	}
	w.analyzed[table] = rows
	return true
}

// staging runs fn in a transaction that may take as long as a client needs to send
// its lines. The lease is checked at the end, so that others need not wait for it.
func (w *writer) staging(ctx context.Context, fn func(context.Context, sqlcheck.Tx) error) error {
	if w.tx != nil {
		return fn(ctx, *w.tx)
	}
	return sqlcheck.InTx(ctx, w.session, sqlcheck.TxOptions{}, func(ctx context.Context, tx sqlcheck.Tx) error {
		if err := allowTime(ctx, tx); err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return w.lease.hold(ctx, tx)
	})
}

// storing runs fn in a transaction that holds the lease, so that nobody takes it
// before the end. fn runs again after a deadlock or a serialization failure; in an
// atomic import from a savepoint on.
func (w *writer) storing(ctx context.Context, fn func(context.Context, sqlcheck.Tx) error) error {
	const retries = database.MaxAttempts - 1
	if w.tx != nil {
		return sqlcheck.InSavepoint(ctx, *w.tx, retries, func(ctx context.Context, tx sqlcheck.Tx) error {
			if err := w.lease.hold(ctx, tx); err != nil {
				return err
			}
			return fn(ctx, tx)
		})
	}
	return sqlcheck.InTx(ctx, w.session, sqlcheck.TxOptions{Retries: retries}, func(ctx context.Context, tx sqlcheck.Tx) error {
		var begin sqlcheck.Batch
		queueLimits(&begin)
		if w.inParts() {
			useIndexes.Queue(&begin, sqlcheck.None{})
		}
		held := leaseHold.Queue(&begin, ofLease{w.lease.owner})
		if err := begin.Send(ctx, tx); err != nil {
			return err
		}
		if len(held.Rows) == 0 {
			return errLost
		}
		return fn(ctx, tx)
	})
}

// clear empties a staging table before a file. An atomic import deletes its own
// lines alone, since emptying a table locks it until the end of the transaction.
func (w *writer) clear(ctx context.Context, table string, all *sqlcheck.Query[fromLine, sqlcheck.None]) error {
	if w.tx != nil {
		_, err := all.Exec(ctx, *w.tx, fromLine{0})
		return err
	}
	return w.lease.clear(ctx, []string{table})
}

// maxDeadLines is how many lines of parts are deleted from a staging table before
// it is emptied.
const maxDeadLines = 100_000

// compact gives the space of deleted lines back from time to time.
func (w *writer) compact(ctx context.Context, table string, lines int) error {
	if w.staged[table] += int64(lines); w.staged[table] < maxDeadLines {
		return nil
	}
	w.staged[table] = 0
	return w.lease.clear(ctx, []string{table})
}

func (w *writer) db() sqlcheck.DB {
	if w.tx != nil {
		return *w.tx
	}
	return w.session
}

// AddPlans implements ports.BulkWriter.
func (w *writer) AddPlans(
	ctx context.Context, lines iter.Seq2[ports.Line[domain.Plan], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	return plans.run(ctx, w, lines, refuse)
}

// AddOrganizations implements ports.BulkWriter.
func (w *writer) AddOrganizations(
	ctx context.Context, lines iter.Seq2[ports.Line[ports.OrganizationRecord], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	return organizations.run(ctx, w, lines, refuse)
}

// AddUsers implements ports.BulkWriter.
func (w *writer) AddUsers(
	ctx context.Context, lines iter.Seq2[ports.Line[ports.UserRecord], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	return users.run(ctx, w, lines, refuse)
}

// AddMemberships implements ports.BulkWriter.
func (w *writer) AddMemberships(
	ctx context.Context, lines iter.Seq2[ports.Line[ports.MembershipRecord], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	return memberships.run(ctx, w, lines, refuse)
}

// AddEvents implements ports.BulkWriter.
func (w *writer) AddEvents(
	ctx context.Context, lines iter.Seq2[ports.Line[ports.EventRecord], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	return events.run(ctx, w, lines, refuse)
}
