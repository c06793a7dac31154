package bulk

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

type stagedMembership struct {
	Line           int64      `db:"line"`
	OrganizationID *[16]byte  `db:"organization_id"`
	Organization   *string    `db:"organization"`
	UserID         *[16]byte  `db:"user_id"`
	Username       *string    `db:"username"`
	Role           string     `db:"role"`
	JoinedAt       *time.Time `db:"joined_at"`
}

func stageMembership(line ports.Line[ports.MembershipRecord]) stagedMembership {
	m := line.Record
	return stagedMembership{
		Line:           line.Number,
		OrganizationID: rows.NonZero([16]byte(m.Organization.ID)), Organization: rows.NonZero(m.Organization.Slug.String()),
		UserID: rows.NonZero([16]byte(m.User.ID)), Username: rows.NonZero(m.User.Username.String()),
		Role: string(m.Role), JoinedAt: rows.NonZero(m.JoinedAt),
	}
}

const membershipColumns = "line, organization_id, organization, user_id, username, role, joined_at"

// resolving is a common table expression with the organization and the user that
// each staged line names, and some more columns.
func resolving(columns string) string {
	return `, resolved AS (
	SELECT s.line, coalesce(oi.id, os.id) AS organization_id, coalesce(ui.id, un.id) AS user_id,
		CASE WHEN s.organization_id IS NULL THEN 'organization' ELSE 'organization_id' END AS organization_field,
		CASE WHEN s.user_id IS NULL THEN 'user' ELSE 'user_id' END AS user_field, ` + columns + `
	FROM staged s
	LEFT JOIN roster.organizations oi ON oi.id = s.organization_id
	LEFT JOIN roster.organizations os ON s.organization_id IS NULL AND os.slug = s.organization
	LEFT JOIN roster.users ui ON ui.id = s.user_id
	LEFT JOIN roster.users un ON s.user_id IS NULL AND un.deleted_at IS NULL AND ` +
		`lower(un.username COLLATE "C") = lower(s.username COLLATE "C"))`
}

var resolvedMemberships = resolving("s.role, s.joined_at, coalesce(ui.deleted_at, un.deleted_at) IS NULL AS seated")

// placedMemberships are the new memberships, each with its number among those of
// its organization that take a seat.
var placedMemberships = resolvedMemberships + `, fresh AS (
		SELECT DISTINCT ON (r.organization_id, r.user_id) r.line, r.organization_id, r.user_id, r.role, r.joined_at, r.seated
		FROM resolved r
		WHERE r.organization_id IS NOT NULL AND r.user_id IS NOT NULL AND NOT EXISTS (
			SELECT 1 FROM roster.memberships m WHERE m.organization_id = r.organization_id AND m.user_id = r.user_id)
		ORDER BY r.organization_id, r.user_id, r.line
	), placed AS (
		SELECT f.line, f.organization_id, f.user_id, f.role, f.joined_at, f.seated,
			count(*) FILTER (WHERE f.seated) OVER (PARTITION BY f.organization_id ORDER BY f.line) AS place
		FROM fresh f
	), taken AS (
		SELECT g.organization_id, g.members AS seats FROM roster.engagement_organizations g)`

var (
	// Free seats stay free until the end of the transaction: the trigger that counts
	// seats takes the same locks, in the same order.
	lockSeats = sqlcheck.New(sqlcheck.Def[staged, lockedSeatsRow]{
		Name: "bulk.lock.memberships", Enums: ofStaged,
		Build: func(p staged) sq.Sqlizer {
			return sq.Select("count(*) AS count").From("locked").PrefixExpr(p.with("memberships", membershipColumns)).Prefix(
				resolvedMemberships + `, locked AS (
				SELECT o.id FROM roster.organizations o
				JOIN roster.plans p ON p.code = o.plan
				WHERE p.seats IS NOT NULL AND o.id IN (SELECT r.organization_id FROM resolved r)
				ORDER BY o.id FOR NO KEY UPDATE OF o FOR SHARE OF p)`)
		},
	})

	membershipRefusals = refusing("memberships", membershipColumns, resolvedMemberships, sq.Select("r.line").
				Column("CASE WHEN m.user_id IS NOT NULL THEN 'differs'"+
			" WHEN r.organization_id IS NULL OR r.user_id IS NULL THEN 'unknown' ELSE 'seats' END AS reason").
		Column(`CASE WHEN m.user_id IS NOT NULL THEN d.fields
			WHEN r.organization_id IS NOT NULL AND r.user_id IS NULL THEN r.user_field ELSE r.organization_field END AS fields`).
		From("resolved r").
		LeftJoin("roster.memberships m ON m.organization_id = r.organization_id AND m.user_id = r.user_id").
		CrossJoin(`LATERAL (SELECT concat_ws(', ',
			CASE WHEN m.role <> r.role THEN 'role' END,
			CASE WHEN m.joined_at <> r.joined_at THEN 'joined_at' END) AS fields) d`).
		Where("(m.user_id IS NULL OR d.fields <> '')").
		OrderBy("r.line"))
)

// Each organization takes its lines in order, until no seat is left.
var memberships = kind[ports.MembershipRecord, stagedMembership]{
	staging: newStaging[stagedMembership]("memberships"), row: stageMembership, refusals: membershipRefusals,
	lock: func(ctx context.Context, db sqlcheck.DB, which staged) error {
		_, err := lockSeats.One(ctx, db, which)
		return err
	},
	store: newStoring(storeDef{
		table: "memberships", columns: membershipColumns, with: placedMemberships,
		insert: func(p importedAt) sq.InsertBuilder {
			return sq.Insert("roster.memberships").
				Columns("organization_id", "user_id", "role", "joined_at").
				Select(sq.Select("f.organization_id", "f.user_id", "f.role").
					Column("coalesce(f.joined_at, ?)", p.At).
					From("placed f").
					Join("roster.organizations o ON o.id = f.organization_id").
					Join("roster.plans p ON p.code = o.plan").
					LeftJoin("taken t ON t.organization_id = f.organization_id").
					Where("(p.seats IS NULL OR NOT f.seated OR f.place + coalesce(t.seats, 0) <= p.seats)").
					OrderBy("f.line"))
		},
		returning: "organization_id, user_id", key: "concat_ws(' ', stored.organization_id, stored.user_id)",
		lines: "stored JOIN resolved s ON s.organization_id = stored.organization_id AND s.user_id = stored.user_id",
	}),
}

type lockedSeatsRow struct {
	Count int64 `db:"count"`
}
