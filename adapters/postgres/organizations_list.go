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

// organizationKeys are the expressions that the sorts of organizations compare.
var organizationKeys = map[string]string{
	string(domain.OrganizationsByCreated): "o.created_at",
	string(domain.OrganizationsByName):    `o.name COLLATE "C"`,
	string(domain.OrganizationsBySlug):    `o.slug COLLATE "C"`,
}

type listOrganizations struct {
	Plan sqlcheck.Opt[string]
	database.Cursor
}

var organizationsListed = sqlcheck.New(sqlcheck.Def[listOrganizations, rows.Organization]{
	Name:  "organizations.list",
	Enums: database.Orders(domain.OrganizationsByCreated, domain.OrganizationsByName, domain.OrganizationsBySlug),
	Build: func(p listOrganizations) sq.Sqlizer {
		b := selectOrganizations()
		if p.Plan.Set {
			b = b.Where("o.plan = ?", p.Plan.V)
		}
		return p.Apply(b, organizationKeys[p.Sort], "o.id")
	},
})

// ListOrganizations implements ports.OrganizationReader.
func (s *Organizations) ListOrganizations(ctx context.Context, in ports.ListOrganizations) (ports.Page[domain.Organization], error) {
	p := listOrganizations{onPlan(in.Plan), database.CursorAfter(string(in.Order.By()), in.Order.Ascending(), in.After, in.Limit)}
	return database.Page(ctx, s.pool, organizationsListed, p, rows.Organization.Value, in.Limit)
}

func onPlan(plan domain.PlanCode) sqlcheck.Opt[string] {
	return sqlcheck.Opt[string]{V: plan.String(), Set: plan != domain.PlanCode{}}
}

// within is the parameter of an organization; it is absent where id is zero.
func within(id domain.OrganizationID) sqlcheck.Opt[[16]byte] {
	return sqlcheck.Opt[[16]byte]{V: id, Set: !id.IsZero()}
}

type countOrganizations struct {
	Plan sqlcheck.Opt[string]
	Most int64
}

var organizationsCounted = sqlcheck.New(sqlcheck.Def[countOrganizations, countRow]{
	Name: "organizations.count",
	Build: func(p countOrganizations) sq.Sqlizer {
		passing := sq.Select("1").From("roster.organizations o")
		if p.Plan.Set {
			passing = passing.Where("o.plan = ?", p.Plan.V)
		}
		return sq.Select("count(*) AS n").FromSelect(passing.Suffix("LIMIT ?", p.Most), "passing")
	},
	Plan: sqlcheck.Gate{Whole: map[string]string{"roster.organizations": "counting has a time limit of its own"}},
})

type sampleOrganizations struct {
	Plan  sqlcheck.Opt[string]
	Share float32 // in percent
}

var organizationsSampled = sqlcheck.New(sqlcheck.Def[sampleOrganizations, countRow]{
	Name: "organizations.sample",
	Build: func(p sampleOrganizations) sq.Sqlizer {
		b := sq.Select("count(*) AS n").From("roster.organizations o").JoinClause("TABLESAMPLE SYSTEM (?)", p.Share)
		if p.Plan.Set {
			b = b.Where("o.plan = ?", p.Plan.V)
		}
		return b
	},
})

// CountOrganizations implements ports.OrganizationReader.
func (s *Organizations) CountOrganizations(ctx context.Context, plan domain.PlanCode, how domain.Counting) (domain.Total, error) {
	return counter{
		pool: s.counts, table: "roster.organizations", limit: maxCountTime,
		count: func(ctx context.Context, db sqlcheck.DB, most int64) (countRow, error) {
			return organizationsCounted.One(ctx, db, countOrganizations{onPlan(plan), most})
		},
		sample: func(ctx context.Context, db sqlcheck.DB, percent float32) (countRow, error) {
			return organizationsSampled.One(ctx, db, sampleOrganizations{onPlan(plan), percent})
		},
	}.run(ctx, how)
}
