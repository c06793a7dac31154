package postgres

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

func selectUsers() sq.SelectBuilder {
	return sq.Select(userColumns("u")...).From("roster.users u").Where("u.deleted_at IS NULL")
}

type byID struct{ ID [16]byte }

var userByID = sqlcheck.New(sqlcheck.Def[byID, userRow]{
	Name:  "users.by_id",
	Build: func(p byID) sq.Sqlizer { return selectUsers().Where("u.id = ?", p.ID) },
})

type byIDs struct{ IDs [][16]byte }

var usersByID = sqlcheck.New(sqlcheck.Def[byIDs, userRow]{
	Name:  "users.by_ids",
	Build: func(p byIDs) sq.Sqlizer { return selectUsers().Where("u.id = ANY(?)", p.IDs) },
})

type byKey struct{ Key string }

var userByUsername = sqlcheck.New(sqlcheck.Def[byKey, userRow]{
	Name: "users.by_username",
	Build: func(p byKey) sq.Sqlizer {
		return selectUsers().Where(`lower(u.username COLLATE "C") = ?`, p.Key)
	},
})

var userByEmail = sqlcheck.New(sqlcheck.Def[byKey, userRow]{
	Name: "users.by_email",
	Build: func(p byKey) sq.Sqlizer {
		return selectUsers().Where(`lower(u.email COLLATE "C") = ?`, p.Key)
	},
})

var userByExternalID = sqlcheck.New(sqlcheck.Def[byKey, userRow]{
	Name:  "users.by_external_id",
	Build: func(p byKey) sq.Sqlizer { return selectUsers().Where("u.external_id = ?", p.Key) },
})

type page struct{ Limit int32 }

var usersNewest = sqlcheck.New(sqlcheck.Def[page, userRow]{
	Name: "users.newest",
	Build: func(p page) sq.Sqlizer {
		return selectUsers().OrderBy("u.created_at DESC", "u.id DESC").Suffix("LIMIT ?", p.Limit)
	},
})
