package postgres

import (
	"context"
	"iter"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
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
	return stagedPlan{Line: line.Number, Code: p.Code.String(), Name: p.Name.String(), Seats: given(seats)}
}

var bulkPlans = move[domain.Plan, stagedPlan, sqlcheck.None]{
	staging: newStaging[stagedPlan]("plans"), row: stagePlan, refusals: bulkPlansRefusals,
	store: newStoring(storeDef[sqlcheck.None]{
		table: "plans",
		insert: func(sqlcheck.None) sq.InsertBuilder {
			return sq.Insert("roster.plans").Columns("code", "name", "seats").
				Select(sq.Select("code", "name", "seats").From("roster.staging_plans").OrderBy("line"))
		},
		returning: "code", key: "stored.code", lines: "stored JOIN roster.staging_plans s ON s.code = stored.code",
	}),
}

// Seats that a line does not give are no limit, so they always count.
var bulkPlansRefusals = refusing("plans", sq.Select("s.line", "'differs' AS reason", "d.fields").
	From("roster.staging_plans s").
	Join("roster.plans p ON p.code = s.code").
	Join(`LATERAL (SELECT concat_ws(', ',
			CASE WHEN p.name <> s.name THEN 'name' END,
			CASE WHEN p.seats IS DISTINCT FROM s.seats THEN 'seats' END) AS fields) d ON d.fields <> ''`).
	OrderBy("s.line"))

// AddPlans implements ports.BulkWriter.
func (w *bulkWriter) AddPlans(ctx context.Context, lines iter.Seq2[ports.Line[domain.Plan], error], refuse func(ports.Refusal) error) (ports.Added, error) {
	return bulkPlans.run(ctx, w, sqlcheck.None{}, lines, refuse)
}
