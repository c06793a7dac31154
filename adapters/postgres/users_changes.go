package postgres

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// change converts a row. Of a deleted user it keeps only what the list may show.
func (r changeRow) change() (ports.UserChange, error) {
	at := ports.ChangePosition{Change: uint64(r.Change), ID: r.ID} //nolint:gosec // a transaction's number is not negative
	if r.DeletedAt == nil {
		user, err := rows.User{
			ID: r.ID, ExternalID: r.ExternalID, Username: rows.OrZero(r.Username), Email: rows.OrZero(r.Email),
			DisplayName: rows.OrZero(r.DisplayName), Attributes: rows.OrZero(r.Attributes), Status: rows.OrZero(r.Status),
			CreatedAt: rows.OrZero(r.CreatedAt), UpdatedAt: r.UpdatedAt, Version: rows.OrZero(r.Version),
		}.Value()
		return ports.UserChange{User: user, At: at}, err
	}
	return ports.UserChange{At: at, User: domain.User{
		ID: r.ID, UpdatedAt: r.UpdatedAt.UTC(), DeletedAt: r.DeletedAt.UTC(), Version: domain.Version(rows.OrZero(r.Version)),
	}}, nil
}

func readHorizon(ctx context.Context, pool *database.Pool, after *ports.ChangePosition) (horizonRow, error) {
	var from changesFromTimeline
	if after != nil {
		from.Token = after.Timeline
	}
	return database.Read(ctx, pool, func(db sqlcheck.DB) (horizonRow, error) { return changesHorizon.One(ctx, db, from) })
}

// Restored reports whether the changes of users are numbered by another server, from
// whose dump the database was restored: ListChanges refuses them until migrate.Up, or
// Migrator.Restamp, has numbered them again.
func (d *Database) Restored(ctx context.Context) (bool, error) {
	horizon, err := readHorizon(ctx, d.pool, nil)
	return horizon.foreign(), err
}

// ListChanges implements ports.UserLister.
func (l userLists) ListChanges(ctx context.Context, in ports.ListChanges) (ports.Changes, error) {
	// The horizon is read first, so that changes which the page lacks are beyond it.
	horizon, err := readHorizon(ctx, l.pool, in.After)
	if err != nil {
		return ports.Changes{}, err
	}
	if horizon.foreign() {
		return ports.Changes{}, &domain.Error{
			Kind: domain.Unavailable, Reason: domain.ReasonRestored,
			Detail: "the changes are numbered by another server, from whose dump the database was restored",
			Fix:    "an operator has to run roster migrate up, or to restart Roster; then read the changes without a cursor",
		}
	}
	after, err := horizon.resume(in.After)
	if err != nil {
		return ports.Changes{}, err
	}
	in.After = after
	page := changesPage{
		Since: in.Since, First: in.After == nil, Limit: database.Limit(in.Limit), Within: within(in.Within),
	}
	if page.First {
		start, err := database.Read(ctx, l.pool, func(db sqlcheck.DB) (startRow, error) {
			return changesStart.One(ctx, db, changesSince{in.Since, newestChanges})
		})
		if err != nil {
			return ports.Changes{}, err
		}
		// Transactions open at the horizon may have ended since.
		page.Change = strconv.FormatInt(min(start.start(), horizon.Oldest), 10)
	}
	next := ports.ChangePosition{Change: horizon.last(), ID: database.LastID}
	if in.After != nil {
		page.Change, page.ID = strconv.FormatUint(min(in.After.Change, math.MaxInt64), 10), in.After.ID
		if next.Change <= in.After.Change {
			next = *in.After
		}
		next.Seen = in.After.Seen
	}
	items, err := database.All(ctx, l.pool, usersChanges, page, changeRow.change)
	// Later changes may be of a timeline that the horizon does not know. The next page has them.
	items = slices.DeleteFunc(items, func(c ports.UserChange) bool { return c.At.Change > horizon.last() })
	if n := len(items); n > 0 && (n == in.Limit.Int() || comesAfter(items[n-1].At, next)) {
		next.Change, next.ID = items[n-1].At.Change, items[n-1].At.ID
	}
	if n := len(items); n > 0 {
		next.Seen = items[n-1].At.Change
	}
	next.Timeline = rows.OrZero(horizon.Token)
	return ports.Changes{Items: items, Next: next}, err
}

func comesAfter(a, b ports.ChangePosition) bool {
	return cmp.Or(cmp.Compare(a.Change, b.Change), bytes.Compare(a.ID[:], b.ID[:])) > 0
}
