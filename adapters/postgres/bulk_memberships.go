package postgres

import (
	"context"
	"iter"
	"time"

	sq "github.com/Masterminds/squirrel"

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
		OrganizationID: given([16]byte(m.Organization.ID)), Organization: given(m.Organization.Slug.String()),
		UserID: given([16]byte(m.User.ID)), Username: given(m.User.Username.String()),
		Role: string(m.Role), JoinedAt: given(m.JoinedAt),
	}
}

// resolved finds the organization and the user that a staged line names.
const resolved = `
	LEFT JOIN roster.organizations oi ON oi.id = s.organization_id
	LEFT JOIN roster.organizations os ON s.organization_id IS NULL AND os.slug = s.organization
	LEFT JOIN roster.users ui ON ui.id = s.user_id
	LEFT JOIN roster.users un ON s.user_id IS NULL AND un.deleted_at IS NULL AND lower(un.username COLLATE "C") = lower(s.username COLLATE "C")`

// resolvedMemberships starts the statements that look at staged memberships.
const resolvedMemberships = `WITH resolved AS (
	SELECT s.line, coalesce(oi.id, os.id) AS organization_id, coalesce(ui.id, un.id) AS user_id, s.role, s.joined_at,
		coalesce(ui.deleted_at, un.deleted_at) IS NULL AS seated,
		CASE WHEN s.organization_id IS NULL THEN 'organization' ELSE 'organization_id' END AS organization_field,
		CASE WHEN s.user_id IS NULL THEN 'user' ELSE 'user_id' END AS user_field
	FROM roster.staging_memberships s` + resolved + `)`

var (
	bulkMembershipsCopy        = sqlcheck.NewCopy[stagedMembership](sqlcheck.CopyDef{Name: "bulk.copy.memberships", Table: "roster.staging_memberships"})
	bulkMembershipsClear       = emptying("staging_memberships")
	bulkMembershipsCount       = analyzing("staging_memberships")
	bulkMembershipsCountStored = analyzing("memberships")

	// The seats that are free stay so until the end of the transaction: the
	// database's own rule takes the same locks, in the same order.
	bulkMembershipsLock = sqlcheck.New(sqlcheck.Def[sqlcheck.None, bulkCountRow]{
		Name: "bulk.lock.memberships",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select("count(*) AS count").From("locked").Prefix(resolvedMemberships + `, locked AS (
				SELECT o.id FROM roster.organizations o
				JOIN roster.plans p ON p.code = o.plan
				WHERE p.seats IS NOT NULL AND o.id IN (SELECT r.organization_id FROM resolved r)
				ORDER BY o.id FOR NO KEY UPDATE OF o FOR SHARE OF p)`)
		},
	})

	// Each organization takes as many of its lines, in their order, as seats
	// are left.
	bulkMembershipsStore = storing("bulk.store.memberships", func(p importedAt) sq.Sqlizer {
		return sq.Insert("roster.memberships").
			Prefix(resolvedMemberships+`, fresh AS (
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
				SELECT m.organization_id, count(*) AS seats
				FROM roster.memberships m
				JOIN roster.users u ON u.id = m.user_id AND u.deleted_at IS NULL
				WHERE m.organization_id IN (SELECT f.organization_id FROM fresh f)
				GROUP BY m.organization_id)`).
			Columns("organization_id", "user_id", "role", "joined_at").
			Select(sq.Select("f.organization_id", "f.user_id", "f.role").
				Column("coalesce(f.joined_at, ?)", p.At).
				From("placed f").
				Join("roster.organizations o ON o.id = f.organization_id").
				Join("roster.plans p ON p.code = o.plan").
				LeftJoin("taken t ON t.organization_id = f.organization_id").
				Where("(p.seats IS NULL OR NOT f.seated OR f.place + coalesce(t.seats, 0) <= p.seats)").
				OrderBy("f.line")).
			Suffix("ON CONFLICT DO NOTHING")
	})

	bulkMembershipsRefusals = refusing("bulk.refusals.memberships", sq.Select("r.line").
				Prefix(resolvedMemberships).
				Column(`CASE WHEN m.user_id IS NOT NULL THEN 'differs' WHEN r.organization_id IS NULL OR r.user_id IS NULL THEN 'unknown' ELSE 'seats' END AS reason`).
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

type bulkCountRow struct {
	Count int64 `db:"count"`
}

// AddMemberships implements ports.BulkWriter.
func (w *bulkWriter) AddMemberships(ctx context.Context, lines iter.Seq2[ports.Line[ports.MembershipRecord], error], refuse func(ports.Refusal) error) (ports.Added, error) {
	return move[ports.MembershipRecord, stagedMembership]{
		copy: bulkMembershipsCopy, row: stageMembership, clear: bulkMembershipsClear, count: bulkMembershipsCount, countStored: bulkMembershipsCountStored, refusals: bulkMembershipsRefusals,
		lock: func(ctx context.Context, db sqlcheck.DB) error {
			_, err := bulkMembershipsLock.One(ctx, db, sqlcheck.None{})
			return err
		},
		store: func(ctx context.Context, tx sqlcheck.Tx) (int64, error) {
			return bulkMembershipsStore.Exec(ctx, tx, importedAt{w.at})
		},
	}.run(ctx, w, lines, refuse)
}
