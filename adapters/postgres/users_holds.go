package postgres

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type holdRow struct {
	HeldAt *time.Time `db:"held_at"`
}

func (r holdRow) heldAt() (time.Time, error) { return rows.OrZero(r.HeldAt).UTC(), nil }

var userHold = sqlcheck.New(sqlcheck.Def[byID, holdRow]{
	Name:  "users.hold_of",
	Build: func(p byID) sq.Sqlizer { return sq.Select("u.held_at").From("roster.users u").Where("u.id = ?", p.ID) },
})

type setHold struct {
	ID [16]byte
	At *time.Time // nil ends the hold
}

// A hold that stays keeps its time.
var userSetHold = sqlcheck.New(sqlcheck.Def[setHold, holdRow]{
	Name: "users.set_hold",
	Build: func(p setHold) sq.Sqlizer {
		return sq.Update("roster.users AS u").
			Set("held_at", sq.Expr("CASE WHEN ?::timestamptz IS NOT NULL THEN coalesce(u.held_at, ?::timestamptz) END", p.At, p.At)).
			Where("u.id = ?", p.ID).
			Suffix("RETURNING u.held_at")
	},
})

// userHolds implements ports.UserHolder. A trigger of users refuses to erase a held one
// (migrations/00133_holds.sql).
type userHolds struct{ pool *database.Pool }

// UserHold implements ports.UserHolder.
func (h userHolds) UserHold(ctx context.Context, id domain.UserID) (time.Time, error) {
	return database.One(ctx, h.pool, userHold, byID{id}, holdRow.heldAt, "user", id)
}

// HoldUser implements ports.UserHolder.
func (h userHolds) HoldUser(ctx context.Context, in ports.HoldUser) (time.Time, error) {
	return h.set(ctx, in.ID, &in.At)
}

// ReleaseUser implements ports.UserHolder.
func (h userHolds) ReleaseUser(ctx context.Context, id domain.UserID) error {
	_, err := h.set(ctx, id, nil)
	return err
}

func (h userHolds) set(ctx context.Context, id domain.UserID, at *time.Time) (time.Time, error) {
	row, err := database.Write(ctx, h.pool, func(db sqlcheck.DB) (holdRow, error) {
		return userSetHold.One(ctx, db, setHold{id, at})
	})
	if err != nil {
		return time.Time{}, database.Absent(err, "user", id)
	}
	return row.heldAt()
}
