package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Users implements ports.Users.
type Users struct{ d *Database }

var _ ports.Users = (*Users)(nil)

// NewUsers returns the users kept in d.
func NewUsers(d *Database) *Users { return &Users{d} }

// UserByID implements ports.UserReader.
func (s *Users) UserByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	return through(ctx, s.d.lanes.users, id, s.d.userByID)
}

// userByID is UserByID, by itself.
func (d *Database) userByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	return one(ctx, d, userByID, byID{id}, userRow.user, "user", id)
}

// UserByUsername implements ports.UserReader.
func (s *Users) UserByUsername(ctx context.Context, name domain.Username) (domain.User, error) {
	return one(ctx, s.d, userByUsername, byKey{name.Key()}, userRow.user, "user", name)
}

// UserByEmail implements ports.UserReader.
func (s *Users) UserByEmail(ctx context.Context, email domain.Email) (domain.User, error) {
	return one(ctx, s.d, userByEmail, byKey{email.Key()}, userRow.user, "user", email)
}

// UserByExternalID implements ports.UserReader.
func (s *Users) UserByExternalID(ctx context.Context, id domain.ExternalID) (domain.User, error) {
	return one(ctx, s.d, userByExternalID, byKey{id.String()}, userRow.user, "user", id)
}

// UsersByID implements ports.UserReader.
func (s *Users) UsersByID(ctx context.Context, ids []domain.UserID) ([]domain.User, error) {
	wanted := make([][16]byte, len(ids))
	for i, id := range ids {
		wanted[i] = id
	}
	found, err := list(ctx, s.d, usersByID, byIDs{wanted}, userRow.user)
	if err != nil {
		return nil, err
	}
	users := make(map[domain.UserID]domain.User, len(found))
	for _, user := range found {
		users[user.ID] = user
	}
	inOrder := found[:0]
	for _, id := range ids {
		if user, ok := users[id]; ok {
			inOrder = append(inOrder, user)
			delete(users, id)
		}
	}
	return inOrder, nil
}

func limit(p domain.PageSize) int32 { return int32(p.Int()) } //nolint:gosec // at most 1,000

// one reads the only row of a query; the error is NotFound where there is none.
func one[P, R, T any](ctx context.Context, d *Database, q *sqlcheck.Query[P, R], p P, convert func(R) (T, error), thing string, name fmt.Stringer) (T, error) {
	row, err := read(ctx, d, func(db sqlcheck.DB) (R, error) { return q.One(ctx, db, p) })
	if err != nil {
		var none T
		return none, absent(err, thing, name)
	}
	return convert(row)
}

// absent makes a NotFound error of one that says that there is no row.
func absent(err error, thing string, name fmt.Stringer) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return domain.Absent(thing, name)
	}
	return err
}

// list reads all rows of a query.
func list[P, R, T any](ctx context.Context, d *Database, q *sqlcheck.Query[P, R], p P, convert func(R) (T, error)) ([]T, error) {
	rows, err := read(ctx, d, func(db sqlcheck.DB) ([]R, error) { return q.All(ctx, db, p) })
	if err != nil {
		return nil, err
	}
	return converted(rows, convert)
}
