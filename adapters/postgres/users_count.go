package postgres

import (
	"context"
	"errors"
	"math"
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	// longestCount is how long counting may take before an estimate has to do.
	longestCount = 500 * time.Millisecond
	// sampled is of about how many rows an estimate is made.
	sampled = 20_000
)

type countRow struct {
	N int64 `db:"n"`
}

// countUsers counts all users that pass, or no more than Most.
type countUsers struct {
	userFilter
	Living []bool
	Most   int64
}

var usersCounted = sqlcheck.New(sqlcheck.Def[countUsers, countRow]{
	Name:   "users.count",
	Enums:  userFilterEnums(nil),
	Replan: true,
	Build: func(p countUsers) sq.Sqlizer {
		passing := p.userFilter.apply(sq.Select("1").From("roster.users u").Where(isLiving(p.Living))).Suffix("LIMIT ?", p.Most)
		return sq.Select("count(*) AS n").FromSelect(passing, "passing")
	},
	Plan: sqlcheck.Gate{Whole: map[string]string{
		"roster.users":       "counting has a time limit of its own",
		"roster.memberships": "counting has a time limit of its own",
	}},
})

// sampleUsers counts the users that pass in a share of the table, in percent.
type sampleUsers struct {
	userFilter
	Living []bool
	Share  float32
}

var usersSampled = sqlcheck.New(sqlcheck.Def[sampleUsers, countRow]{
	Name:   "users.sample",
	Enums:  userFilterEnums(nil),
	Replan: true,
	Build: func(p sampleUsers) sq.Sqlizer {
		return p.userFilter.apply(sq.Select("count(*) AS n").From("roster.users u").
			JoinClause("TABLESAMPLE SYSTEM (?)", p.Share).Where(isLiving(p.Living)))
	},
	Plan: sqlcheck.Gate{Whole: map[string]string{
		"roster.memberships": "the planner may hash the memberships of those in the sample",
	}},
})

type rowsOf struct{ Table string }

type rowsRow struct {
	Rows float64 `db:"rows"`
}

var tableRows = sqlcheck.New(sqlcheck.Def[rowsOf, rowsRow]{
	Name: "schema.rows",
	Build: func(p rowsOf) sq.Sqlizer {
		return sq.Select("greatest(c.reltuples, 0)::float8 AS rows").From("pg_catalog.pg_class c").Where("c.oid = ?::text::regclass", p.Table)
	},
})

type timeLimit struct{ Milliseconds string }

type timeLimitRow struct {
	Set string `db:"set"`
}

var limitTime = sqlcheck.New(sqlcheck.Def[timeLimit, timeLimitRow]{
	Name: "schema.limit_time",
	Build: func(p timeLimit) sq.Sqlizer {
		return sq.Select().Column("set_config('statement_timeout', ?, true) AS set", p.Milliseconds)
	},
})

// CountUsers implements ports.UserLister.
func (s *Users) CountUsers(ctx context.Context, in ports.CountUsers) (domain.Total, error) {
	filter, living := filterOf(in.Filter), living(in.Filter.Deleted)
	count := func(db sqlcheck.DB, most int64) (countRow, error) {
		return usersCounted.One(ctx, db, countUsers{filter, living, most})
	}
	sample := func(share float32) (countRow, error) {
		return read(ctx, s.d, func(db sqlcheck.DB) (countRow, error) {
			return usersSampled.One(ctx, db, sampleUsers{filter, living, share})
		})
	}
	return counted(ctx, s.d, in.How, "roster.users", count, sample)
}

// counted counts as it is asked to, in bounded time.
func counted(ctx context.Context, d *Database, how domain.Counting, table string,
	count func(db sqlcheck.DB, most int64) (countRow, error), sample func(share float32) (countRow, error),
) (domain.Total, error) {
	most := int64(math.MaxInt64)
	switch how {
	case domain.CountCapped:
		most = domain.MostCounted + 1
	case domain.CountExact:
	case domain.CountEstimate:
		return estimated(ctx, d, table, sample)
	default:
		return domain.Total{Kind: domain.CountNone}, nil
	}
	n, err := inTime(ctx, d, func(db sqlcheck.DB) (countRow, error) { return count(db, most) })
	var late *domain.Error
	switch {
	case errors.As(err, &late) && late.Reason == domain.ReasonOverloaded && ctx.Err() == nil:
		return estimated(ctx, d, table, sample)
	case err == nil && n.N >= most:
		return domain.Total{N: domain.MostCounted, Kind: domain.CountCapped}, nil
	}
	return domain.Total{N: n.N, Kind: domain.CountExact}, err
}

// inTime runs do, and ends it after longestCount.
func inTime(ctx context.Context, d *Database, do func(sqlcheck.DB) (countRow, error)) (row countRow, err error) {
	err = sqlcheck.InTx(ctx, d.db, sqlcheck.TxOptions{Isolation: pgx.ReadCommitted, ReadOnly: true}, func(ctx context.Context, tx sqlcheck.Tx) error {
		if _, err := limitTime.One(ctx, tx, timeLimit{strconv.FormatInt(longestCount.Milliseconds(), 10)}); err != nil {
			return err
		}
		row, err = do(tx)
		return err
	})
	return row, translate(ctx, err)
}

// estimated extrapolates from a sample, of a small table from all of it.
func estimated(ctx context.Context, d *Database, table string, sample func(share float32) (countRow, error)) (domain.Total, error) {
	rows, err := read(ctx, d, func(db sqlcheck.DB) (rowsRow, error) { return tableRows.One(ctx, db, rowsOf{table}) })
	if err != nil {
		return domain.Total{}, err
	}
	share := float32(100)
	if rows.Rows > sampled {
		share = float32(100 * sampled / rows.Rows)
	}
	found, err := sample(share)
	if share == 100 {
		return domain.Total{N: found.N, Kind: domain.CountExact}, err
	}
	return domain.Total{N: int64(math.Round(float64(found.N) * 100 / float64(share))), Kind: domain.CountEstimate}, err
}
