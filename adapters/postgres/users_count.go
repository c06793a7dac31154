package postgres

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// countUsers counts all users that pass, or no more than Most.
type countUsers struct {
	rows.UserFilter
	Living []bool
	Most   int64
}

var usersCounted = sqlcheck.New(sqlcheck.Def[countUsers, countRow]{
	Name:   "users.count",
	Enums:  rows.UserFilterEnums(nil),
	Replan: true,
	Build: func(p countUsers) sq.Sqlizer {
		passing := p.UserFilter.Apply(sq.Select("1").From("roster.users u").Where(rows.IsLiving(p.Living))).Suffix("LIMIT ?", p.Most)
		return sq.Select("count(*) AS n").FromSelect(passing, "passing")
	},
	Plan: sqlcheck.Gate{Whole: map[string]string{
		"roster.users":       "counting has a time limit of its own",
		"roster.memberships": "counting has a time limit of its own",
	}},
})

// sampleUsers counts the users that pass in a share of the table, in percent.
type sampleUsers struct {
	rows.UserFilter
	Living []bool
	Share  float32
}

var usersSampled = sqlcheck.New(sqlcheck.Def[sampleUsers, countRow]{
	Name:   "users.sample",
	Enums:  rows.UserFilterEnums(nil),
	Replan: true,
	Build: func(p sampleUsers) sq.Sqlizer {
		return p.UserFilter.Apply(sq.Select("count(*) AS n").From("roster.users u").
			JoinClause("TABLESAMPLE SYSTEM (?)", p.Share).Where(rows.IsLiving(p.Living)))
	},
	Plan: sqlcheck.Gate{Whole: map[string]string{
		"roster.memberships": "the planner may hash the memberships of those in the sample",
	}},
})

// CountUsers implements ports.UserLister.
func (l userLists) CountUsers(ctx context.Context, in ports.CountUsers) (domain.Total, error) {
	filter, living := rows.FilterOf(in.Filter), rows.Living(in.Filter.Deleted)
	return counter{
		pool: l.counts, table: "roster.users", limit: l.countTime,
		count: func(ctx context.Context, db sqlcheck.DB, most int64) (countRow, error) {
			return usersCounted.One(ctx, db, countUsers{filter, living, most})
		},
		sample: func(ctx context.Context, db sqlcheck.DB, percent float32) (countRow, error) {
			return usersSampled.One(ctx, db, sampleUsers{filter, living, percent})
		},
	}.run(ctx, in.How)
}
