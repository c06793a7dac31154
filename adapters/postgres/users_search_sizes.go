package postgres

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type searchMembers struct {
	matching
	Group [16]byte
	place
}

var searchedMembers = sqlcheck.New(sqlcheck.Def[searchMembers, foundRow]{
	Name:  "users.search_members",
	Enums: searchEnums,
	Build: func(p searchMembers) sq.Sqlizer {
		return p.picked(p.place, sq.Select("u.created_at", "g.user_id").From("roster.memberships g").
			Join("roster.users u ON u.id = g.user_id").
			Where("g.organization_id = ?", p.Group))
	},
})

// sizeWords asks how many times the words from each Low to its High are had,
// counted up to Most.
type sizeWords struct {
	Lows, Highs []string
	Most        int32
}

type sizeRow struct {
	Size int64 `db:"size"`
}

var searchSizes = sqlcheck.New(sqlcheck.Def[sizeWords, sizeRow]{
	Name: "users.search_sizes",
	Build: func(p sizeWords) sq.Sqlizer {
		return sq.Expr("SELECT (SELECT count(*) FROM (?) s) AS size FROM ? WITH ORDINALITY i (low, high, place) ORDER BY i.place",
			entriesBetween("1", "i").Suffix("LIMIT ?", p.Most), rangesOf(p.Lows, p.Highs))
	},
})

type sizeMembers struct {
	Group [16]byte
	Most  int32
}

var searchMembersSize = sqlcheck.New(sqlcheck.Def[sizeMembers, sizeRow]{
	Name: "users.search_members_size",
	Build: func(p sizeMembers) sq.Sqlizer {
		return sq.Expr("SELECT count(*) AS size FROM (?) s", sq.Select("1").From("roster.memberships g").
			Where("g.organization_id = ?", p.Group).Suffix("LIMIT ?", p.Most))
	},
})
