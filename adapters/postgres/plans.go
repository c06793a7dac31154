package postgres

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var plansAll = sqlcheck.New(sqlcheck.Def[sqlcheck.None, rows.Plan]{
	Name: "plans.all",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("p.code", "p.name", "p.seats").From("roster.plans p").OrderBy(`p.code COLLATE "C"`)
	},
})

var planByCode = sqlcheck.New(sqlcheck.Def[byKey, rows.Plan]{
	Name: "plans.by_code",
	Build: func(p byKey) sq.Sqlizer {
		return sq.Select("p.code", "p.name", "p.seats").From("roster.plans p").Where("p.code = ?", p.Key)
	},
})

type storePlan struct {
	Code  string
	Name  string
	Seats *int32
}

var planInsert = sqlcheck.New(sqlcheck.Def[storePlan, sqlcheck.None]{
	Name: "plans.insert",
	Build: func(p storePlan) sq.Sqlizer {
		return sq.Insert("roster.plans").Columns("code", "name", "seats").Values(p.Code, p.Name, p.Seats).
			Suffix("ON CONFLICT (code) DO NOTHING")
	},
})

var planUpdate = sqlcheck.New(sqlcheck.Def[storePlan, sqlcheck.None]{
	Name: "plans.update",
	Build: func(p storePlan) sq.Sqlizer {
		return sq.Update("roster.plans AS p").Set("name", p.Name).Set("seats", p.Seats).Where("p.code = ?", p.Code)
	},
})

var planDelete = sqlcheck.New(sqlcheck.Def[byKey, sqlcheck.None]{
	Name: "plans.delete",
	Build: func(p byKey) sq.Sqlizer {
		return sq.Delete("roster.plans AS p").Where("p.code = ?", p.Key)
	},
})

// Plans implements ports.Plans.
type Plans struct{ pool *database.Pool }

// NewPlans returns the plans kept in d.
func NewPlans(d *Database) *Plans { return &Plans{d.pool} }

// ListPlans implements ports.Plans.
func (s *Plans) ListPlans(ctx context.Context) ([]domain.Plan, error) {
	return database.All(ctx, s.pool, plansAll, sqlcheck.None{}, rows.Plan.Value)
}

// PlanByCode implements ports.Plans.
func (s *Plans) PlanByCode(ctx context.Context, code domain.PlanCode) (domain.Plan, error) {
	return database.One(ctx, s.pool, planByCode, byKey{code.String()}, rows.Plan.Value, "plan", code)
}

// PutPlan implements ports.Plans.
func (s *Plans) PutPlan(ctx context.Context, in ports.PutPlan) (created bool, err error) {
	p := storePlan{Code: in.Plan.Code.String(), Name: in.Plan.Name.String()}
	if n, limited := in.Plan.Seats.Limit(); limited {
		p.Seats = &n
	}
	n, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return planInsert.Exec(ctx, db, p) })
	if err != nil || n > 0 {
		return n > 0, err
	}
	if in.OnlyNew {
		return false, &domain.Error{
			Kind: domain.Stale, Reason: domain.ReasonVersion,
			Detail: "there is a plan " + p.Code, Fix: "choose another code, or send the request without If-None-Match",
		}
	}
	// If another request deletes the plan between the two statements, no row is
	// updated. The result is that of a replacement before the deletion.
	_, err = database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return planUpdate.Exec(ctx, db, p) })
	return false, err
}

// DeletePlan implements ports.Plans.
func (s *Plans) DeletePlan(ctx context.Context, code domain.PlanCode) error {
	n, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return planDelete.Exec(ctx, db, byKey{code.String()}) })
	switch {
	case database.Constraint(err) == "organizations_plan_fkey":
		// Translate would take this for an organization on an unknown plan.
		return &domain.Error{
			Kind: domain.Conflict, Reason: domain.ReasonInUse,
			Detail: "an organization is on the plan", Fix: "give its organizations another plan first", Err: err,
		}
	case err == nil && n == 0:
		return domain.Absent("plan", code)
	}
	return err
}
