package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/columns"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

func selectMemberships() sq.SelectBuilder {
	return sq.Select(membershipColumns()...).From(columns.Memberships + " m").
		Join(columns.Users + " u ON u." + columns.UsersID + " = m." + columns.MembershipsUserID + " AND u." + columns.UsersDeletedAt + " IS NULL")
}

type pair struct{ Organization, User [16]byte }

var membershipByPair = sqlcheck.New(sqlcheck.Def[pair, membershipRow]{
	Name: "memberships.by_pair",
	Build: func(p pair) sq.Sqlizer {
		return selectMemberships().Where("m."+columns.MembershipsOrganizationID+" = ?", p.Organization).Where("m."+columns.MembershipsUserID+" = ?", p.User)
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
		return selectMemberships().Where("m."+columns.MembershipsOrganizationID+" = ?", p.Organization).
			Where("m."+columns.MembershipsRole+" = ANY(?)", p.Roles).
			Where("(m."+columns.MembershipsJoinedAt+", m."+columns.MembershipsUserID+") > (?, ?)", p.JoinedAt, any(p.User)).
			OrderBy("m."+columns.MembershipsJoinedAt, "m."+columns.MembershipsUserID).Suffix("LIMIT ?", p.Limit)
	},
})

// affiliationsPage begins after an organization of a name.
type affiliationsPage struct {
	User  [16]byte
	Name  string
	ID    [16]byte
	Limit int32
}

var membershipsOfUser = sqlcheck.New(sqlcheck.Def[affiliationsPage, affiliationRow]{
	Name: "memberships.of_user",
	Build: func(p affiliationsPage) sq.Sqlizer {
		return sq.Select(organizationColumns()...).Columns("m."+columns.MembershipsRole, "m."+columns.MembershipsJoinedAt).From(columns.Memberships+" m").
			Join(columns.Users+" u ON u."+columns.UsersID+" = m."+columns.MembershipsUserID+" AND u."+columns.UsersDeletedAt+" IS NULL").
			Join(columns.Organizations+" o ON o."+columns.OrganizationsID+" = m."+columns.MembershipsOrganizationID).
			Where("m."+columns.MembershipsUserID+" = ?", p.User).
			Where(`(o.`+columns.OrganizationsName+` COLLATE "C", o.`+columns.OrganizationsID+") > (?, ?)", p.Name, any(p.ID)).
			OrderBy(`o.`+columns.OrganizationsName+` COLLATE "C"`, "o."+columns.OrganizationsID).Suffix("LIMIT ?", p.Limit)
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
			Column("EXISTS (SELECT FROM "+columns.Organizations+" o WHERE o."+columns.OrganizationsID+" = ?) AS organization_exists", any(p.Organization)).
			Column("EXISTS (SELECT FROM "+columns.Users+" u WHERE u."+columns.UsersID+" = ? AND u."+columns.UsersDeletedAt+" IS NULL) AS user_exists", any(p.User))
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
		return sq.Insert(columns.Memberships+" AS m").PrefixExpr(lockOrganization(p.Organization)).
			Columns(columns.MembershipsOrganizationID, columns.MembershipsUserID, columns.MembershipsRole, columns.MembershipsJoinedAt).
			Select(sq.Select("locked.id", "u."+columns.UsersID).Column("?::text", p.Role).Column("?::timestamptz", p.JoinedAt).
				From("locked").Join(columns.Users+" u ON u."+columns.UsersID+" = ? AND u."+columns.UsersDeletedAt+" IS NULL", any(p.User))).
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
		return sq.Update(columns.Memberships+" AS m").PrefixExpr(lockOrganization(p.Organization)).
			Set(columns.MembershipsRole, p.Role).
			From("locked, "+columns.Users+" u").
			Where("m."+columns.MembershipsOrganizationID+" = locked.id AND u."+columns.UsersID+" = m."+columns.MembershipsUserID+" AND u."+columns.UsersDeletedAt+" IS NULL").
			Where("m."+columns.MembershipsUserID+" = ?", p.User).
			Suffix(returning(membershipColumns()))
	},
})

var membershipDelete = sqlcheck.New(sqlcheck.Def[pair, sqlcheck.None]{
	Name: "memberships.delete",
	Build: func(p pair) sq.Sqlizer {
		return sq.Delete(columns.Memberships+" AS m USING locked, "+columns.Users+" u").PrefixExpr(lockOrganization(p.Organization)).
			Where("m."+columns.MembershipsOrganizationID+" = locked.id AND u."+columns.UsersID+" = m."+columns.MembershipsUserID+" AND u."+columns.UsersDeletedAt+" IS NULL").
			Where("m."+columns.MembershipsUserID+" = ?", p.User)
	},
})
