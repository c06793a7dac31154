package rows

import "github.com/roster-directory/roster/domain"

// Plan is a row of roster.plans.
type Plan struct {
	Code  string `db:"code"`
	Name  string `db:"name"`
	Seats *int32 `db:"seats"`
}

// Value converts the row.
func (r Plan) Value() (domain.Plan, error) {
	c := Conversion{Table: "plans", ID: r.Code}
	plan := domain.Plan{
		Code: Parse(&c, "code", r.Code, domain.ParsePlanCode),
		Name: Parse(&c, "name", r.Name, domain.ParsePlanName),
	}
	if r.Seats != nil {
		plan.Seats = Parse(&c, "seats", int64(*r.Seats), domain.ParseSeats)
	}
	return plan, c.Err()
}
