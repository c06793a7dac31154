package postgres

import (
	"strings"

	sq "github.com/Masterminds/squirrel"
)

// lockOwned locks the organizations that a user owns, in the order of their ids,
// as in every command that touches several, so that they never deadlock. It is a
// part of a statement with lockedFirst. The triggers of memberships, which look
// again after the lock, keep the rules.
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

// lockedFirst is always true. To find that out, the executor takes all locks
// before it touches any row.
const lockedFirst = "(SELECT count(*) FROM locked) >= 0"

// lockOrganization locks one organization. A join with the row locked is made
// after the lock.
func lockOrganization(id [16]byte) sq.Sqlizer {
	return sq.Expr("WITH locked AS MATERIALIZED (SELECT o.id FROM roster.organizations o WHERE o.id = ? FOR NO KEY UPDATE OF o)", any(id))
}

// expectedVersion is the condition that a row has the version given twice, or
// that this is 0.
func expectedVersion(table string) string {
	return "(?::bigint = 0 OR " + table + ".version = ?)"
}

func returning(columns []string) string { return "RETURNING " + strings.Join(columns, ", ") }

// freeUsers ends a common table expression v of commands for several users. It
// keeps the commands whose user no other transaction has locked, and locks those
// users in the order of their ids. So no command of a batch waits. The columns to
// write come along: a join after the lock would compare each with each.
const freeUsers = `JOIN roster.users l ON l.id = v.id ORDER BY l.id FOR NO KEY UPDATE OF l SKIP LOCKED)`
