package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

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

func (q deleteUser) key() [16]byte   { return q.ID }
func (deleteUser) mustBeAlone() bool { return false }
func (deleteUser) size() int         { return 64 }

type deleteUsers struct {
	ID       [][16]byte
	Expected []int64
	At       []time.Time
}

var deleteUsersOf = sqlcheck.Transpose[deleteUser, deleteUsers]()

type deletedRow struct {
	ID [16]byte `db:"id"`
}

// It leaves out users that are locked, missing or at another version. It leaves out
// owners: their organizations would have to be locked, to see whether each has
// another owner. It leaves out members of an organization whose rollup is locked.
var usersDelete = sqlcheck.New(sqlcheck.Def[deleteUsers, deletedRow]{
	Name: "users.delete_many",
	Build: func(p deleteUsers) sq.Sqlizer {
		return sq.Update("roster.users AS u").
			Prefix(`WITH v AS MATERIALIZED (
				SELECT v.id, v.expected, v.at FROM unnest(?::uuid[], ?::bigint[], ?::timestamptz[]) AS v (id, expected, at) `+
				freeUsers+`, rollups AS MATERIALIZED (
				SELECT s.organization_id FROM roster.engagement_organizations s
				WHERE s.organization_id = ANY (ARRAY(SELECT m.organization_id FROM v JOIN roster.memberships m ON m.user_id = v.id))
				ORDER BY s.organization_id FOR NO KEY UPDATE OF s SKIP LOCKED)`,
				p.ID, p.Expected, p.At).
			Set("deleted_at", sq.Expr("v.at")).
			Set("updated_at", sq.Expr("v.at")).
			Set("version", sq.Expr("u.version + 1")).
			Suffix(`FROM v WHERE u.id = v.id AND u.deleted_at IS NULL AND (v.expected = 0 OR u.version = v.expected)
				AND NOT EXISTS (SELECT FROM roster.memberships m WHERE m.user_id = u.id
					AND (m.role = 'owner' OR m.organization_id NOT IN (SELECT s.organization_id FROM rollups s)
						AND EXISTS (SELECT FROM roster.engagement_organizations e WHERE e.organization_id = m.organization_id)))`).
			Suffix(returning([]string{"u.id"}))
	},
})

func deleteMany(b *sqlcheck.Batch, all []deleteUser) func() map[[16]byte]int64 {
	found := usersDelete.Queue(b, deleteUsersOf(all))
	return func() map[[16]byte]int64 {
		deleted := make(map[[16]byte]int64, len(found.Rows))
		for _, row := range found.Rows {
			deleted[row.ID] = 1
		}
		return deleted
	}
}
