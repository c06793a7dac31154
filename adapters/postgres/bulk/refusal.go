package bulk

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// refusalRow is a staged line that is not stored.
type refusalRow struct {
	Line int64 `db:"line"`
	// Reason is differs, taken, seats or unknown.
	Reason string `db:"reason"`
	// Fields are the fields at fault, separated by commas.
	Fields string `db:"fields"`
}

func (r refusalRow) problem() error {
	conflict := func(reason domain.Reason, detail, fix string) error {
		return &domain.Error{Kind: domain.Conflict, Reason: reason, Field: r.Fields, Detail: detail, Fix: fix}
	}
	switch r.Reason {
	case "differs":
		return conflict(domain.ReasonTaken, "exists with another value",
			"an import adds and never overwrites: change the stored record, or remove the line")
	case "taken":
		return conflict(domain.ReasonTaken, "belongs to another record", "choose another")
	case "seats":
		return conflict(domain.ReasonSeats, "the plan's seats are taken", "choose a plan with more seats")
	}
	return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonUnknown, Field: r.Fields, Detail: "does not exist", Fix: "import it first"}
}

// refusing defines the query for the staged lines that are neither stored nor
// unchanged. columns are those of the staged lines, with the common table
// expressions after "staged".
func refusing(table, columns, with string, query sq.SelectBuilder) *sqlcheck.Query[staged, refusalRow] {
	return sqlcheck.New(sqlcheck.Def[staged, refusalRow]{
		Name: "bulk.refusals." + table, Enums: ofStaged,
		Build: func(p staged) sq.Sqlizer { return query.PrefixExpr(p.with(table, columns)).Prefix(with) },
	})
}

// either is the id in a line or, where it has none, the new one.
func either[T any](id, fresh domain.ID[T]) domain.ID[T] {
	if id.IsZero() {
		return fresh
	}
	return id
}
