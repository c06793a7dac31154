package search

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// findAll takes users of the tokens from Low to before High.
type findAll struct {
	conditions
	Low, High string
	cursor
}

// searchAll looks at all users of a range of tokens.
var searchAll = sqlcheck.New(sqlcheck.Def[findAll, hitRow]{
	Name:  "users.search_pick",
	Enums: enums,
	Build: func(p findAll) sq.Sqlizer {
		return p.sortedHits(p.cursor, sq.Select("DISTINCT w.created_at", "w.user_id").From("roster.user_words w").Where(inRange, p.Low, p.High))
	},
})

type findMembers struct {
	conditions
	Group [16]byte
	cursor
}

// searchMembers looks at all members of an organization.
var searchMembers = sqlcheck.New(sqlcheck.Def[findMembers, hitRow]{
	Name:  "users.search_members",
	Enums: enums,
	Build: func(p findMembers) sq.Sqlizer {
		return p.sortedHits(p.cursor, sq.Select("u.created_at", "g.user_id").From("roster.memberships g").
			Join("roster.users u ON u.id = g.user_id").
			Where("g.organization_id = ?", p.Group))
	},
})

// countPostings asks for the number of postings of the tokens from each Low to
// before its High, counted up to Most.
type countPostings struct {
	Lows, Highs []string
	Most        int32
}

type countRow struct {
	Size int64 `db:"size"`
}

func (r countRow) value() (int64, error) { return r.Size, nil }

var postingCounts = sqlcheck.New(sqlcheck.Def[countPostings, countRow]{
	Name: "users.search_sizes",
	Build: func(p countPostings) sq.Sqlizer {
		return sq.Expr("SELECT (SELECT count(*) FROM (?) s) AS size FROM ? WITH ORDINALITY i (low, high, place) ORDER BY i.place",
			postingsOf("1", "i").Suffix("LIMIT ?", p.Most), ranges(p.Lows, p.Highs))
	},
})

type countMembers struct {
	Group [16]byte
	Most  int32
}

var memberCount = sqlcheck.New(sqlcheck.Def[countMembers, countRow]{
	Name: "users.search_members_size",
	Build: func(p countMembers) sq.Sqlizer {
		return sq.Expr("SELECT count(*) AS size FROM (?) s", sq.Select("1").From("roster.memberships g").
			Where("g.organization_id = ?", p.Group).Suffix("LIMIT ?", p.Most))
	},
})

func (r *run) countMembers(ctx context.Context, most int32) (int64, error) {
	organization := r.in.Filter.Organization
	return database.One(ctx, r.pool, memberCount, countMembers{organization, most}, countRow.value, "organization", organization)
}

func ranges(lows, highs []string) sq.Sqlizer {
	return sq.Expr("unnest(?::text[], ?::text[])", lows, highs)
}

// postingsOf selects from the postings of the tokens from the low to before the
// high of a row.
func postingsOf(selected, row string) sq.SelectBuilder {
	return sq.Select(selected).From("roster.user_words w").
		Where("w.word >= " + row + ".low AND w.word < " + row + ".high")
}
