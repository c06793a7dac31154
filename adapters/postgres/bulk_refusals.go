package postgres

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// refusalRow is a staged line that does not go in.
type refusalRow struct {
	Line int64 `db:"line"`
	// Reason is differs, taken, seats or unknown.
	Reason string `db:"reason"`
	// Fields are those at fault, by comma.
	Fields string `db:"fields"`
}

func (r refusalRow) problem() error {
	conflict := func(reason domain.Reason, detail, fix string) error {
		return &domain.Error{Kind: domain.Conflict, Reason: reason, Field: r.Fields, Detail: detail, Fix: fix}
	}
	switch r.Reason {
	case "differs":
		return conflict(domain.ReasonTaken, "exists with another value", "an import adds and never overwrites: change what is there, or take the line out")
	case "taken":
		return conflict(domain.ReasonTaken, "belongs to another record", "choose another")
	case "seats":
		return conflict(domain.ReasonSeats, "the plan's seats are taken", "choose a plan with more seats")
	}
	return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonUnknown, Field: r.Fields, Detail: "does not exist", Fix: "import it first"}
}

// staging is the table in which the rows R of another one are staged.
type staging[R any] struct {
	table string
	copy  *sqlcheck.Copy[R]
	// count and countStored give the planner statistics of the staged rows and
	// of the table that has grown: without them the rules on memberships walk
	// all users for each organization.
	clear, count, countStored *sqlcheck.Query[sqlcheck.None, sqlcheck.None]
}

func newStaging[R any](table string) staging[R] {
	return staging[R]{
		table:       table,
		copy:        sqlcheck.NewCopy[R](sqlcheck.CopyDef{Name: "bulk.copy." + table, Table: "roster.staging_" + table}),
		clear:       utility("bulk.clear.staging_"+table, "TRUNCATE roster.staging_"+table),
		count:       utility("bulk.analyze.staging_"+table, "ANALYZE roster.staging_"+table),
		countStored: utility("bulk.analyze."+table, "ANALYZE roster."+table),
	}
}

func utility(name, text string) *sqlcheck.Query[sqlcheck.None, sqlcheck.None] {
	return sqlcheck.New(sqlcheck.Def[sqlcheck.None, sqlcheck.None]{
		Name: name, Build: func(sqlcheck.None) sq.Sqlizer { return sq.Expr(text) },
	})
}

// refusing defines the query that finds the staged lines that did not get in.
func refusing(table string, query sq.SelectBuilder) *sqlcheck.Query[sqlcheck.None, refusalRow] {
	return sqlcheck.New(sqlcheck.Def[sqlcheck.None, refusalRow]{
		Name: "bulk.refusals." + table, Build: func(sqlcheck.None) sq.Sqlizer { return query },
	})
}

// either is the ID that a line gives or, where it gives none, the new one.
func either[T any](id, fresh domain.ID[T]) domain.ID[T] {
	if id.IsZero() {
		return fresh
	}
	return id
}

// given is nil for a zero value.
func given[T comparable](value T) *T {
	if value == *new(T) {
		return nil
	}
	return &value
}
