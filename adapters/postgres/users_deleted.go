package postgres

import (
	"context"
	"errors"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type restoreUser struct {
	ID       [16]byte
	Expected int64 // 0: any version
	At       time.Time
}

// The organizations are locked in the order of their ids, as in every statement
// that may touch several: the trigger counts the seats of each.
var userRestore = sqlcheck.New(sqlcheck.Def[restoreUser, rows.User]{
	Name: "users.restore",
	Build: func(p restoreUser) sq.Sqlizer {
		return sq.Update("roster.users AS u").PrefixExpr(lockJoined(p.ID)).
			Set("deleted_at", sq.Expr("NULL")).
			Set("updated_at", p.At).
			Set("version", sq.Expr("u.version + 1")).
			Where(lockedFirst).
			Where("u.id = ? AND u.deleted_at IS NOT NULL", p.ID).
			Where(expectedVersion("u"), p.Expected, p.Expected).
			Suffix(returning(rows.UserColumns("u")))
	},
})

// RestoreUser implements ports.UserWriter.
func (w userWrites) RestoreUser(ctx context.Context, in ports.RestoreUser) (domain.User, error) {
	row, err := database.Write(ctx, w.pool, func(db sqlcheck.DB) (rows.User, error) {
		return userRestore.One(ctx, db, restoreUser{in.ID, int64(in.IfMatch), in.At})
	}, userIsFree(in.ID))
	if errors.Is(err, pgx.ErrNoRows) {
		return w.notRestored(ctx, in)
	}
	if err != nil {
		return domain.User{}, w.notRestorable(ctx, err, in.ID)
	}
	return row.Value()
}

// notRestorable completes the error of a restoration with all names that are taken.
func (w userWrites) notRestorable(ctx context.Context, err error, id domain.UserID) error {
	if !errors.Is(err, domain.Conflict) {
		return err
	}
	stored, failed := w.reads.AnyUserByID(ctx, id)
	if failed != nil {
		return err // the first conflict is still true
	}
	return w.reads.allTaken(ctx, err, namesOf(id, stored.Username, stored.Email, stored.ExternalID))
}

// notRestored says why a restoration found no row: the user is not deleted, which
// is no error, or is at another version.
func (w userWrites) notRestored(ctx context.Context, in ports.RestoreUser) (domain.User, error) {
	stored, err := w.reads.AnyUserByID(ctx, in.ID)
	if err != nil {
		return domain.User{}, err
	}
	if in.IfMatch != 0 && stored.Version != in.IfMatch {
		return domain.User{}, domain.Outdated("user", stored.Version, in.IfMatch)
	}
	if !stored.DeletedAt.IsZero() {
		return w.RestoreUser(ctx, in) // it was deleted in between
	}
	return stored, nil
}

type eraseUser struct {
	ID       [16]byte
	Expected int64 // 0: any version
}

// A foreign key removes the memberships. Triggers leave the tombstone and an
// erasure, which unlinks the events.
var userErase = sqlcheck.New(sqlcheck.Def[eraseUser, sqlcheck.None]{
	Name: "users.erase",
	Build: func(p eraseUser) sq.Sqlizer {
		return sq.Delete("roster.users AS u").PrefixExpr(lockOwned(p.ID)).
			Where(lockedFirst).
			Where("u.id = ?", p.ID).
			Where(expectedVersion("u"), p.Expected, p.Expected)
	},
})

// EraseUser implements ports.UserWriter.
func (w userWrites) EraseUser(ctx context.Context, in ports.EraseUser) (ports.Erasure, error) {
	n, err := database.Write(ctx, w.pool, func(db sqlcheck.DB) (int64, error) {
		return userErase.Exec(ctx, db, eraseUser{in.ID, int64(in.IfMatch)})
	}, userIsFree(in.ID))
	if err != nil {
		return ports.Erasure{}, err
	}
	if n > 0 {
		return w.reads.erasing.begin(ctx, erasedUser, in.ID)
	}
	stored, err := w.reads.AnyUserByID(ctx, in.ID)
	if err != nil {
		return ports.Erasure{}, err
	}
	return ports.Erasure{}, domain.Outdated("user", stored.Version, in.IfMatch)
}
