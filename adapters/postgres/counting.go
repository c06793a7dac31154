package postgres

import (
	"context"
	"errors"
	"math"
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

const (
	// maxCountTime is how long counting may take before an estimate replaces it.
	maxCountTime = 500 * time.Millisecond
	// sampleRows is about how many rows an estimate reads.
	sampleRows = 20_000
)

type countRow struct {
	N int64 `db:"n"`
}

type tableName struct{ Table string }

type tableRowsRow struct {
	Rows float64 `db:"rows"`
}

var tableRows = sqlcheck.New(sqlcheck.Def[tableName, tableRowsRow]{
	Name: "schema.rows",
	Build: func(p tableName) sq.Sqlizer {
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

// counter counts the rows of a table that pass a filter.
type counter struct {
	pool  *database.Pool
	table string
	limit time.Duration // of an exact count, maxCountTime
	// count counts up to a number of rows.
	count func(ctx context.Context, db sqlcheck.DB, most int64) (countRow, error)
	// sample counts in a share of the table's pages, in percent.
	sample func(ctx context.Context, db sqlcheck.DB, percent float32) (countRow, error)
}

// run counts in bounded time: where an exact count takes too long, it estimates.
func (c counter) run(ctx context.Context, how domain.Counting) (domain.Total, error) {
	most := int64(math.MaxInt64)
	switch how {
	case domain.CountCapped:
		most = domain.MaxCounted + 1
	case domain.CountExact:
	case domain.CountEstimate:
		return c.estimate(ctx)
	default:
		return domain.Total{Kind: domain.CountNone}, nil
	}
	n, err := c.inTime(ctx, most)
	var late *domain.Error
	switch {
	case database.Code(err) != "" && errors.As(err, &late) && late.Reason == domain.ReasonOverloaded && ctx.Err() == nil:
		return c.estimate(ctx)
	case err == nil && n >= most:
		return domain.Total{N: domain.MaxCounted, Kind: domain.CountCapped}, nil
	}
	return domain.Total{N: n, Kind: domain.CountExact}, err
}

// inTime counts up to most. The database ends it at the time limit.
func (c counter) inTime(ctx context.Context, most int64) (n int64, err error) {
	options := sqlcheck.TxOptions{Isolation: pgx.ReadCommitted, ReadOnly: true}
	err = sqlcheck.InTx(ctx, c.pool.Session(), options, func(ctx context.Context, tx sqlcheck.Tx) error {
		if _, err := limitTime.One(ctx, tx, timeLimit{strconv.FormatInt(c.limit.Milliseconds(), 10)}); err != nil {
			return err
		}
		row, err := c.count(ctx, tx, most)
		n = row.N
		return err
	})
	return n, database.Translate(ctx, err)
}

// estimate extrapolates from a sample; a small table is read whole.
func (c counter) estimate(ctx context.Context) (domain.Total, error) {
	table, err := database.Read(ctx, c.pool, func(db sqlcheck.DB) (tableRowsRow, error) {
		return tableRows.One(ctx, db, tableName{c.table})
	})
	if err != nil {
		return domain.Total{}, err
	}
	percent := float32(100)
	if table.Rows > sampleRows {
		percent = float32(100 * sampleRows / table.Rows)
	}
	found, err := database.Read(ctx, c.pool, func(db sqlcheck.DB) (countRow, error) { return c.sample(ctx, db, percent) })
	if percent == 100 {
		return domain.Total{N: found.N, Kind: domain.CountExact}, err
	}
	return domain.Total{N: int64(math.Round(float64(found.N) * 100 / float64(percent))), Kind: domain.CountEstimate}, err
}
