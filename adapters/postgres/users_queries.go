package postgres

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/columns"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

func selectUsers() sq.SelectBuilder {
	return sq.Select(userColumns("u")...).From(columns.Users + " u").Where("u." + columns.UsersDeletedAt + " IS NULL")
}

type byID struct{ ID [16]byte }

var userByID = sqlcheck.New(sqlcheck.Def[byID, userRow]{
	Name:  "users.by_id",
	Build: func(p byID) sq.Sqlizer { return selectUsers().Where("u."+columns.UsersID+" = ?", p.ID) },
})

type byIDs struct{ IDs [][16]byte }

var usersByID = sqlcheck.New(sqlcheck.Def[byIDs, userRow]{
	Name:  "users.by_ids",
	Build: func(p byIDs) sq.Sqlizer { return selectUsers().Where("u."+columns.UsersID+" = ANY(?)", p.IDs) },
})

type byKey struct{ Key string }

var userByUsername = sqlcheck.New(sqlcheck.Def[byKey, userRow]{
	Name: "users.by_username",
	Build: func(p byKey) sq.Sqlizer {
		return selectUsers().Where(`lower(u.`+columns.UsersUsername+` COLLATE "C") = ?`, p.Key)
	},
})

var userByEmail = sqlcheck.New(sqlcheck.Def[byKey, userRow]{
	Name: "users.by_email",
	Build: func(p byKey) sq.Sqlizer {
		return selectUsers().Where(`lower(u.`+columns.UsersEmail+` COLLATE "C") = ?`, p.Key)
	},
})

var userByExternalID = sqlcheck.New(sqlcheck.Def[byKey, userRow]{
	Name:  "users.by_external_id",
	Build: func(p byKey) sq.Sqlizer { return selectUsers().Where("u."+columns.UsersExternalID+" = ?", p.Key) },
})

type page struct{ Limit int32 }

var usersNewest = sqlcheck.New(sqlcheck.Def[page, userRow]{
	Name: "users.newest",
	Build: func(p page) sq.Sqlizer {
		return selectUsers().OrderBy("u."+columns.UsersCreatedAt+" DESC", "u."+columns.UsersID+" DESC").Suffix("LIMIT ?", p.Limit)
	},
})
