package postgres

import (
	"context"
	"strings"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Leftovers searches the whole schema for what an erasure should have removed: every
// column of every table, as the catalogue lists them.
type Leftovers struct{ pool *database.Pool }

// NewLeftovers returns the search in d.
func NewLeftovers(d *Database) *Leftovers { return &Leftovers{d.pool.For(database.Streams)} }

// Leftover is a column in which one of the values was found.
type Leftover struct {
	Table, Column string
	// Value is the place of the value among those that were searched for, from 0.
	Value int
	// Rows is in how many rows it occurs; 0 where the statistics of the column hold it.
	Rows int64
	// Reason says why it may be left; empty where it must not.
	Reason string
}

// Why values may be left: the id of the erased user or organization, and any value.
var (
	leftByID = map[string]string{
		"user_tombstones.id":  "the tombstone, by which readers of changes learn that the user is gone",
		"erasures.subject":    "the receipt of the erasure",
		"log.subject":         "the log's entries name ids and no values; ROSTER_LOG_KEEP drops them",
		"log.organization_id": "the log's entries name ids and no values; ROSTER_LOG_KEEP drops them",
	}
	leftWithAnyValue = map[string]string{
		"log.actor":               "who made a change, as it authenticated; ROSTER_LOG_KEEP drops it",
		"erasures.origin":         "who asked for an erasure, as it authenticated",
		"api_keys.created_by":     "who made an API key, as it authenticated",
		"api_keys.revoked_by":     "who revoked an API key, as it authenticated",
		"idempotency_keys.caller": "who sent a request, as it authenticated; dropped after a day",
		"idempotency_keys.key":    "a key that a caller chose; dropped after a day",
	}
)

const inStatistics = "a sample that the planner keeps, and a dump does not hold; ANALYZE of the table replaces it"

type timeoutRow struct {
	Timeout string `db:"statement_timeout"`
}

// A large table takes longer than a statement may.
var noTimeout = sqlcheck.New(sqlcheck.Def[sqlcheck.None, timeoutRow]{
	Name: "leftovers.no_timeout",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("set_config('statement_timeout', '0', true) AS statement_timeout")
	},
})

type relationRow struct {
	Name string `db:"name"`
}

// A partition is searched with its table.
var searchedTables = sqlcheck.New(sqlcheck.Def[sqlcheck.None, relationRow]{
	Name: "leftovers.tables",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("c.relname::text AS name").From("pg_catalog.pg_class c").
			Where("c.relnamespace = 'roster'::regnamespace AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition").
			OrderBy("name")
	},
})

type findValues struct {
	Table  string
	Values []string
}

type foundRow struct {
	Column *string `db:"name"`
	Place  *int64  `db:"place"`
	Size   *int64  `db:"size"`
}

var valuesFound = sqlcheck.New(sqlcheck.Def[findValues, foundRow]{
	Name: "leftovers.find",
	Build: func(p findValues) sq.Sqlizer {
		return sq.Expr("SELECT f.name, f.place, f.size FROM roster.find_values(format('roster.%I', ?::text)::regclass, ?) f", p.Table, p.Values)
	},
})

type sampledRow struct {
	Table  string `db:"tablename"`
	Column string `db:"attname"`
	Place  int64  `db:"place"`
}

type findSampled struct{ Values []string }

// The statistics of a column hold some of its values.
var valuesSampled = sqlcheck.New(sqlcheck.Def[findSampled, sampledRow]{
	Name: "leftovers.statistics",
	Build: func(p findSampled) sq.Sqlizer {
		return sq.Expr(`SELECT s.tablename::text AS tablename, s.attname::text AS attname, v.place
			FROM pg_catalog.pg_stats s, unnest(?::text[]) WITH ORDINALITY v (value, place)
			WHERE s.schemaname = 'roster' AND strpos(lower(s::text), lower(v.value)) > 0
			ORDER BY 1, 2, 3`, p.Values)
	},
})

// Find searches for an id and other values of what was erased, as of one moment, and
// changes nothing. It calls found with each column that holds one. It reads every table
// whole, in bounded memory.
func (l *Leftovers) Find(ctx context.Context, id string, values []string, found func(Leftover) error) error {
	wanted := append([]string{id}, values...)
	options := sqlcheck.TxOptions{Isolation: pgx.RepeatableRead, ReadOnly: true}
	return database.Translate(ctx, sqlcheck.InTx(ctx, l.pool.Session(), options, func(ctx context.Context, tx sqlcheck.Tx) error {
		if _, err := noTimeout.One(ctx, tx, sqlcheck.None{}); err != nil {
			return err
		}
		tables, err := searchedTables.All(ctx, tx, sqlcheck.None{})
		if err != nil {
			return err
		}
		for _, table := range tables {
			rows, err := valuesFound.All(ctx, tx, findValues{table.Name, wanted})
			if err != nil {
				return err
			}
			for _, row := range rows {
				if err := found(leftover(table.Name, *row.Column, *row.Place, *row.Size)); err != nil {
					return err
				}
			}
		}
		sampled, err := valuesSampled.All(ctx, tx, findSampled{wanted})
		if err != nil {
			return err
		}
		for _, row := range sampled {
			err := found(Leftover{Table: row.Table, Column: row.Column, Value: int(row.Place) - 1, Reason: inStatistics})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

func leftover(table, column string, place, size int64) Leftover {
	name := strings.Join([]string{table, column}, ".")
	reason := leftWithAnyValue[name]
	if reason == "" && place == 1 {
		reason = leftByID[name]
	}
	return Leftover{Table: table, Column: column, Value: int(place) - 1, Rows: size, Reason: reason}
}
