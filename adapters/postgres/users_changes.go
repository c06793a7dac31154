package postgres

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"math"
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// The place of a change is (changed, id), where changed is the transaction that
// wrote the row. Rows of transactions from the oldest that is still under way
// on are left for later: one of them could commit before its elders.

// horizonRow tells of the transactions.
type horizonRow struct {
	// Oldest is the oldest transaction that is still under way.
	Oldest int64 `db:"oldest"`
	// Foreign says that rows were written by transactions that this server has
	// not had yet: they come from a dump of another's database.
	Foreign bool `db:"foreign"`
}

var changesHorizon = sqlcheck.New(sqlcheck.Def[sqlcheck.None, horizonRow]{
	Name: "users.changes_horizon",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("coalesce(pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0) AS oldest",
			"coalesce((SELECT max(u.changed) FROM roster.users u) >= pg_snapshot_xmax(pg_current_snapshot()), false) OR coalesce((SELECT max(t.changed) FROM roster.user_tombstones t) >= pg_snapshot_xmax(pg_current_snapshot()), false) AS foreign")
	},
})

// lookedBack is among how many of the newest changes the first since a time is
// looked for, before the list is walked from its beginning.
const lookedBack = 20_000

type changesSince struct {
	Since time.Time
	Most  int64
}

type startRow struct {
	Looked int64  `db:"looked"`
	Oldest *int64 `db:"oldest"`
	Newest *int64 `db:"newest"`
	First  *int64 `db:"first"`
}

// Transactions are not numbered in the order in which they begin, so that the
// first change since a time is the least of all since then.
var changesStart = sqlcheck.New(sqlcheck.Def[changesSince, startRow]{
	Name: "users.changes_start",
	Build: func(p changesSince) sq.Sqlizer {
		newest := sq.Select("u.changed", "u.changed_at").From("roster.users u").
			OrderBy("u.changed DESC", "u.id DESC").Suffix("LIMIT ?", p.Most)
		return sq.Select("count(*) AS looked", "min(w.changed)::text::bigint AS oldest", "max(w.changed)::text::bigint AS newest").
			Column("min(w.changed) FILTER (WHERE w.changed_at >= ?)::text::bigint AS first", p.Since).FromSelect(newest, "w")
	},
})

// start is the place from which on the changes since a time are looked for.
func (r startRow) start() int64 {
	switch {
	case r.Looked == 0 || r.Looked == lookedBack && r.First != nil && *r.First == *r.Oldest:
		return 0
	case r.First == nil:
		return *r.Newest
	}
	return *r.First
}

type changesPage struct {
	Since time.Time
	First bool // whether Since counts, and ID does not
	// Change is where the first page begins to look among users; there are few
	// tombstones, which are all looked at, and may be older than any user's change.
	Change string
	ID     [16]byte
	Limit  int32
}

// changeRow is a row of roster.users or, with Erased, of roster.user_tombstones,
// which has no more than an id and a time.
type changeRow struct {
	ID          [16]byte         `db:"id"`
	Change      int64            `db:"change"`
	Erased      bool             `db:"erased"`
	ExternalID  *string          `db:"external_id"`
	Username    *string          `db:"username"`
	Email       *string          `db:"email"`
	DisplayName *string          `db:"display_name"`
	Attributes  *json.RawMessage `db:"attributes"`
	Status      *string          `db:"status"`
	CreatedAt   *time.Time       `db:"created_at"`
	UpdatedAt   time.Time        `db:"updated_at"`
	Version     *int64           `db:"version"`
	DeletedAt   *time.Time       `db:"deleted_at"`
}

var usersChanges = sqlcheck.New(sqlcheck.Def[changesPage, changeRow]{
	Name:  "users.changes",
	Enums: map[string][]string{"First": {"false", "true"}},
	Build: func(p changesPage) sq.Sqlizer {
		users := p.choose(sq.Select("u.id AS id", "u.changed AS changed", "false AS erased",
			"u.external_id AS external_id", "u.username AS username", "u.email AS email",
			"u.display_name AS display_name", "u.attributes AS attributes", "u.status AS status",
			"u.created_at AS created_at", "u.updated_at AS updated_at", "u.version AS version",
			"u.deleted_at AS deleted_at").From("roster.users u"), "changed_at", "u")
		if p.First {
			users = users.Where("u.changed >= ?::text::xid8", p.Change)
		}
		tombstones := p.choose(sq.Select("t.id", "t.changed", "true",
			"NULL::text", "NULL::text", "NULL::text", "NULL::text", "NULL::jsonb", "NULL::text", "NULL::timestamptz",
			"t.erased_at", "NULL::bigint", "t.erased_at").From("roster.user_tombstones t"), "erased_at", "t")
		return sq.Expr("SELECT c.id, c.changed::text::bigint AS change, c.erased, c.external_id, c.username, c.email, c.display_name,"+
			" c.attributes, c.status, c.created_at, c.updated_at, c.version, c.deleted_at FROM ((?) UNION ALL (?)) c ORDER BY c.changed, c.id LIMIT ?",
			users, tombstones, p.Limit)
	},
})

// choose takes the settled rows of a table after the place.
func (p changesPage) choose(b sq.SelectBuilder, at, table string) sq.SelectBuilder {
	changed, id := table+".changed", table+".id"
	b = b.Where(changed + " < pg_snapshot_xmin(pg_current_snapshot())")
	if p.First {
		b = b.Where(table+"."+at+" >= ?", p.Since)
	} else {
		b = b.Where("("+changed+", "+id+") > (?::text::xid8, ?)", p.Change, any(p.ID))
	}
	return b.OrderBy(changed, id).Suffix("LIMIT ?", p.Limit)
}

// change converts a row. Of a deleted user it keeps what the list may show.
func (r changeRow) change() (ports.UserChange, error) {
	at := ports.ChangePosition{Change: uint64(r.Change), ID: r.ID} //nolint:gosec // a transaction's number is not negative
	if r.DeletedAt == nil {
		user, err := userRow{
			ID: r.ID, ExternalID: r.ExternalID, Username: orZero(r.Username), Email: orZero(r.Email), DisplayName: orZero(r.DisplayName),
			Attributes: orZero(r.Attributes), Status: orZero(r.Status), CreatedAt: orZero(r.CreatedAt), UpdatedAt: r.UpdatedAt, Version: orZero(r.Version),
		}.user()
		return ports.UserChange{User: user, At: at}, err
	}
	return ports.UserChange{At: at, User: domain.User{
		ID: r.ID, UpdatedAt: r.UpdatedAt.UTC(), DeletedAt: r.DeletedAt.UTC(), Version: domain.Version(orZero(r.Version)),
	}}, nil
}

// ListChanges implements ports.UserLister.
func (s *Users) ListChanges(ctx context.Context, in ports.ListChanges) (ports.Changes, error) {
	// The horizon is looked at first: what the page lacks lies beyond it.
	horizon, err := read(ctx, s.d, func(db sqlcheck.DB) (horizonRow, error) {
		return changesHorizon.One(ctx, db, sqlcheck.None{})
	})
	if err != nil {
		return ports.Changes{}, err
	}
	if horizon.Foreign {
		return ports.Changes{}, &domain.Error{
			Kind: domain.Unavailable, Reason: domain.ReasonReadOnly,
			Detail: "the order of changes is that of another server, from whose dump the database was restored", Fix: "run roster migrate up",
		}
	}
	page := changesPage{Since: in.Since, First: in.After == nil, Limit: limit(in.Limit)}
	if page.First {
		start, err := read(ctx, s.d, func(db sqlcheck.DB) (startRow, error) {
			return changesStart.One(ctx, db, changesSince{in.Since, lookedBack})
		})
		if err != nil {
			return ports.Changes{}, err
		}
		// What was under way when the horizon was looked at may have ended since.
		page.Change = strconv.FormatInt(min(start.start(), horizon.Oldest), 10)
	}
	next := ports.ChangePosition{Change: uint64(max(horizon.Oldest-1, 0)), ID: lastID} //nolint:gosec // not negative
	if in.After != nil {
		page.Change, page.ID = strconv.FormatUint(min(in.After.Change, math.MaxInt64), 10), in.After.ID
		if next.Change <= in.After.Change {
			next = *in.After
		}
	}
	items, err := list(ctx, s.d, usersChanges, page, changeRow.change)
	if n := len(items); n > 0 && (n == in.Limit.Int() || comesAfter(items[n-1].At, next)) {
		next = items[n-1].At
	}
	return ports.Changes{Items: items, Next: next}, err
}

func comesAfter(a, b ports.ChangePosition) bool {
	return cmp.Or(cmp.Compare(a.Change, b.Change), bytes.Compare(a.ID[:], b.ID[:])) > 0
}

// orZero is what p points to, the zero value where that is nothing.
func orZero[T any](p *T) (value T) {
	if p != nil {
		value = *p
	}
	return value
}
