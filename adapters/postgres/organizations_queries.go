package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

func selectOrganizations() sq.SelectBuilder {
	return sq.Select(rows.OrganizationColumns()...).From("roster.organizations o")
}

var organizationByID = sqlcheck.New(sqlcheck.Def[byID, rows.Organization]{
	Name:  "organizations.by_id",
	Build: func(p byID) sq.Sqlizer { return selectOrganizations().Where("o.id = ?", p.ID) },
})

var organizationBySlug = sqlcheck.New(sqlcheck.Def[byKey, rows.Organization]{
	Name: "organizations.by_slug",
	Build: func(p byKey) sq.Sqlizer {
		return selectOrganizations().Where("o.slug = ?", p.Key)
	},
})

type insertOrganization struct {
	ID        [16]byte
	Name      string
	Slug      string
	Plan      string
	CreatedAt time.Time
	Version   int64
	Owner     [16]byte
}

// The owner is locked. So a concurrent deletion or suspension either comes first,
// and nothing is inserted, or finds the membership.
var organizationInsert = sqlcheck.New(sqlcheck.Def[insertOrganization, rows.Organization]{
	Name: "organizations.insert",
	Build: func(p insertOrganization) sq.Sqlizer {
		return sq.Expr(`WITH owner AS MATERIALIZED (
				SELECT u.id FROM roster.users u WHERE u.id = ? AND u.deleted_at IS NULL AND u.status = 'active' FOR SHARE OF u
			), o AS (
				INSERT INTO roster.organizations (id, name, slug, plan, created_at, version)
				SELECT ?::uuid, ?::text, ?::text, ?::text, ?::timestamptz, ?::bigint FROM owner
				RETURNING id, name, slug, plan, created_at, version
			), owned AS (
				INSERT INTO roster.memberships (organization_id, user_id, role, joined_at)
				SELECT o.id, owner.id, 'owner', o.created_at FROM o, owner
			)
			SELECT o.id, o.name, o.slug, o.plan, o.created_at, o.version FROM o`,
			any(p.Owner), any(p.ID), p.Name, p.Slug, p.Plan, p.CreatedAt, p.Version)
	},
})

type updateOrganization struct {
	ID       [16]byte
	Expected int64 // 0: any version
	// Nil leaves a field as it is.
	Name *string
	Slug *string
	Plan *string
}

var organizationUpdate = sqlcheck.New(sqlcheck.Def[updateOrganization, rows.Organization]{
	Name: "organizations.update",
	Build: func(p updateOrganization) sq.Sqlizer {
		return sq.Update("roster.organizations AS o").
			Set("name", sq.Expr("coalesce(?, o.name)", p.Name)).
			Set("slug", sq.Expr("coalesce(?, o.slug)", p.Slug)).
			Set("plan", sq.Expr("coalesce(?, o.plan)", p.Plan)).
			Set("version", sq.Expr("o.version + 1")).
			Where("o.id = ?", p.ID).
			Where(expectedVersion("o"), p.Expected, p.Expected).
			Suffix(returning(rows.OrganizationColumns()))
	},
})

type deleteOrganization struct {
	ID       [16]byte
	Expected int64 // 0: any version
}

var organizationDelete = sqlcheck.New(sqlcheck.Def[deleteOrganization, sqlcheck.None]{
	Name: "organizations.delete",
	Build: func(p deleteOrganization) sq.Sqlizer {
		return sq.Delete("roster.organizations AS o").Where("o.id = ?", p.ID).
			Where(expectedVersion("o"), p.Expected, p.Expected)
	},
})
