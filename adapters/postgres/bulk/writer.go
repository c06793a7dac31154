package bulk

import (
	"context"
	"iter"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// writer implements ports.BulkWriter on the one connection of an import.
type writer struct {
	session  sqlcheck.Session
	at       time.Time
	tx       *sqlcheck.Tx     // of an atomic import
	failed   error            // the first error of an atomic import, which can't be stored in part
	onStored func(line int64) // of an import in parts
	added    map[string]int64 // new rows by table
	analyzed map[string]int64 // rows by table when it was last analyzed
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

func (w *writer) inTx(ctx context.Context, fn func(context.Context, sqlcheck.Tx) error) error {
	if w.tx != nil {
		return fn(ctx, *w.tx)
	}
	return inTx(ctx, w.session, fn)
}

func (w *writer) db() sqlcheck.DB {
	if w.tx != nil {
		return *w.tx
	}
	return w.session
}

// importedAt is the parameter of the statements that store new rows.
type importedAt struct{ At time.Time }

// AddPlans implements ports.BulkWriter.
func (w *writer) AddPlans(
	ctx context.Context, lines iter.Seq2[ports.Line[domain.Plan], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	return plans.run(ctx, w, sqlcheck.None{}, lines, refuse)
}

// AddOrganizations implements ports.BulkWriter.
func (w *writer) AddOrganizations(
	ctx context.Context, lines iter.Seq2[ports.Line[ports.OrganizationRecord], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	return organizations.run(ctx, w, importedAt{w.at}, lines, refuse)
}

// AddUsers implements ports.BulkWriter.
func (w *writer) AddUsers(
	ctx context.Context, lines iter.Seq2[ports.Line[ports.UserRecord], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	return users.run(ctx, w, importedAt{w.at}, lines, refuse)
}

// AddMemberships implements ports.BulkWriter.
func (w *writer) AddMemberships(
	ctx context.Context, lines iter.Seq2[ports.Line[ports.MembershipRecord], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	return memberships.run(ctx, w, importedAt{w.at}, lines, refuse)
}

// AddEvents implements ports.BulkWriter.
func (w *writer) AddEvents(
	ctx context.Context, lines iter.Seq2[ports.Line[ports.EventRecord], error], refuse func(ports.Refusal) error,
) (ports.Added, error) {
	return events.run(ctx, w, sqlcheck.None{}, lines, refuse)
}
