package postgres

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/columns"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// planRow is a row of roster.plans.
type planRow struct {
	Code  string `db:"code"`
	Name  string `db:"name"`
	Seats *int32 `db:"seats"`
}

func (r planRow) plan() (domain.Plan, error) {
	p := parsing{table: "plans", id: r.Code}
	plan := domain.Plan{
		Code: parsed(&p, "code", r.Code, domain.ParsePlanCode),
		Name: parsed(&p, "name", r.Name, domain.ParsePlanName),
	}
	if r.Seats != nil {
		plan.Seats = parsed(&p, "seats", int64(*r.Seats), domain.ParseSeats)
	}
	return plan, p.fault()
}

var plansAll = sqlcheck.New(sqlcheck.Def[sqlcheck.None, planRow]{
	Name: "plans.all",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("p."+columns.PlansCode, "p."+columns.PlansName, "p."+columns.PlansSeats).From(columns.Plans + " p").OrderBy(`p.` + columns.PlansCode + ` COLLATE "C"`)
	},
})

type putPlan struct {
	Code  string
	Name  string
	Seats *int32
}

var planPut = sqlcheck.New(sqlcheck.Def[putPlan, planRow]{
	Name: "plans.put",
	Build: func(p putPlan) sq.Sqlizer {
		return sq.Insert(columns.Plans+" AS p").Columns(columns.PlansCode, columns.PlansName, columns.PlansSeats).Values(p.Code, p.Name, p.Seats).
			Suffix("ON CONFLICT (code) DO UPDATE SET name = excluded.name, seats = excluded.seats").
			Suffix("RETURNING p." + columns.PlansCode + ", p." + columns.PlansName + ", p." + columns.PlansSeats)
	},
})

var planDelete = sqlcheck.New(sqlcheck.Def[byKey, sqlcheck.None]{
	Name: "plans.delete",
	Build: func(p byKey) sq.Sqlizer {
		return sq.Delete(columns.Plans+" AS p").Where("p."+columns.PlansCode+" = ?", p.Key)
	},
})

// Plans implements ports.Plans.
type Plans struct{ d *Database }

var _ ports.Plans = (*Plans)(nil)

// NewPlans returns the plans kept in d.
func NewPlans(d *Database) *Plans { return &Plans{d} }

// ListPlans implements ports.Plans.
func (s *Plans) ListPlans(ctx context.Context) ([]domain.Plan, error) {
	return list(ctx, s.d, plansAll, sqlcheck.None{}, planRow.plan)
}

// PutPlan implements ports.Plans.
func (s *Plans) PutPlan(ctx context.Context, plan domain.Plan) (domain.Plan, error) {
	put := putPlan{Code: plan.Code.String(), Name: plan.Name.String()}
	if most, limited := plan.Seats.Limit(); limited {
		put.Seats = &most
	}
	row, err := write(ctx, s.d, func(db sqlcheck.DB) (planRow, error) { return planPut.One(ctx, db, put) })
	if err != nil {
		return domain.Plan{}, err
	}
	return row.plan()
}

// DeletePlan implements ports.Plans.
func (s *Plans) DeletePlan(ctx context.Context, code domain.PlanCode) error {
	n, err := write(ctx, s.d, func(db sqlcheck.DB) (int64, error) { return planDelete.Exec(ctx, db, byKey{code.String()}) })
	switch {
	case constraint(err) == "organizations_plan_fkey":
		// The constraint's usual meaning, an unknown plan, is that of the other direction.
		return &domain.Error{
			Kind: domain.Conflict, Reason: domain.ReasonInUse,
			Detail: "an organization is on the plan", Fix: "give its organizations another plan first", Err: err,
		}
	case err == nil && n == 0:
		return domain.Absent("plan", code)
	}
	return err
}
