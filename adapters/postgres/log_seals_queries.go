package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type sealRow struct {
	Number   int64     `db:"number"`
	Month    time.Time `db:"month"`
	After    int64     `db:"after"`
	Through  int64     `db:"through"`
	Entries  int64     `db:"entries"`
	Content  []byte    `db:"content"`
	Leaves   []byte    `db:"leaves"`
	SealedAt time.Time `db:"sealed_at"`
	Hash     []byte    `db:"hash"`
}

type afterNumber struct {
	After int64
	Limit int32
}

var logSeals = sqlcheck.New(sqlcheck.Def[afterNumber, sealRow]{
	Name: "log.seals",
	Build: func(p afterNumber) sq.Sqlizer {
		return sq.Select("s.number", "(s.month::timestamp AT TIME ZONE 'UTC') AS month", "s.after", "s.through", "s.entries",
			"s.content", "s.leaves", "s.sealed_at", "s.hash").
			From("roster.log_seals s").Where("s.number > ?", p.After).OrderBy("s.number").Suffix("LIMIT ?", p.Limit)
	},
})

type sealedRange struct {
	After, Through int64
	Limit          int32
}

var logSealed = sqlcheck.New(sqlcheck.Def[sealedRange, rows.LogEntry]{
	Name: "log.sealed",
	Build: func(p sealedRange) sq.Sqlizer {
		return sq.Select(rows.LogColumns("l")...).From("roster.log l").
			Where("l.number > ? AND l.number <= ?", p.After, p.Through).OrderBy("l.number").Suffix("LIMIT ?", p.Limit)
	},
})

type droppedMonthRow struct {
	Partition string `db:"partition"`
}

var logDroppedMonths = sqlcheck.New(sqlcheck.Def[sqlcheck.None, droppedMonthRow]{
	Name: "log.dropped_months",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("d.partition").From("roster.log_dropped d").OrderBy("d.partition")
	},
})

type unsealedRow struct {
	Entries int64 `db:"entries"`
}

var logUnsealed = sqlcheck.New(sqlcheck.Def[afterNumber, unsealedRow]{
	Name: "log.unsealed",
	Build: func(p afterNumber) sq.Sqlizer {
		newer := sq.Select("l.number").From("roster.log l").Where("l.number > ?", p.After).Suffix("LIMIT ?", p.Limit)
		return sq.Select("count(*) AS entries").FromSelect(newer, "n")
	},
})
