package postgres

import (
	"context"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/columns"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// organizationKeys are the columns by which organizations are ordered.
var organizationKeys = map[domain.OrganizationSort]string{
	domain.OrganizationsByCreated: "o." + columns.OrganizationsCreatedAt,
	domain.OrganizationsByName:    "o." + columns.OrganizationsName + ` COLLATE "C"`,
	domain.OrganizationsBySlug:    "o." + columns.OrganizationsSlug + ` COLLATE "C"`,
}

// listOrganizations is a page: of At and Key, the one by which is ordered counts.
type listOrganizations struct {
	Plan       sqlcheck.Opt[string]
	Sort       string
	Descending bool
	At         time.Time
	Key        string
	ID         [16]byte
	Limit      int32
}

var organizationsListed = sqlcheck.New(sqlcheck.Def[listOrganizations, organizationRow]{
	Name: "organizations.list",
	Enums: map[string][]string{
		"Sort":       {string(domain.OrganizationsByCreated), string(domain.OrganizationsByName), string(domain.OrganizationsBySlug)},
		"Descending": {"false", "true"},
	},
	Build: func(p listOrganizations) sq.Sqlizer {
		key, direction, after := organizationKeys[domain.OrganizationSort(p.Sort)], "", " > "
		if p.Descending {
			direction, after = " DESC", " < "
		}
		var at any = p.Key
		if p.Sort == string(domain.OrganizationsByCreated) {
			at = p.At
		}
		b := selectOrganizations()
		if p.Plan.Set {
			b = b.Where("o."+columns.OrganizationsPlan+" = ?", p.Plan.V)
		}
		return b.Where("("+key+", o."+columns.OrganizationsID+")"+after+"(?, ?)", at, any(p.ID)).
			OrderBy(key+direction, "o."+columns.OrganizationsID+direction).Suffix("LIMIT ?", p.Limit)
	},
})

// ListOrganizations implements ports.OrganizationReader.
func (s *Organizations) ListOrganizations(ctx context.Context, in ports.ListOrganizations) (ports.Page[domain.Organization], error) {
	p := listOrganizations{
		Plan: onPlan(in.Plan), Sort: string(in.Order.By()), Descending: !in.Order.Ascending(),
		At: earliest, Limit: limit(in.Limit) + 1,
	}
	if p.Descending {
		p.At, p.Key, p.ID = latest, lastText, lastID
	}
	if in.After != nil {
		p.At, p.Key, p.ID = in.After.At, in.After.Key, in.After.ID
	}
	return paged(ctx, s.d, organizationsListed, p, organizationRow.organization, in.Limit)
}

// lastText is after all names: no character is greater, and none has as many.
var lastText = strings.Repeat("\U0010ffff", 201)

func onPlan(plan domain.PlanCode) sqlcheck.Opt[string] {
	return sqlcheck.Opt[string]{V: plan.String(), Set: plan != domain.PlanCode{}}
}

type countOrganizations struct {
	Plan sqlcheck.Opt[string]
	Most int64
}

var organizationsCounted = sqlcheck.New(sqlcheck.Def[countOrganizations, countRow]{
	Name: "organizations.count",
	Build: func(p countOrganizations) sq.Sqlizer {
		passing := sq.Select("1").From(columns.Organizations + " o")
		if p.Plan.Set {
			passing = passing.Where("o."+columns.OrganizationsPlan+" = ?", p.Plan.V)
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
		b := sq.Select("count(*) AS n").From(columns.Organizations+" o").JoinClause("TABLESAMPLE SYSTEM (?)", p.Share)
		if p.Plan.Set {
			b = b.Where("o."+columns.OrganizationsPlan+" = ?", p.Plan.V)
		}
		return b
	},
})

// CountOrganizations implements ports.OrganizationReader.
func (s *Organizations) CountOrganizations(ctx context.Context, plan domain.PlanCode, how domain.Counting) (domain.Total, error) {
	count := func(db sqlcheck.DB, most int64) (countRow, error) {
		return organizationsCounted.One(ctx, db, countOrganizations{onPlan(plan), most})
	}
	sample := func(share float32) (countRow, error) {
		return read(ctx, s.d, func(db sqlcheck.DB) (countRow, error) {
			return organizationsSampled.One(ctx, db, sampleOrganizations{onPlan(plan), share})
		})
	}
	return counted(ctx, s.d, how, "roster.organizations", count, sample)
}
