package postgres

import (
	"encoding/json"
	"time"

	sq "github.com/Masterminds/squirrel"

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
		return sq.Insert("roster.users AS u").
			Columns("id", "external_id", "username", "email", "display_name", "attributes", "status", "created_at", "updated_at", "version").
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
		b := sq.Update("roster.users AS u").
			Set("username", p.Username).
			Set("email", p.Email).
			Set("external_id", sq.Expr("coalesce(?, u.external_id)", p.ExternalID)).
			Set("display_name", sq.Expr("coalesce(?, u.display_name)", p.DisplayName)).
			Set("attributes", sq.Expr("coalesce(?, u.attributes)", p.Attributes)).
			Set("status", sq.Expr("coalesce(?, u.status)", p.Status)).
			Set("updated_at", p.At).
			Set("version", sq.Expr("u.version + 1")).
			Where("u.id = ? AND u.deleted_at IS NULL", p.ID).
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
		return sq.Update("roster.users AS u").PrefixExpr(lockOwned(p.ID)).
			Set("deleted_at", p.At).
			Set("updated_at", p.At).
			Set("version", sq.Expr("u.version + 1")).
			Where(lockedFirst).
			Where("u.id = ? AND u.deleted_at IS NULL", p.ID).
			Where(expectedVersion("u"), p.Expected, p.Expected)
	},
})
