package postgres

import (
	"encoding/json"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type updateUser struct {
	ID       [16]byte
	Expected int64 // 0: any version
	Username string
	Email    string
	// Nil leaves a field as it is.
	ExternalID  *string
	DisplayName *string
	Attributes  *json.RawMessage
	Status      *string
	At          time.Time
	// Suspends is whether an organization may lose an owner.
	Suspends bool
	// Bound is whether the user must be a member of the organization Within.
	Bound  bool
	Within [16]byte
}

var userUpdate = sqlcheck.New(sqlcheck.Def[updateUser, rows.User]{
	Name:  "users.update",
	Enums: map[string][]string{"Suspends": {"false", "true"}, "Bound": {"false", "true"}},
	Build: func(p updateUser) sq.Sqlizer {
		b := sq.Update("roster.users AS u").
			Set("username", p.Username).
			Set("email", p.Email).
			Set("external_id", sq.Expr("coalesce(?, u.external_id)", p.ExternalID)).
			Set("display_name", sq.Expr("coalesce(?, u.display_name)", p.DisplayName)).
			Set("attributes", sq.Expr("coalesce(?, u.attributes)", p.Attributes)).
			Set("status", sq.Expr("coalesce(?, u.status)", p.Status)).
			Set("updated_at", p.At).
			Set("version", sq.Expr("u.version + 1")).
			Where("u.id = ? AND u.deleted_at IS NULL", p.ID).
			Where(expectedVersion("u"), p.Expected, p.Expected)
		if p.Bound {
			b = b.Where(isMember, any(p.Within), any(p.ID))
		}
		if p.Suspends {
			b = b.PrefixExpr(lockOwned(p.ID)).Where(lockedFirst)
		}
		return b.Suffix(returning(rows.UserColumns("u")))
	},
})

func (q updateUser) key() [16]byte     { return q.ID }
func (q updateUser) mustBeAlone() bool { return q.Suspends } // its statement locks organizations
func (q updateUser) size() int {
	return 64 + len(q.Username) + len(q.Email) +
		len(rows.OrZero(q.DisplayName)) + len(rows.OrZero(q.Attributes)) + len(rows.OrZero(q.ExternalID))
}

type updateUsers struct {
	ID       [][16]byte
	Expected []int64
	Username []string
	Email    []string
	// An empty text leaves a field as it is.
	ExternalID  []string
	DisplayName []string
	Attributes  []string
	Status      []string
	At          []time.Time
	Within      [][16]byte
}

var updateUsersOf = sqlcheck.Transpose[updateUser, updateUsers]("Suspends", "Bound")

// manyUpdates are commands that are all of bound callers, or all of others.
type manyUpdates struct {
	updateUsers
	Bound bool
}

// The commands v of usersUpdate, of callers who see all users and of bound ones.
const (
	updates = `WITH v AS MATERIALIZED (
		SELECT v.id, v.expected, v.username, v.email, v.external_id, v.display_name, v.attributes, v.status, v.at
		FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[]`
	updateColumns = `id, expected, username, email, external_id, display_name, attributes, status, at`

	updatesOfUsers   = updates + `) AS v (` + updateColumns + `) ` + freeUsers
	updatesOfMembers = updates + `, ?::uuid[]) AS v (` + updateColumns + `, within) ` + ofMembers + freeUsers
)

// It leaves out users that are locked, missing or at another version.
var usersUpdate = sqlcheck.New(sqlcheck.Def[manyUpdates, rows.User]{
	Name:  "users.update_many",
	Enums: map[string][]string{"Bound": {"false", "true"}},
	Build: func(p manyUpdates) sq.Sqlizer {
		commands := updatesOfUsers
		args := []any{p.ID, p.Expected, p.Username, p.Email, p.ExternalID, p.DisplayName, p.Attributes, p.Status, p.At}
		if p.Bound {
			commands, args = updatesOfMembers, append(args, p.Within)
		}
		return sq.Update("roster.users AS u").
			Prefix(commands, args...).
			Set("username", sq.Expr("v.username")).
			Set("email", sq.Expr("v.email")).
			Set("external_id", sq.Expr("coalesce(nullif(v.external_id, ''), u.external_id)")).
			Set("display_name", sq.Expr("coalesce(nullif(v.display_name, ''), u.display_name)")).
			Set("attributes", sq.Expr("coalesce(nullif(v.attributes, '')::jsonb, u.attributes)")).
			Set("status", sq.Expr("coalesce(nullif(v.status, ''), u.status)")).
			Set("updated_at", sq.Expr("v.at")).
			Set("version", sq.Expr("u.version + 1")).
			Suffix(`FROM v WHERE u.id = v.id AND u.deleted_at IS NULL AND (v.expected = 0 OR u.version = v.expected)`).
			Suffix(returning(rows.UserColumns("u")))
	},
})

func updateMany(b *sqlcheck.Batch, all []updateUser) func() map[[16]byte]rows.User {
	return rowsByUser(usersUpdate.Queue(b, manyUpdates{updateUsersOf(all), all[0].Bound}))
}
