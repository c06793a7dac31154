package bulk

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// staging is the table in which rows R wait to be stored in another one.
type staging[R any] struct {
	table string
	copy  *sqlcheck.Copy[R]
	// analyze and analyzeStored give the planner statistics of the staged rows and
	// of the table that has grown: without them the rules of memberships read all
	// users for each organization.
	clear, analyze, analyzeStored *sqlcheck.Query[sqlcheck.None, sqlcheck.None]
}

func newStaging[R any](table string) staging[R] {
	return staging[R]{
		table:         table,
		copy:          sqlcheck.NewCopy[R](sqlcheck.CopyDef{Name: "bulk.copy." + table, Table: "roster.staging_" + table}),
		clear:         utility("bulk.clear.staging_"+table, "TRUNCATE roster.staging_"+table),
		analyze:       utility("bulk.analyze.staging_"+table, "ANALYZE roster.staging_"+table),
		analyzeStored: utility("bulk.analyze."+table, "ANALYZE roster."+table),
	}
}

func utility(name, text string) *sqlcheck.Query[sqlcheck.None, sqlcheck.None] {
	return sqlcheck.New(sqlcheck.Def[sqlcheck.None, sqlcheck.None]{
		Name: name, Build: func(sqlcheck.None) sq.Sqlizer { return sq.Expr(text) },
	})
}
