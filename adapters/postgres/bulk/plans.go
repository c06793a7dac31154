package bulk

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type stagedPlan struct {
	Line  int64  `db:"line"`
	Code  string `db:"code"`
	Name  string `db:"name"`
	Seats *int32 `db:"seats"`
}

func stagePlan(line ports.Line[domain.Plan]) stagedPlan {
	p := line.Record
	seats, _ := p.Seats.Limit()
	return stagedPlan{Line: line.Number, Code: p.Code.String(), Name: p.Name.String(), Seats: rows.NonZero(seats)}
}

const planColumns = "line, code, name, seats"

var plans = kind[domain.Plan, stagedPlan]{
	staging: newStaging[stagedPlan]("plans"), row: stagePlan, refusals: planRefusals,
	store: newTimelessStoring(storeDef{
		table: "plans", columns: planColumns,
		insert: func(importedAt) sq.InsertBuilder {
			return sq.Insert("roster.plans").Columns("code", "name", "seats").
				Select(sq.Select("s.code", "s.name", "s.seats").From("staged s").OrderBy("s.line"))
		},
		returning: "code", key: "stored.code", lines: "stored JOIN staged s ON s.code = stored.code",
	}),
}

// A line without seats means no limit, so that seats are always compared.
var planRefusals = refusing("plans", planColumns, "", sq.Select("s.line", "'differs' AS reason", "d.fields").
	From("staged s").
	Join("roster.plans p ON p.code = s.code").
	Join(`LATERAL (SELECT concat_ws(', ',
			CASE WHEN p.name <> s.name THEN 'name' END,
			CASE WHEN p.seats IS DISTINCT FROM s.seats THEN 'seats' END) AS fields) d ON d.fields <> ''`).
	OrderBy("s.line"))
