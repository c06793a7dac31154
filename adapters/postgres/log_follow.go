package postgres

import (
	"context"
	"errors"
	"math"
	"strconv"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type followLog struct {
	Change string
	Number int64
	Limit  int32
}

type followedRow struct {
	rows.LogEntry
	Change  int64      `db:"change"`
	Members [][16]byte `db:"members"`
}

func (r followedRow) followed() (ports.FollowedEntry, error) {
	entry, err := r.Value()
	f := ports.FollowedEntry{
		Entry: entry, At: ports.LogPosition{Change: uint64(r.Change), Number: r.Number}, //nolint:gosec // a transaction's number is not negative
	}
	for _, id := range r.Members {
		f.Members = append(f.Members, id)
	}
	return f, err
}

var logFollowed = sqlcheck.New(sqlcheck.Def[followLog, followedRow]{
	Name: "log.follow",
	Build: func(p followLog) sq.Sqlizer {
		return sq.Select(rows.LogColumns("l")...).
			Column("l.xid::text::bigint AS change").
			Column("CASE WHEN l.organization_id IS NULL AND l.kind LIKE 'user.%' THEN ARRAY("+
				"SELECT m.organization_id FROM roster.memberships m WHERE m.user_id = l.subject::uuid) ELSE '{}' END AS members").
			From("roster.log l").
			Where("(l.xid, l.number) > (?::text::xid8, ?) AND l.xid < pg_snapshot_xmin(pg_current_snapshot())", p.Change, p.Number).
			OrderBy("l.xid", "l.number").Suffix("LIMIT ?", p.Limit)
	},
})

type droppedLogRow struct {
	Change int64 `db:"change"`
}

// logDropped is the last transaction whose entries were dropped.
var logDropped = sqlcheck.New(sqlcheck.Def[sqlcheck.None, droppedLogRow]{
	Name: "log.dropped",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("coalesce(max(d.xid)::text::bigint, 0) AS change").From("roster.log_dropped d")
	},
})

// FollowLog implements ports.LogFollower.
func (s *LogEntries) FollowLog(ctx context.Context, in ports.FollowLog) (ports.Followed, error) {
	// The horizon is read first, so that entries which the page lacks are beyond it.
	horizon, from, err := s.resume(ctx, in.After)
	if err != nil {
		return ports.Followed{}, err
	}
	page := followLog{Change: strconv.FormatUint(min(from.Change, math.MaxInt64), 10), Number: from.Number, Limit: database.Limit(in.Limit)}
	entries, err := database.All(ctx, s.pool, logFollowed, page, followedRow.followed)
	if err != nil {
		return ports.Followed{}, err
	}
	// Later entries may be of a timeline that the horizon does not know. The next page has them.
	for i := range entries {
		if entries[i].At.Change > horizon.last() {
			entries = entries[:i]
			break
		}
	}
	next := from
	if len(entries) < in.Limit.Int() && horizon.last() > next.Change {
		next.Change, next.Number = horizon.last(), math.MaxInt64
	}
	if n := len(entries); n > 0 {
		last := entries[n-1].At
		next.Seen = last.Change
		if n == in.Limit.Int() || last.Change > next.Change {
			next.Change, next.Number = last.Change, last.Number
		}
	}
	next.Timeline = rows.OrZero(horizon.Token)
	for i := range entries {
		at := &entries[i].At
		at.Timeline, at.Seen = next.Timeline, at.Change
	}
	return ports.Followed{Entries: entries, Next: next}, nil
}

// resume returns the horizon, and where a reader goes on. The error is that of
// ports.LogFollower.
func (s *LogEntries) resume(ctx context.Context, after *ports.LogPosition) (horizonRow, ports.LogPosition, error) {
	if after == nil {
		horizon, err := readHorizon(ctx, s.pool, nil)
		return horizon, ports.LogPosition{}, err
	}
	change := &ports.ChangePosition{Change: after.Change, Timeline: after.Timeline, Seen: after.Seen}
	horizon, err := readHorizon(ctx, s.pool, change)
	if err != nil {
		return horizon, ports.LogPosition{}, err
	}
	resumed, err := horizon.resume(change)
	if errors.Is(err, domain.Gone) {
		err = ports.LostLog()
	}
	if err != nil {
		return horizon, ports.LogPosition{}, err
	}
	from := *after
	if resumed.Change != from.Change {
		from.Change, from.Number = resumed.Change, math.MaxInt64
	}
	from.Seen = resumed.Seen
	dropped, err := database.Read(ctx, s.pool, func(db sqlcheck.DB) (droppedLogRow, error) { return logDropped.One(ctx, db, sqlcheck.None{}) })
	if err == nil && int64(min(from.Change, math.MaxInt64)) < dropped.Change {
		err = ports.ExpiredLog()
	}
	return horizon, from, err
}

type logEndRow struct {
	Change int64 `db:"change"`
	Number int64 `db:"number"`
}

var logEnd = sqlcheck.New(sqlcheck.Def[sqlcheck.None, logEndRow]{
	Name: "log.end",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("l.xid::text::bigint AS change", "l.number").From("roster.log l").
			Where("l.xid < pg_snapshot_xmin(pg_current_snapshot())").OrderBy("l.xid DESC", "l.number DESC").Suffix("LIMIT 1")
	},
})

// LogEnd implements ports.LogFollower.
func (s *LogEntries) LogEnd(ctx context.Context) (ports.LogPosition, error) {
	horizon, err := readHorizon(ctx, s.pool, nil)
	if err != nil {
		return ports.LogPosition{}, err
	}
	found, err := database.Read(ctx, s.pool, func(db sqlcheck.DB) ([]logEndRow, error) { return logEnd.All(ctx, db, sqlcheck.None{}) })
	end := ports.LogPosition{Timeline: rows.OrZero(horizon.Token)}
	if len(found) > 0 {
		end.Change, end.Number = uint64(found[0].Change), found[0].Number //nolint:gosec // a transaction's number is not negative
		end.Seen = end.Change
	}
	return end, err
}
