package postgres

import (
	"cmp"
	"context"
	"slices"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// The statements for many users take one array a column. In those of texts an
// empty one is none: no column holds it.

type insertUsers struct {
	IDs          [][16]byte
	ExternalIDs  []string
	Usernames    []string
	Emails       []string
	DisplayNames []string
	Attributes   []string
	Statuses     []string
	CreatedAts   []time.Time
	UpdatedAts   []time.Time
	Versions     []int64
}

// Users whose id or names are taken are left out.
var usersInsert = sqlcheck.New(sqlcheck.Def[insertUsers, rows.User]{
	Name: "users.insert_many",
	Build: func(p insertUsers) sq.Sqlizer {
		all := sq.Select("v.id", "nullif(v.external_id, '')", "v.username", "v.email", "v.display_name", "v.attributes::jsonb", "v.status", "v.created_at", "v.updated_at", "v.version").
			Suffix(`FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::bigint[])
				AS v (id, external_id, username, email, display_name, attributes, status, created_at, updated_at, version)`,
				p.IDs, p.ExternalIDs, p.Usernames, p.Emails, p.DisplayNames, p.Attributes, p.Statuses, p.CreatedAts, p.UpdatedAts, p.Versions)
		return sq.Insert("roster.users AS u").
			Columns("id", "external_id", "username", "email", "display_name", "attributes", "status", "created_at", "updated_at", "version").
			Select(all).Suffix("ON CONFLICT DO NOTHING " + returning(rows.UserColumns("u")))
	},
})

type updateUsers struct {
	IDs       [][16]byte
	Expecteds []int64
	Usernames []string
	Emails    []string
	// What is empty stays as it is.
	ExternalIDs  []string
	DisplayNames []string
	Attributes   []string
	Statuses     []string
	Ats          []time.Time
}

// freeUsers locks those of the users that nobody else has locked, in the order
// of their ids, as all that touch several do. Whoever waits for a lock keeps
// nobody waiting beside it. What is to be written comes along: to join it later
// would be to compare each with each.
const freeUsers = `JOIN roster.users l ON l.id = v.id ORDER BY l.id FOR NO KEY UPDATE OF l SKIP LOCKED)`

// Users that are locked, are not there or have another version are left out.
var usersUpdate = sqlcheck.New(sqlcheck.Def[updateUsers, rows.User]{
	Name: "users.update_many",
	Build: func(p updateUsers) sq.Sqlizer {
		return sq.Update("roster.users AS u").
			Prefix(`WITH v AS MATERIALIZED (
				SELECT v.id, v.expected, v.username, v.email, v.external_id, v.display_name, v.attributes, v.status, v.at
				FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
				AS v (id, expected, username, email, external_id, display_name, attributes, status, at) `+freeUsers,
				p.IDs, p.Expecteds, p.Usernames, p.Emails, p.ExternalIDs, p.DisplayNames, p.Attributes, p.Statuses, p.Ats).
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

type patchUsers struct {
	IDs       [][16]byte
	Expecteds []int64
	// What is empty stays as it is.
	Usernames     []string
	Emails        []string
	DisplayNames  []string
	Statuses      []string
	NoExternalIDs []bool
	ExternalIDs   []string
	NoAttributes  []bool
	Attributes    []string
	Ats           []time.Time
}

// Users that are locked, are not there or have another version are left out,
// and so are those whose attributes could be more than the domain allows: what
// is merged is no longer than both together.
var usersPatch = sqlcheck.New(sqlcheck.Def[patchUsers, rows.User]{
	Name: "users.patch_many",
	Build: func(p patchUsers) sq.Sqlizer {
		return sq.Update("roster.users AS u").
			Prefix(`WITH v AS MATERIALIZED (
				SELECT v.id, v.expected, v.username, v.email, v.display_name, v.status, v.no_external_id, v.external_id, v.no_attributes, v.attributes::jsonb AS attributes, v.at
				FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::text[], ?::boolean[], ?::text[], ?::timestamptz[])
				AS v (id, expected, username, email, display_name, status, no_external_id, external_id, no_attributes, attributes, at) `+freeUsers,
				p.IDs, p.Expecteds, p.Usernames, p.Emails, p.DisplayNames, p.Statuses, p.NoExternalIDs, p.ExternalIDs, p.NoAttributes, p.Attributes, p.Ats).
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

type deleteUsers struct {
	IDs       [][16]byte
	Expecteds []int64
	Ats       []time.Time
}

type deletedRow struct {
	ID [16]byte `db:"id"`
}

// Users that are locked, are not there or have another version are left out,
// and so are owners, each of whose organizations would have to be locked to see
// whether another is left, and members of organizations whose sums somebody has
// locked.
var usersDelete = sqlcheck.New(sqlcheck.Def[deleteUsers, deletedRow]{
	Name: "users.delete_many",
	Build: func(p deleteUsers) sq.Sqlizer {
		return sq.Update("roster.users AS u").
			Prefix(`WITH v AS MATERIALIZED (
				SELECT v.id, v.expected, v.at FROM unnest(?::uuid[], ?::bigint[], ?::timestamptz[]) AS v (id, expected, at) `+freeUsers+`, summed AS MATERIALIZED (
				SELECT s.organization_id FROM roster.engagement_organizations s
				WHERE s.organization_id = ANY (ARRAY(SELECT m.organization_id FROM v JOIN roster.memberships m ON m.user_id = v.id))
				ORDER BY s.organization_id FOR NO KEY UPDATE OF s SKIP LOCKED)`,
				p.IDs, p.Expecteds, p.Ats).
			Set("deleted_at", sq.Expr("v.at")).
			Set("updated_at", sq.Expr("v.at")).
			Set("version", sq.Expr("u.version + 1")).
			Suffix(`FROM v WHERE u.id = v.id AND u.deleted_at IS NULL AND (v.expected = 0 OR u.version = v.expected)
				AND NOT EXISTS (SELECT FROM roster.memberships m WHERE m.user_id = u.id
					AND (m.role = 'owner' OR m.organization_id NOT IN (SELECT s.organization_id FROM summed s)))`).
			Suffix(returning([]string{"u.id"}))
	},
})

func insertMany(ctx context.Context, db sqlcheck.DB, all []insertUser) (map[[16]byte]rows.User, error) {
	// Names of others that are not committed are waited for, so their order counts.
	slices.SortFunc(all, func(a, b insertUser) int { return cmp.Compare(a.Username, b.Username) })
	var p insertUsers
	for _, in := range all {
		p.IDs = append(p.IDs, in.ID)
		p.ExternalIDs = append(p.ExternalIDs, rows.OrZero(in.ExternalID))
		p.Usernames = append(p.Usernames, in.Username)
		p.Emails = append(p.Emails, in.Email)
		p.DisplayNames = append(p.DisplayNames, in.DisplayName)
		p.Attributes = append(p.Attributes, string(in.Attributes))
		p.Statuses = append(p.Statuses, in.Status)
		p.CreatedAts = append(p.CreatedAts, in.CreatedAt)
		p.UpdatedAts = append(p.UpdatedAts, in.UpdatedAt)
		p.Versions = append(p.Versions, in.Version)
	}
	return rowsByID(usersInsert.All(ctx, db, p))
}

func updateMany(ctx context.Context, db sqlcheck.DB, all []updateUser) (map[[16]byte]rows.User, error) {
	var p updateUsers
	for _, in := range all {
		p.IDs = append(p.IDs, in.ID)
		p.Expecteds = append(p.Expecteds, in.Expected)
		p.Usernames = append(p.Usernames, in.Username)
		p.Emails = append(p.Emails, in.Email)
		p.ExternalIDs = append(p.ExternalIDs, rows.OrZero(in.ExternalID))
		p.DisplayNames = append(p.DisplayNames, rows.OrZero(in.DisplayName))
		p.Attributes = append(p.Attributes, string(rows.OrZero(in.Attributes)))
		p.Statuses = append(p.Statuses, rows.OrZero(in.Status))
		p.Ats = append(p.Ats, in.At)
	}
	return rowsByID(usersUpdate.All(ctx, db, p))
}

func patchMany(ctx context.Context, db sqlcheck.DB, all []patchUser) (map[[16]byte]rows.User, error) {
	var p patchUsers
	for _, in := range all {
		p.IDs = append(p.IDs, in.ID)
		p.Expecteds = append(p.Expecteds, in.Expected)
		p.Usernames = append(p.Usernames, rows.OrZero(in.Username))
		p.Emails = append(p.Emails, rows.OrZero(in.Email))
		p.DisplayNames = append(p.DisplayNames, rows.OrZero(in.DisplayName))
		p.Statuses = append(p.Statuses, rows.OrZero(in.Status))
		p.NoExternalIDs = append(p.NoExternalIDs, in.NoExternalID)
		p.ExternalIDs = append(p.ExternalIDs, rows.OrZero(in.ExternalID))
		p.NoAttributes = append(p.NoAttributes, in.NoAttributes)
		p.Attributes = append(p.Attributes, string(in.Attributes))
		p.Ats = append(p.Ats, in.At)
	}
	return rowsByID(usersPatch.All(ctx, db, p))
}

func deleteMany(ctx context.Context, db sqlcheck.DB, all []deleteUser) (map[[16]byte]int64, error) {
	var p deleteUsers
	for _, in := range all {
		p.IDs = append(p.IDs, in.ID)
		p.Expecteds = append(p.Expecteds, in.Expected)
		p.Ats = append(p.Ats, in.At)
	}
	found, err := usersDelete.All(ctx, db, p)
	deleted := make(map[[16]byte]int64, len(found))
	for _, row := range found {
		deleted[row.ID] = 1
	}
	return deleted, err
}

func rowsByID(found []rows.User, err error) (map[[16]byte]rows.User, error) {
	users := make(map[[16]byte]rows.User, len(found))
	for _, row := range found {
		users[row.ID] = row
	}
	return users, err
}
