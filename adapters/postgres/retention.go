package postgres

import (
	"context"
	"errors"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// retentionActor is the actor of erasures by retention in the log.
const retentionActor = "retention"

type expiredUsers struct {
	Before time.Time
	Limit  int32
}

type expiredRow struct {
	ID [16]byte `db:"id"`
}

var usersExpired = sqlcheck.New(sqlcheck.Def[expiredUsers, expiredRow]{
	Name: "users.expired",
	Build: func(p expiredUsers) sq.Sqlizer {
		return sq.Select("u.id").From("roster.users u").
			Where("u.deleted_at IS NOT NULL AND u.held_at IS NULL AND u.deleted_at < ?", p.Before).
			OrderBy("u.deleted_at", "u.id").Suffix("LIMIT ?", p.Limit)
	},
})

type eraseExpired struct {
	ID     [16]byte
	Before time.Time
	Origin string
}

// Meanwhile the user may have been restored, held, or erased by another program.
var userEraseExpired = sqlcheck.New(sqlcheck.Def[eraseExpired, sqlcheck.None]{
	Name: "users.erase_expired",
	Build: func(p eraseExpired) sq.Sqlizer {
		return sq.Delete("roster.users AS u").PrefixExpr(lockOwned(p.ID)).
			Where(lockedFirst).
			Where("u.id = ? AND u.deleted_at < ? AND u.held_at IS NULL", p.ID, p.Before).
			Where("set_config('roster.origins', jsonb_build_object('', jsonb_build_array(?::text))::text, true) IS NOT NULL", p.Origin)
	},
})

// Retention erases users who were deleted long ago, unless they are held. Several
// programs may do so on one database.
type Retention struct {
	pool *database.Pool
	// keep is how long deleted users are kept.
	keep time.Duration
	now  func() time.Time
	// maxUsers is how many users a part erases, each in a transaction of its own.
	maxUsers int32
	idle     time.Duration
}

// NewRetention returns the retention of the deleted users in d.
func NewRetention(d *Database, keep time.Duration) *Retention {
	return &Retention{pool: d.pool, keep: keep, now: time.Now, maxUsers: 50, idle: time.Minute}
}

// Part erases some of the users who were deleted too long ago, and returns how many it
// did. It reports whether there may be more. Erasures does what is left of each.
func (r *Retention) Part(ctx context.Context) (erased int, more bool, err error) {
	before := r.now().Add(-r.keep)
	due, err := database.All(ctx, r.pool, usersExpired, expiredUsers{before, r.maxUsers}, database.AsIs[expiredRow])
	var failures []error
	for _, user := range due {
		n, err := database.Write(ctx, r.pool, func(db sqlcheck.DB) (int64, error) {
			return userEraseExpired.Exec(ctx, db, eraseExpired{user.ID, before, retentionActor})
		}, userIsFree(user.ID))
		erased += int(n)
		if err != nil && !errors.Is(err, domain.Conflict) { // a user that is held by now
			failures = append(failures, err)
		}
	}
	return erased, len(due) == int(r.maxUsers), errors.Join(err, errors.Join(failures...))
}

// Run erases users until ctx ends. It calls done with the number of users that a part
// erased, if any, and failed with each error; it tries again later.
func (r *Retention) Run(ctx context.Context, done func(users int), failed func(error)) {
	pace{idle: r.idle}.repeat(ctx, func(ctx context.Context) (bool, error) {
		erased, more, err := r.Part(ctx)
		if erased > 0 {
			done(erased)
		}
		return more, err
	}, failed)
}
