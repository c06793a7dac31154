package postgres

import (
	"encoding/json"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/columns"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

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
