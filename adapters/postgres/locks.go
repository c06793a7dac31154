package postgres

import (
	"strings"

	sq "github.com/Masterminds/squirrel"
)

// lockOwned locks the organizations that a user owns, in the order of their
// ids, as all commands that touch several do. It is a part of a statement that
// says lockedFirst. The triggers of memberships, which look again after the
// lock, keep the rules; the order here keeps them from deadlocks.
func lockOwned(user [16]byte) sq.Sqlizer {
	return sq.Expr(`WITH locked AS MATERIALIZED (
		SELECT o.id FROM roster.organizations o
		WHERE o.id = ANY(ARRAY(SELECT m.organization_id FROM roster.memberships m WHERE m.user_id = ? AND m.role = 'owner'))
		ORDER BY o.id FOR NO KEY UPDATE OF o)`, any(user))
}

// lockJoined is lockOwned for all organizations to which a user belongs, or
// belonged before it was deleted.
func lockJoined(user [16]byte) sq.Sqlizer {
	return sq.Expr(`WITH locked AS MATERIALIZED (
		SELECT o.id FROM roster.organizations o
		WHERE o.id = ANY(ARRAY(SELECT m.organization_id FROM roster.memberships m WHERE m.user_id = ?))
		ORDER BY o.id FOR NO KEY UPDATE OF o)`, any(user))
}

// lockedFirst is always true. The executor has to have run locked to the end
// before it can say so, which it does before it touches any row.
const lockedFirst = "(SELECT count(*) FROM locked) >= 0"

// lockOrganization locks one organization. What joins with the row that it
// gives comes after the lock.
func lockOrganization(id [16]byte) sq.Sqlizer {
	return sq.Expr("WITH locked AS MATERIALIZED (SELECT o.id FROM roster.organizations o WHERE o.id = ? FOR NO KEY UPDATE OF o)", any(id))
}

// expectedVersion is the condition that a row has the version given twice, or
// that this is 0.
func expectedVersion(table string) string {
	return "(?::bigint = 0 OR " + table + ".version = ?)"
}

func returning(columns []string) string { return "RETURNING " + strings.Join(columns, ", ") }
