package postgres

import (
	"encoding/json"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// changesFromTimeline is a cursor's timeline. The zero value is for cursors of before
// timelines were recorded, and means the first one.
type changesFromTimeline struct{ Token [16]byte }

type horizonRow struct {
	// Oldest is the horizon: the oldest transaction that is still open.
	Oldest int64 `db:"oldest"`
	// End is the first transaction that did not begin yet, or did not write.
	End int64 `db:"end_of_changes"`
	// Newest is the newest change, of the log too.
	Newest int64 `db:"newest"`
	// Standby is whether the server replays the changes of another one.
	Standby bool `db:"standby"`
	// Token names the newest timeline that has changes, Known is whether the cursor's
	// timeline is recorded, and Inherited the last of its changes that the later ones
	// have, if there are later ones.
	Token     *[16]byte `db:"token"`
	Known     bool      `db:"known"`
	Inherited *int64    `db:"inherited"`
}

// foreign is whether rows have numbers of transactions that this server has not
// reached: they come from a dump of another server.
func (r horizonRow) foreign() bool { return r.Newest >= r.End }

var changesHorizon = sqlcheck.New(sqlcheck.Def[changesFromTimeline, horizonRow]{
	Name: "users.changes_horizon",
	Build: func(p changesFromTimeline) sq.Sqlizer {
		mine := sq.Select("n.number", "n.origin", "n.timeline").From("roster.timelines n").
			Where("n.token = ? OR ? = '00000000-0000-0000-0000-000000000000'::uuid", p.Token, p.Token).
			OrderBy("n.number").Suffix("LIMIT 1")
		inherited := sq.Select("min(l.inherited)").FromSelect(mine, "m").
			Join("roster.timelines l ON l.number > m.number AND (l.origin, l.timeline) IS DISTINCT FROM (m.origin, m.timeline)")
		return sq.Select("coalesce(pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0) AS oldest",
			"coalesce(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, 0) AS end_of_changes",
			"coalesce(greatest((SELECT max(u.changed) FROM roster.users u),"+
				" (SELECT max(t.changed) FROM roster.user_tombstones t), (SELECT max(l.xid) FROM roster.log l))::text::bigint, 0) AS newest",
			"coalesce(pg_is_in_recovery(), false) AS standby",
			"(SELECT t.token FROM roster.timelines t ORDER BY t.number DESC LIMIT 1) AS token").
			Column(sq.Alias(sq.Expr("EXISTS (?)", mine), "known")).
			Column(sq.Alias(sq.Expr("((?)::text::bigint)", inherited), "inherited"))
	},
})

// newestChanges is how many of the newest changes are read to find the first
// since a time, before the list is read from its beginning.
const newestChanges = 20_000

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
// first change since a time is the least of all changes since then.
var changesStart = sqlcheck.New(sqlcheck.Def[changesSince, startRow]{
	Name: "users.changes_start",
	Build: func(p changesSince) sq.Sqlizer {
		newest := sq.Select("u.changed", "u.changed_at").From("roster.users u").
			OrderBy("u.changed DESC", "u.id DESC").Suffix("LIMIT ?", p.Most)
		return sq.Select("count(*) AS looked", "min(w.changed)::text::bigint AS oldest", "max(w.changed)::text::bigint AS newest").
			Column("min(w.changed) FILTER (WHERE w.changed_at >= ?)::text::bigint AS first", p.Since).FromSelect(newest, "w")
	},
})

// start is the transaction from which on the changes since a time are read.
func (r startRow) start() int64 {
	switch {
	case r.Looked == 0 || r.Looked == newestChanges && r.First != nil && *r.First == *r.Oldest:
		return 0
	case r.First == nil:
		return *r.Newest
	}
	return *r.First
}

type changesPage struct {
	Since time.Time
	First bool // whether the page begins at Since, and not after ID
	// Change is where the first page begins among users. Tombstones are few and may
	// be older than any user's change, so that all are read.
	Change string
	ID     [16]byte
	Limit  int32
	// Within, where it is set, is the organization to whose members the page is limited.
	Within sqlcheck.Opt[[16]byte]
}

// changeRow is a row of roster.users or, where Erased, of roster.user_tombstones,
// which has only an id and a time.
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

const (
	changesFrom = "SELECT c.id, c.changed::text::bigint AS change, c.erased, c.external_id, c.username, c.email, c.display_name," +
		" c.attributes, c.status, c.created_at, c.updated_at, c.version, c.deleted_at FROM "
	changesInOrder = " c ORDER BY c.changed, c.id LIMIT ?"
)

var usersChanges = sqlcheck.New(sqlcheck.Def[changesPage, changeRow]{
	Name:  "users.changes",
	Enums: map[string][]string{"First": {"false", "true"}},
	Build: func(p changesPage) sq.Sqlizer {
		users := p.settled(sq.Select("u.id AS id", "u.changed AS changed", "false AS erased",
			"u.external_id AS external_id", "u.username AS username", "u.email AS email",
			"u.display_name AS display_name", "u.attributes AS attributes", "u.status AS status",
			"u.created_at AS created_at", "u.updated_at AS updated_at", "u.version AS version",
			"u.deleted_at AS deleted_at").From("roster.users u"), "changed_at", "u")
		if p.First {
			users = users.Where("u.changed >= ?::text::xid8", p.Change)
		}
		if p.Within.Set {
			// An organization has few members beside all changes; each is looked up.
			members := sq.Select("m.user_id").From("roster.memberships m").Where("m.organization_id = ?", p.Within.V)
			return sq.Expr(changesFrom+"(?)"+changesInOrder, users.Where(sq.Expr("u.id IN (?)", members)), p.Limit)
		}
		tombstones := p.settled(sq.Select("t.id", "t.changed", "true",
			"NULL::text", "NULL::text", "NULL::text", "NULL::text", "NULL::jsonb", "NULL::text", "NULL::timestamptz",
			"t.erased_at", "NULL::bigint", "t.erased_at").From("roster.user_tombstones t"), "erased_at", "t")
		return sq.Expr(changesFrom+"((?) UNION ALL (?))"+changesInOrder, users, tombstones, p.Limit)
	},
})

// settled takes the rows of a table after the cursor and before the horizon.
func (p changesPage) settled(b sq.SelectBuilder, at, table string) sq.SelectBuilder {
	changed, id := table+".changed", table+".id"
	b = b.Where(changed + " < pg_snapshot_xmin(pg_current_snapshot())")
	if p.First {
		b = b.Where(table+"."+at+" >= ?", p.Since)
	} else {
		b = b.Where("("+changed+", "+id+") > (?::text::xid8, ?)", p.Change, any(p.ID))
	}
	return b.OrderBy(changed, id).Suffix("LIMIT ?", p.Limit)
}
