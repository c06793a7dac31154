package bulk

import (
	"iter"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// staging is the table in which rows R wait to be stored in another one.
type staging[R any] struct {
	table string
	copy  *sqlcheck.Copy[R]
	// remove deletes lines.
	remove *sqlcheck.Query[fromLine, sqlcheck.None]
	// analyze and analyzeStored give the planner statistics of the staged rows and
	// of the table that has grown: without them the rules of memberships read all
	// users for each organization.
	analyze, analyzeStored *sqlcheck.Query[sqlcheck.None, sqlcheck.None]
}

func newStaging[R any](table string) staging[R] {
	return staging[R]{
		table: table,
		copy:  sqlcheck.NewCopy[R](sqlcheck.CopyDef{Name: "bulk.copy." + table, Table: "roster.staging_" + table}),
		remove: sqlcheck.New(sqlcheck.Def[fromLine, sqlcheck.None]{
			Name: "bulk.remove.staging_" + table,
			Build: func(p fromLine) sq.Sqlizer {
				return sq.Delete("roster.staging_"+table).Where("line >= ?", p.First)
			},
		}),
		analyze:       utility("bulk.analyze.staging_"+table, "ANALYZE roster.staging_"+table),
		analyzeStored: utility("bulk.analyze."+table, "ANALYZE roster."+table),
	}
}

func utility(name, text string) *sqlcheck.Query[sqlcheck.None, sqlcheck.None] {
	return sqlcheck.New(sqlcheck.Def[sqlcheck.None, sqlcheck.None]{
		Name: name, Build: func(sqlcheck.None) sq.Sqlizer { return sq.Expr(text) },
	})
}

// staged selects staged lines: all or, of a file in parts, those of one part. The
// lines of earlier parts are deleted, so that a part needs only its first line.
type staged struct {
	Part  bool
	First int64
}

// fromLine is a line from which on staged lines are meant.
type fromLine struct{ First int64 }

// with is the common table expression "staged" of these lines.
func (p staged) with(table, columns string) sq.Sqlizer {
	if p.Part {
		return sq.Expr("WITH staged AS (SELECT "+columns+" FROM roster.staging_"+table+" WHERE line >= ?)", p.First)
	}
	return sq.Expr("WITH staged AS (SELECT " + columns + " FROM roster.staging_" + table + ")")
}

// ofStaged are the variants of a query of staged lines.
var ofStaged = map[string][]string{"Part": {"false", "true"}}

// allKinds are the kinds of records, as the names of the staging tables end.
var allKinds = []string{"plans", "organizations", "users", "memberships", "events"}

type stagedKinds struct{ Kinds []string }

type clearedRow struct {
	Count int64 `db:"count"`
}

var clearStaging = sqlcheck.New(sqlcheck.Def[stagedKinds, clearedRow]{
	Name: "bulk.clear",
	Build: func(p stagedKinds) sq.Sqlizer {
		return sq.Expr("SELECT count(*) AS count FROM unnest(?::text[]) kinds (kind), roster.clear_staging(kinds.kind)", p.Kinds)
	},
})

// each gives rows, which can be read again.
func each[R any](rows []R) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}
