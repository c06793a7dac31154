package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

func selectMemberships() sq.SelectBuilder {
	return sq.Select(membershipColumns()...).From("roster.memberships m").
		Join("roster.users u ON u.id = m.user_id AND u.deleted_at IS NULL")
}

// The memberships of a deleted organization are removed in parts, and not shown until then.
const organizationExists = "EXISTS (SELECT FROM roster.organizations o WHERE o.id = ?)"

type pair struct{ Organization, User [16]byte }

var membershipByPair = sqlcheck.New(sqlcheck.Def[pair, membershipRow]{
	Name: "memberships.by_pair",
	Build: func(p pair) sq.Sqlizer {
		return selectMemberships().Where("m.organization_id = ?", p.Organization).Where("m.user_id = ?", p.User).
			Where(organizationExists, any(p.Organization))
	},
})

// membersPage begins after the member who joined at a time.
type membersPage struct {
	Organization [16]byte
	Roles        []string
	JoinedAt     time.Time
	User         [16]byte
	Limit        int32
}

var membershipsOfOrganization = sqlcheck.New(sqlcheck.Def[membersPage, membershipRow]{
	Name: "memberships.of_organization",
	Build: func(p membersPage) sq.Sqlizer {
		return selectMemberships().Where("m.organization_id = ?", p.Organization).
			Where(organizationExists, any(p.Organization)).
			Where("m.role = ANY(?)", p.Roles).
			Where("(m.joined_at, m.user_id) > (?, ?)", p.JoinedAt, any(p.User)).
			OrderBy("m.joined_at", "m.user_id").Suffix("LIMIT ?", p.Limit)
	},
})

// affiliationsPage begins after an organization of a name.
type affiliationsPage struct {
	User [16]byte
	// Within, where it is set, is the only organization of the page.
	Within sqlcheck.Opt[[16]byte]
	Name   string
	ID     [16]byte
	Limit  int32
}

var membershipsOfUser = sqlcheck.New(sqlcheck.Def[affiliationsPage, affiliationRow]{
	Name: "memberships.of_user",
	Build: func(p affiliationsPage) sq.Sqlizer {
		b := sq.Select(rows.OrganizationColumns()...).Columns("m.role", "m.joined_at").From("roster.memberships m").
			Join("roster.users u ON u.id = m.user_id AND u.deleted_at IS NULL").
			Join("roster.organizations o ON o.id = m.organization_id").
			Where("m.user_id = ?", p.User)
		if p.Within.Set {
			b = b.Where("m.organization_id = ?", any(p.Within.V))
		}
		return b.Where(`(o.name COLLATE "C", o.id) > (?, ?)`, p.Name, any(p.ID)).
			OrderBy(`o.name COLLATE "C"`, "o.id").Suffix("LIMIT ?", p.Limit)
	},
})

type existsRow struct {
	Organization bool `db:"organization_exists"`
	User         bool `db:"user_exists"`
}

var pairExists = sqlcheck.New(sqlcheck.Def[pair, existsRow]{
	Name: "memberships.pair_exists",
	Build: func(p pair) sq.Sqlizer {
		return sq.Select().
			Column(organizationExists+" AS organization_exists", any(p.Organization)).
			Column("EXISTS (SELECT FROM roster.users u WHERE u.id = ? AND u.deleted_at IS NULL) AS user_exists", any(p.User))
	},
})

type insertMembership struct {
	Organization, User [16]byte
	Role               string
	JoinedAt           time.Time
}

var membershipInsert = sqlcheck.New(sqlcheck.Def[insertMembership, membershipRow]{
	Name: "memberships.insert",
	Build: func(p insertMembership) sq.Sqlizer {
		return sq.Insert("roster.memberships AS m").PrefixExpr(lockOrganization(p.Organization)).
			Columns("organization_id", "user_id", "role", "joined_at").
			Select(sq.Select("locked.id", "u.id").Column("?::text", p.Role).Column("?::timestamptz", p.JoinedAt).
				From("locked").Join("roster.users u ON u.id = ? AND u.deleted_at IS NULL", any(p.User))).
			Suffix(returning(membershipColumns()))
	},
})

type updateMembership struct {
	Organization, User [16]byte
	Role               string
}

var membershipUpdate = sqlcheck.New(sqlcheck.Def[updateMembership, membershipRow]{
	Name: "memberships.update",
	Build: func(p updateMembership) sq.Sqlizer {
		return sq.Update("roster.memberships AS m").PrefixExpr(lockOrganization(p.Organization)).
			Set("role", p.Role).
			From("locked, roster.users u").
			Where("m.organization_id = locked.id AND u.id = m.user_id AND u.deleted_at IS NULL").
			Where("m.user_id = ?", p.User).
			Suffix(returning(membershipColumns()))
	},
})

var membershipDelete = sqlcheck.New(sqlcheck.Def[pair, sqlcheck.None]{
	Name: "memberships.delete",
	Build: func(p pair) sq.Sqlizer {
		return sq.Delete("roster.memberships AS m USING locked, roster.users u").PrefixExpr(lockOrganization(p.Organization)).
			Where("m.organization_id = locked.id AND u.id = m.user_id AND u.deleted_at IS NULL").
			Where("m.user_id = ?", p.User)
	},
})
