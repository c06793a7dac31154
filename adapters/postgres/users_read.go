package postgres

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

var usersByID = sqlcheck.New(sqlcheck.Def[byIDs, rows.User]{
	Name:  "users.by_ids",
	Build: func(p byIDs) sq.Sqlizer { return rows.SelectUsers().Where("u.id = ANY(?)", p.IDs) },
})

var userByUsername = sqlcheck.New(sqlcheck.Def[byKey, rows.User]{
	Name: "users.by_username",
	Build: func(p byKey) sq.Sqlizer {
		return rows.SelectUsers().Where(`lower(u.username COLLATE "C") = ?`, p.Key)
	},
})

var userByEmail = sqlcheck.New(sqlcheck.Def[byKey, rows.User]{
	Name: "users.by_email",
	Build: func(p byKey) sq.Sqlizer {
		return rows.SelectUsers().Where(`lower(u.email COLLATE "C") = ?`, p.Key)
	},
})

var userByExternalID = sqlcheck.New(sqlcheck.Def[byKey, rows.User]{
	Name:  "users.by_external_id",
	Build: func(p byKey) sq.Sqlizer { return rows.SelectUsers().Where("u.external_id = ?", p.Key) },
})

var anyUserByID = sqlcheck.New(sqlcheck.Def[byID, rows.AnyUser]{
	Name:  "users.any_by_id",
	Build: func(p byID) sq.Sqlizer { return rows.SelectAnyUsers().Where("u.id = ?", p.ID) },
})

// userReads implements ports.UserReader.
type userReads struct {
	pool    *database.Pool
	byID    database.Batcher[domain.UserID, domain.UserID, domain.User]
	erasing erasing
}

func newUserReads(pool *database.Pool) userReads {
	r := userReads{pool: pool, erasing: newErasing(pool)}
	r.byID = database.Reads(pool, database.ManyReads, batch.Work[domain.UserID, domain.UserID, domain.User]{
		Key: database.Itself[domain.UserID], Run: r.readMany,
	})
	return r
}

// UserByID implements ports.UserReader.
func (r userReads) UserByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	return r.byID.Do(ctx, id)
}

// readMany answers requests for one user each.
func (r userReads) readMany(ctx context.Context, ids []domain.UserID, results []batch.Result[domain.User]) error {
	found, err := database.All(ctx, r.pool, usersByID, wanted(ids), database.AsIs[rows.User])
	if err != nil {
		return err
	}
	answerEach(ids, results, found, func(row *rows.User) domain.UserID { return row.ID }, rows.User.Value,
		func(id domain.UserID) error { return domain.Absent("user", id) })
	return nil
}

func wanted[T any](ids []domain.ID[T]) byIDs {
	all := make([][16]byte, len(ids))
	for i, id := range ids {
		all[i] = id
	}
	return byIDs{all}
}

// AnyUserByID implements ports.UserReader.
func (r userReads) AnyUserByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	return database.One(ctx, r.pool, anyUserByID, byID{id}, rows.AnyUser.Value, "user", id)
}

// UserByUsername implements ports.UserReader.
func (r userReads) UserByUsername(ctx context.Context, name domain.Username) (domain.User, error) {
	return database.One(ctx, r.pool, userByUsername, byKey{name.Key()}, rows.User.Value, "user", name)
}

// UserByEmail implements ports.UserReader.
func (r userReads) UserByEmail(ctx context.Context, email domain.Email) (domain.User, error) {
	return database.One(ctx, r.pool, userByEmail, byKey{email.Key()}, rows.User.Value, "user", email)
}

// UserByExternalID implements ports.UserReader.
func (r userReads) UserByExternalID(ctx context.Context, id domain.ExternalID) (domain.User, error) {
	return database.One(ctx, r.pool, userByExternalID, byKey{id.String()}, rows.User.Value, "user", id)
}

// UsersByID implements ports.UserReader.
func (r userReads) UsersByID(ctx context.Context, ids []domain.UserID) ([]domain.User, error) {
	found, err := database.All(ctx, r.pool, usersByID, wanted(ids), rows.User.Value)
	if err != nil {
		return nil, err
	}
	return inOrder(ids, found), nil
}

// answerEach answers requests by their keys, which differ, with the rows found for them.
// It has a map of indexes, and none of rows, which are large.
func answerEach[K comparable, R, A any](
	keys []K, results []batch.Result[A], found []R, key func(*R) K, value func(R) (A, error), absent func(K) error,
) {
	at := make(map[K]int, len(keys))
	for i, k := range keys {
		at[k] = i
	}
	for n := range found {
		k := key(&found[n])
		if i, ok := at[k]; ok {
			results[i].Value, results[i].Err = value(found[n])
			delete(at, k)
		}
	}
	for k, i := range at {
		results[i].Err = absent(k)
	}
}

// inOrder puts users in the order in which ids first names them, each once.
func inOrder(ids []domain.UserID, found []domain.User) []domain.User {
	users := make(map[domain.UserID]domain.User, len(found))
	for _, user := range found {
		users[user.ID] = user
	}
	ordered := found[:0]
	for _, id := range ids {
		if user, ok := users[id]; ok {
			ordered = append(ordered, user)
			delete(users, id)
		}
	}
	return ordered
}
