package postgres

import (
	"context"
	"encoding/json"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// patchUser changes some fields of a user. Nil leaves a field as it is.
type patchUser struct {
	ID           [16]byte
	Expected     int64 // 0: any version
	Username     *string
	Email        *string
	DisplayName  *string
	Status       *string
	NoExternalID bool
	ExternalID   *string
	// Attributes are merged into the stored ones or, with NoAttributes, into none.
	NoAttributes bool
	Attributes   json.RawMessage
	At           time.Time
	// Suspends is whether an organization may lose an owner.
	Suspends bool
	// Bound is whether the user must be a member of the organization Within.
	Bound  bool
	Within [16]byte
}

var userPatch = sqlcheck.New(sqlcheck.Def[patchUser, rows.User]{
	Name: "users.patch",
	Enums: map[string][]string{
		"Suspends": {"false", "true"}, "NoExternalID": {"false", "true"}, "NoAttributes": {"false", "true"}, "Bound": {"false", "true"},
	},
	Build: func(p patchUser) sq.Sqlizer {
		external, target := sq.Expr("coalesce(?, u.external_id)", p.ExternalID), "u.attributes"
		if p.NoExternalID {
			external = sq.Expr("NULL")
		}
		if p.NoAttributes {
			target = "'{}'"
		}
		b := sq.Update("roster.users AS u").
			Set("username", sq.Expr("coalesce(?, u.username)", p.Username)).
			Set("email", sq.Expr("coalesce(?, u.email)", p.Email)).
			Set("external_id", external).
			Set("display_name", sq.Expr("coalesce(?, u.display_name)", p.DisplayName)).
			Set("attributes", sq.Expr("roster.json_merge_patch("+target+", ?)", p.Attributes)).
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

type patchUsers struct {
	ID       [][16]byte
	Expected []int64
	// An empty text leaves a field as it is.
	Username     []string
	Email        []string
	DisplayName  []string
	Status       []string
	NoExternalID []bool
	ExternalID   []string
	NoAttributes []bool
	Attributes   []string
	At           []time.Time
	Within       [][16]byte
}

var patchUsersOf = sqlcheck.Transpose[patchUser, patchUsers]("Suspends", "Bound")

// manyPatches are commands that are all of bound callers, or all of others.
type manyPatches struct {
	patchUsers
	Bound bool
}

// The commands v of usersPatch, of callers who see all users and of bound ones.
const (
	patches = `WITH v AS MATERIALIZED (
		SELECT v.id, v.expected, v.username, v.email, v.display_name, v.status, v.no_external_id, v.external_id,
			v.no_attributes, v.attributes::jsonb AS attributes, v.at
		FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::text[],
			?::boolean[], ?::text[], ?::timestamptz[]`
	patchColumns = `id, expected, username, email, display_name, status, no_external_id, external_id, no_attributes, attributes, at`

	patchesOfUsers   = patches + `) AS v (` + patchColumns + `) ` + freeUsers
	patchesOfMembers = patches + `, ?::uuid[]) AS v (` + patchColumns + `, within) ` + ofMembers + freeUsers
)

// It leaves out users that are locked, missing or at another version. It leaves out
// users whose attributes could become too long: merged, they are no longer than
// both together.
var usersPatch = sqlcheck.New(sqlcheck.Def[manyPatches, rows.User]{
	Name:  "users.patch_many",
	Enums: map[string][]string{"Bound": {"false", "true"}},
	Build: func(p manyPatches) sq.Sqlizer {
		commands := patchesOfUsers
		args := []any{
			p.ID, p.Expected, p.Username, p.Email, p.DisplayName, p.Status, p.NoExternalID, p.ExternalID, p.NoAttributes,
			p.Attributes, p.At,
		}
		if p.Bound {
			commands, args = patchesOfMembers, append(args, p.Within)
		}
		return sq.Update("roster.users AS u").
			Prefix(commands, args...).
			Set("username", sq.Expr("coalesce(nullif(v.username, ''), u.username)")).
			Set("email", sq.Expr("coalesce(nullif(v.email, ''), u.email)")).
			Set("external_id", sq.Expr("CASE WHEN v.no_external_id THEN NULL ELSE coalesce(nullif(v.external_id, ''), u.external_id) END")).
			Set("display_name", sq.Expr("coalesce(nullif(v.display_name, ''), u.display_name)")).
			Set("attributes", sq.Expr("roster.json_merge_patch(CASE WHEN v.no_attributes THEN '{}' ELSE u.attributes END, v.attributes)")).
			Set("status", sq.Expr("coalesce(nullif(v.status, ''), u.status)")).
			Set("updated_at", sq.Expr("v.at")).
			Set("version", sq.Expr("u.version + 1")).
			Suffix(`FROM v WHERE u.id = v.id AND u.deleted_at IS NULL AND (v.expected = 0 OR u.version = v.expected)
				AND (v.attributes = '{}' OR octet_length(u.attributes::text) + octet_length(v.attributes::text) <= 16384)`).
			Suffix(returning(rows.UserColumns("u")))
	},
})

func (q patchUser) key() [16]byte     { return q.ID }
func (q patchUser) mustBeAlone() bool { return q.Suspends } // its statement locks organizations
func (q patchUser) size() int {
	return 64 + len(rows.OrZero(q.Username)) + len(rows.OrZero(q.Email)) +
		len(rows.OrZero(q.DisplayName)) + len(q.Attributes) + len(rows.OrZero(q.ExternalID))
}

// merges is whether the attributes could become too large.
func (q patchUser) merges() bool { return string(q.Attributes) != "{}" }

// patchAlone undoes a patch after which the attributes are larger than the domain
// allows: two small objects can make a large one.
func patchAlone(ctx context.Context, pool *database.Pool, key *ports.Idempotency, q patchUser) (rows.User, error) {
	send := func(db sqlcheck.DB) (rows.User, error) {
		row, err := userPatch.One(ctx, db, q)
		if err == nil && q.merges() {
			_, err = domain.ParseAttributes(row.Attributes)
		}
		return row, err
	}
	if key != nil || !q.merges() {
		return once(ctx, pool, key, send, userIsFree(q.ID))
	}
	return database.InTx(ctx, pool, func(_ context.Context, tx sqlcheck.Tx) (rows.User, error) { return send(tx) }, userIsFree(q.ID))
}

func patchMany(b *sqlcheck.Batch, all []patchUser) func() map[[16]byte]rows.User {
	return rowsByUser(usersPatch.Queue(b, manyPatches{patchUsersOf(all), all[0].Bound}))
}
