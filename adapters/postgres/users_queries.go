package postgres

import (
	"encoding/json"
	"time"

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

type searchUsers struct {
	Term  string
	Limit int32
}

// The term is looked up as it is, in which an address is one word, and with
// the marks of names and addresses taken for spaces, as the stored vector has
// both.
var usersSearch = sqlcheck.New(sqlcheck.Def[searchUsers, userRow]{
	Name: "users.search",
	Build: func(p searchUsers) sq.Sqlizer {
		return selectUsers().Where("u."+columns.UsersStatus+" = 'active'").
			Where(`u.search @@ (plainto_tsquery('pg_catalog.simple', ?)
				|| plainto_tsquery('pg_catalog.simple', translate(?, '@._+-', '     ')))`, p.Term, p.Term).
			OrderByClause(`(lower(u.username COLLATE "C") = lower(? COLLATE "C")
				OR lower(u.email COLLATE "C") = lower(? COLLATE "C")) DESC`, p.Term, p.Term).
			OrderBy("u."+columns.UsersCreatedAt+" DESC", "u."+columns.UsersID+" DESC").Suffix("LIMIT ?", p.Limit)
	},
})

type insertUser struct {
	ID          [16]byte
	ExternalID  *string
	Username    string
	Email       string
	DisplayName string
	Attributes  json.RawMessage
	Status      string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Version     int64
}

var userInsert = sqlcheck.New(sqlcheck.Def[insertUser, userRow]{
	Name: "users.insert",
	Build: func(p insertUser) sq.Sqlizer {
		return sq.Insert(columns.Users+" AS u").
			Columns(columns.UsersID, columns.UsersExternalID, columns.UsersUsername, columns.UsersEmail, columns.UsersDisplayName, columns.UsersAttributes, columns.UsersStatus, columns.UsersCreatedAt, columns.UsersUpdatedAt, columns.UsersVersion).
			Values(p.ID, p.ExternalID, p.Username, p.Email, p.DisplayName, p.Attributes, p.Status, p.CreatedAt, p.UpdatedAt, p.Version).
			Suffix(returning(userColumns("u")))
	},
})

type updateUser struct {
	ID       [16]byte
	Expected int64 // 0: any version
	Username string
	Email    string
	// What is nil stays as it is.
	ExternalID  *string
	DisplayName *string
	Attributes  *json.RawMessage
	Status      *string
	At          time.Time
	// Suspends is whether an organization may lose an owner.
	Suspends bool
}

var userUpdate = sqlcheck.New(sqlcheck.Def[updateUser, userRow]{
	Name:  "users.update",
	Enums: map[string][]string{"Suspends": {"false", "true"}},
	Build: func(p updateUser) sq.Sqlizer {
		b := sq.Update(columns.Users+" AS u").
			Set(columns.UsersUsername, p.Username).
			Set(columns.UsersEmail, p.Email).
			Set(columns.UsersExternalID, sq.Expr("coalesce(?, u."+columns.UsersExternalID+")", p.ExternalID)).
			Set(columns.UsersDisplayName, sq.Expr("coalesce(?, u."+columns.UsersDisplayName+")", p.DisplayName)).
			Set(columns.UsersAttributes, sq.Expr("coalesce(?, u."+columns.UsersAttributes+")", p.Attributes)).
			Set(columns.UsersStatus, sq.Expr("coalesce(?, u."+columns.UsersStatus+")", p.Status)).
			Set(columns.UsersUpdatedAt, p.At).
			Set(columns.UsersVersion, sq.Expr("u."+columns.UsersVersion+" + 1")).
			Where("u."+columns.UsersID+" = ? AND u."+columns.UsersDeletedAt+" IS NULL", p.ID).
			Where(expectedVersion("u"), p.Expected, p.Expected)
		if p.Suspends {
			b = b.PrefixExpr(lockOwned(p.ID)).Where(lockedFirst)
		}
		return b.Suffix(returning(userColumns("u")))
	},
})

type deleteUser struct {
	ID       [16]byte
	Expected int64 // 0: any version
	At       time.Time
}

var userDelete = sqlcheck.New(sqlcheck.Def[deleteUser, sqlcheck.None]{
	Name: "users.delete",
	Build: func(p deleteUser) sq.Sqlizer {
		return sq.Update(columns.Users+" AS u").PrefixExpr(lockOwned(p.ID)).
			Set(columns.UsersDeletedAt, p.At).
			Set(columns.UsersUpdatedAt, p.At).
			Set(columns.UsersVersion, sq.Expr("u."+columns.UsersVersion+" + 1")).
			Where(lockedFirst).
			Where("u."+columns.UsersID+" = ? AND u."+columns.UsersDeletedAt+" IS NULL", p.ID).
			Where(expectedVersion("u"), p.Expected, p.Expected)
	},
})
