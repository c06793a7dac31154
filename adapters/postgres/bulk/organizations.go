package bulk

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/ports"
)

type stagedOrganization struct {
	Line      int64      `db:"line"`
	ID        *[16]byte  `db:"id"`
	NewID     [16]byte   `db:"new_id"`
	Name      string     `db:"name"`
	Slug      string     `db:"slug"`
	Plan      string     `db:"plan"`
	CreatedAt *time.Time `db:"created_at"`
	Version   *int64     `db:"version"`
}

func stageOrganization(line ports.Line[ports.OrganizationRecord]) stagedOrganization {
	o := line.Record
	return stagedOrganization{
		Line: line.Number, ID: rows.NonZero([16]byte(o.ID)), NewID: either(o.ID, o.NewID),
		Name: o.Name.String(), Slug: o.Slug.String(), Plan: o.Plan.String(),
		CreatedAt: rows.NonZero(o.CreatedAt), Version: rows.NonZero(int64(o.Version)),
	}
}

const organizationColumns = "line, id, new_id, name, slug, plan, created_at, version"

var organizations = kind[ports.OrganizationRecord, stagedOrganization]{
	staging: newStaging[stagedOrganization]("organizations"), row: stageOrganization, refusals: organizationRefusals,
	store: newStoring(storeDef{
		table: "organizations", columns: organizationColumns,
		insert: func(p importedAt) sq.InsertBuilder {
			return sq.Insert("roster.organizations").
				Columns("id", "name", "slug", "plan", "created_at", "version").
				Select(sq.Select("s.new_id", "s.name", "s.slug", "s.plan").
					Column("coalesce(s.created_at, ?)", p.At).
					Column("coalesce(s.version, 1)").
					From("staged s").
					Join("roster.plans p ON p.code = s.plan").
					Where("s.new_id NOT IN (" + erasedOrganizations + ")").
					OrderBy("s.line"))
		},
		returning: "id", key: "stored.id::text", lines: "stored JOIN staged s ON s.new_id = stored.id",
	}),
}

var organizationRefusals = refusing("organizations", organizationColumns, "", sq.Select("s.line").
	Column(`CASE WHEN o.id IS NOT NULL THEN 'differs' WHEN p.code IS NULL THEN 'unknown' ELSE 'taken' END AS reason`).
	Column(`CASE WHEN o.id IS NOT NULL THEN d.fields WHEN p.code IS NULL THEN 'plan'
		WHEN s.new_id IN (`+erasedOrganizations+`) THEN 'id' ELSE 'slug' END AS fields`).
	From("staged s").
	LeftJoin("roster.organizations n ON s.id IS NULL AND n.slug = s.slug").
	LeftJoin("roster.organizations o ON o.id = coalesce(s.id, n.id)").
	LeftJoin("roster.plans p ON p.code = s.plan").
	CrossJoin(`LATERAL (SELECT concat_ws(', ',
			CASE WHEN o.name <> s.name THEN 'name' END,
			CASE WHEN o.slug <> s.slug THEN 'slug' END,
			CASE WHEN o.plan <> s.plan THEN 'plan' END,
			CASE WHEN o.created_at <> s.created_at THEN 'created_at' END,
			CASE WHEN o.version <> s.version THEN 'version' END) AS fields) d`).
	Where("(o.id IS NULL OR d.fields <> '')").
	OrderBy("s.line"))
