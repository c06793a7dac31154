package postgres

import (
	"context"
	"strings"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// lockOwned locks the organizations that a user owns, in the order of their ids.
// All commands that lock several use this order, so that they never deadlock. It is
// for statements with lockedFirst. The triggers of memberships read again after the
// lock, and keep the rules.
func lockOwned(user [16]byte) sq.Sqlizer {
	return sq.Expr(`WITH locked AS MATERIALIZED (
		SELECT o.id FROM roster.organizations o
		WHERE o.id = ANY(ARRAY(SELECT m.organization_id FROM roster.memberships m WHERE m.user_id = ? AND m.role = 'owner'))
		ORDER BY o.id FOR NO KEY UPDATE OF o)`, any(user))
}

// lockJoined is lockOwned for all organizations of which a user is a member, or
// was one before its deletion.
func lockJoined(user [16]byte) sq.Sqlizer {
	return sq.Expr(`WITH locked AS MATERIALIZED (
		SELECT o.id FROM roster.organizations o
		WHERE o.id = ANY(ARRAY(SELECT m.organization_id FROM roster.memberships m WHERE m.user_id = ?))
		ORDER BY o.id FOR NO KEY UPDATE OF o)`, any(user))
}

type lockedUser struct {
	ID [16]byte `db:"id"`
}

var userLocked = sqlcheck.New(sqlcheck.Def[byID, lockedUser]{
	Name: "users.lock",
	Build: func(p byID) sq.Sqlizer {
		return sq.Select("u.id").From("roster.users u").Where("u.id = ?", p.ID).Suffix("FOR NO KEY UPDATE OF u")
	},
})

// userIsFree waits until nobody has locked a user. A command that locks organizations
// before the user would hold them while it waits, and with them the commands of others.
func userIsFree(id [16]byte) database.Await {
	return func(ctx context.Context, db sqlcheck.DB) error {
		_, err := userLocked.All(ctx, db, byID{id})
		return err
	}
}

// lockedFirst is always true. To evaluate it, the executor takes all locks before
// it changes a row.
const lockedFirst = "(SELECT count(*) FROM locked) >= 0"

// lockOrganization locks one organization. A join with the row locked is made
// after the lock.
func lockOrganization(id [16]byte) sq.Sqlizer {
	return sq.Expr("WITH locked AS MATERIALIZED (SELECT o.id FROM roster.organizations o WHERE o.id = ? FOR NO KEY UPDATE OF o)", any(id))
}

// expectedVersion is the condition that a row has a version, or that the version is
// 0. Both parameters are the version.
func expectedVersion(table string) string {
	return "(?::bigint = 0 OR " + table + ".version = ?)"
}

func returning(columns []string) string { return "RETURNING " + strings.Join(columns, ", ") }

// freeUsers ends a common table expression v of commands for several users. It
// keeps the commands whose user no other transaction has locked, and locks those
// users in the order of their ids. So no command of a batch waits. The expression
// has all columns to write, since a join after the lock would compare every pair of
// rows.
const freeUsers = `JOIN roster.users l ON l.id = v.id ORDER BY l.id FOR NO KEY UPDATE OF l SKIP LOCKED)`

// isMember is the condition that an organization has a user as its member. The
// parameters are both ids.
const isMember = "EXISTS (SELECT FROM roster.memberships m WHERE m.organization_id = ? AND m.user_id = ?)"

// ofMembers stands before freeUsers. It leaves out the commands v whose user is no
// member of the organization in the column within.
const ofMembers = `JOIN roster.memberships m ON m.organization_id = v.within AND m.user_id = v.id `
