package postgres

import (
	"context"
	"errors"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var anyUserByID = sqlcheck.New(sqlcheck.Def[byID, anyUserRow]{
	Name:  "users.any_by_id",
	Build: func(p byID) sq.Sqlizer { return selectAnyUsers().Where("u.id = ?", p.ID) },
})

// AnyUserByID implements ports.UserReader.
func (s *Users) AnyUserByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	return one(ctx, s.d, anyUserByID, byID{id}, anyUserRow.user, "user", id)
}

type restoreUser struct {
	ID       [16]byte
	Expected int64 // 0: any version
	At       time.Time
}

// The organizations are locked in the order of their ids, as by all that may
// touch several: the trigger looks at the seats of each.
var userRestore = sqlcheck.New(sqlcheck.Def[restoreUser, userRow]{
	Name: "users.restore",
	Build: func(p restoreUser) sq.Sqlizer {
		return sq.Update("roster.users AS u").PrefixExpr(lockJoined(p.ID)).
			Set("deleted_at", sq.Expr("NULL")).
			Set("updated_at", p.At).
			Set("version", sq.Expr("u.version + 1")).
			Where(lockedFirst).
			Where("u.id = ? AND u.deleted_at IS NOT NULL", p.ID).
			Where(expectedVersion("u"), p.Expected, p.Expected).
			Suffix(returning(userColumns("u")))
	},
})

// RestoreUser implements ports.UserWriter.
func (s *Users) RestoreUser(ctx context.Context, in ports.RestoreUser) (domain.User, error) {
	row, err := write(ctx, s.d, func(db sqlcheck.DB) (userRow, error) {
		return userRestore.One(ctx, db, restoreUser{in.ID, int64(in.IfMatch), in.At})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return s.notRestored(ctx, in)
	}
	if err != nil {
		return domain.User{}, err
	}
	return row.user()
}

// notRestored tells why a restoration found no row: the user is there already,
// which is as good, or at another version.
func (s *Users) notRestored(ctx context.Context, in ports.RestoreUser) (domain.User, error) {
	stored, err := s.AnyUserByID(ctx, in.ID)
	if err != nil {
		return domain.User{}, err
	}
	if in.IfMatch != 0 && stored.Version != in.IfMatch {
		return domain.User{}, stale("user", stored.Version, in.IfMatch)
	}
	if !stored.DeletedAt.IsZero() {
		return s.RestoreUser(ctx, in) // it was deleted in between
	}
	return stored, nil
}

type eraseUser struct {
	ID       [16]byte
	Expected int64 // 0: any version
}

// Memberships go and events are cut loose by foreign keys; a trigger leaves
// the tombstone.
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
func (s *Users) EraseUser(ctx context.Context, in ports.EraseUser) error {
	n, err := write(ctx, s.d, func(db sqlcheck.DB) (int64, error) {
		return userErase.Exec(ctx, db, eraseUser{in.ID, int64(in.IfMatch)})
	})
	if err != nil || n > 0 {
		return err
	}
	stored, err := s.AnyUserByID(ctx, in.ID)
	if err != nil {
		return err
	}
	return stale("user", stored.Version, in.IfMatch)
}
