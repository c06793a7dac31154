package postgres

import (
	"context"
	"encoding/json"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// The statements for one user. They wait for locks and say what is wrong, where
// those of users_write_many.go leave a user out.

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

var userInsert = sqlcheck.New(sqlcheck.Def[insertUser, rows.User]{
	Name: "users.insert",
	Build: func(p insertUser) sq.Sqlizer {
		return sq.Insert("roster.users AS u").
			Columns("id", "external_id", "username", "email", "display_name", "attributes", "status", "created_at", "updated_at", "version").
			Values(p.ID, p.ExternalID, p.Username, p.Email, p.DisplayName, p.Attributes, p.Status, p.CreatedAt, p.UpdatedAt, p.Version).
			Suffix(returning(rows.UserColumns("u")))
	},
})

func insertOne(ctx context.Context, db sqlcheck.DB, q insertUser) (attempt[rows.User], error) {
	return written(userInsert.One(ctx, db, q))
}

func (q insertUser) key() [16]byte   { return q.ID }
func (insertUser) mustBeAlone() bool { return false }
func (q insertUser) size() int {
	return 64 + len(q.Username) + len(q.Email) + len(q.DisplayName) + len(q.Attributes) + len(rows.OrZero(q.ExternalID))
}

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

var userUpdate = sqlcheck.New(sqlcheck.Def[updateUser, rows.User]{
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
		return b.Suffix(returning(rows.UserColumns("u")))
	},
})

func updateOne(ctx context.Context, db sqlcheck.DB, q updateUser) (attempt[rows.User], error) {
	return written(userUpdate.One(ctx, db, q))
}

func (q updateUser) key() [16]byte     { return q.ID }
func (q updateUser) mustBeAlone() bool { return q.Suspends } // its statement locks organizations
func (q updateUser) size() int {
	return 64 + len(q.Username) + len(q.Email) +
		len(rows.OrZero(q.DisplayName)) + len(rows.OrZero(q.Attributes)) + len(rows.OrZero(q.ExternalID))
}

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

func deleteOne(ctx context.Context, db sqlcheck.DB, q deleteUser) (attempt[int64], error) {
	return written(userDelete.Exec(ctx, db, q))
}

func (q deleteUser) key() [16]byte   { return q.ID }
func (deleteUser) mustBeAlone() bool { return false }
func (deleteUser) size() int         { return 64 }
