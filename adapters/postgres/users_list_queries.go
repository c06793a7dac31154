package postgres

import (
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// userKeys are what the sorts of users compare.
var userKeys = map[string]string{
	string(domain.ByCreated):  "u.created_at",
	string(domain.ByUpdated):  "u.updated_at",
	string(domain.ByUsername): `lower(u.username COLLATE "C")`,
	string(domain.ByEmail):    `lower(u.email COLLATE "C")`,
}

// userOrders are the enumerated fields of a spot in a list of users.
var userOrders = orders(domain.ByCreated, domain.ByUpdated, domain.ByUsername, domain.ByEmail)

// emailDomain is the expression of the index users_email_domain.
const emailDomain = `split_part(lower(u.email COLLATE "C"), '@', 2)`

// userFilter chooses users. What is enumerated changes the text: which of a
// membership's fields count, and whether the time of creation does.
type userFilter struct {
	Statuses     []string
	Suspended    bool // as Statuses may say, too: those have an index
	Belonging    string
	Organization [16]byte
	Plan         string
	Roles        []string
	EmailDomain  sqlcheck.Opt[string]
	InSpan       bool
	CreatedFrom  time.Time
	CreatedTo    time.Time
}

// The fields of a membership by which users are chosen.
const (
	byNone             = ""
	byRole             = "role"
	byOrganization     = "organization"
	byPlan             = "plan"
	byOrganizationPlan = "organization, plan"
)

// userFilterEnums are the enumerated fields of userFilter.
func userFilterEnums(more map[string][]string) map[string][]string {
	enums := map[string][]string{
		"Belonging": {byNone, byRole, byOrganization, byPlan, byOrganizationPlan},
		"InSpan":    {"false", "true"},
		"Suspended": {"false", "true"},
	}
	for name, values := range more {
		enums[name] = values
	}
	return enums
}

func (f userFilter) apply(b sq.SelectBuilder) sq.SelectBuilder {
	if f.Suspended {
		b = b.Where("u.status = 'suspended'")
	} else {
		b = b.Where("u.status = ANY(?)", f.Statuses)
	}
	if f.EmailDomain.Set {
		b = b.Where(emailDomain+" = ?", f.EmailDomain.V)
	}
	if f.InSpan {
		b = b.Where("u.created_at >= ?", f.CreatedFrom).Where("u.created_at < ?", f.CreatedTo)
	}
	if f.Belonging != byNone {
		b = b.Where(f.membership())
	}
	return b
}

// membership is that one membership meets all that is asked of one.
func (f userFilter) membership() sq.Sqlizer {
	m := sq.Select("m.user_id").From("roster.memberships m").Where("m.role = ANY(?)", f.Roles)
	if strings.HasPrefix(f.Belonging, byOrganization) {
		m = m.Where("m.organization_id = ?", f.Organization)
	}
	if strings.HasSuffix(f.Belonging, byPlan) {
		m = m.Join("roster.organizations o ON o.id = m.organization_id").
			Where("o.plan = ?", f.Plan)
	}
	return sq.Expr("u.id IN (?)", m)
}

// walkUsers takes the users of a page.
func (s spot) walkUsers(b sq.SelectBuilder) sq.SelectBuilder {
	return s.walk(b, userKeys[s.Sort], "u.id")
}

// mostLists is how many ways of filtering there are, times the orders.
const mostLists = 5 * 2 * 2 * 2 * 8

type listUsers struct {
	userFilter
	spot
}

var usersListed = sqlcheck.New(sqlcheck.Def[listUsers, userRow]{
	Name:   "users.list",
	Enums:  userFilterEnums(userOrders),
	Replan: true, // whether to walk the order or to sort what a filter finds

	MaxVariants: mostLists,
	Build:       func(p listUsers) sq.Sqlizer { return p.walkUsers(p.userFilter.apply(selectUsers())) },
})

// anyUserFilter chooses users, those deleted too, with few variants of the text.
type anyUserFilter struct {
	Living       []bool
	Statuses     []string
	Belonging    string
	Organization [16]byte
	Plan         string
	Roles        []string
	EmailDomain  *string
	CreatedFrom  time.Time
	CreatedTo    time.Time
}

func (p anyUserFilter) apply(b sq.SelectBuilder) sq.SelectBuilder {
	f := userFilter{
		Statuses: p.Statuses, Belonging: p.Belonging, Organization: p.Organization, Plan: p.Plan, Roles: p.Roles,
		InSpan: true, CreatedFrom: p.CreatedFrom, CreatedTo: p.CreatedTo,
	}
	return f.apply(b.Where(isLiving(p.Living)).Where("(?::text IS NULL OR "+emailDomain+" = ?)", p.EmailDomain, p.EmailDomain))
}

// listAnyUsers lists users of whom some are deleted: for administrators,
// seldom, and so without indexes of its own.
type listAnyUsers struct {
	anyUserFilter
	spot
}

type anyUserRow struct {
	userRow
	DeletedAt *time.Time `db:"deleted_at"`
}

func (r anyUserRow) user() (domain.User, error) {
	user, err := r.userRow.user()
	if r.DeletedAt != nil {
		user.DeletedAt = r.DeletedAt.UTC()
	}
	return user, err
}

func selectAnyUsers() sq.SelectBuilder {
	return sq.Select(userColumns("u")...).Column("u.deleted_at").From("roster.users u")
}

func isLiving(living []bool) sq.Sqlizer {
	return sq.Expr("(u.deleted_at IS NULL) = ANY(?)", living)
}

const forAdministrators = "administrators look for deleted users, seldom"

var usersListedAny = sqlcheck.New(sqlcheck.Def[listAnyUsers, anyUserRow]{
	Name: "users.list_any",
	Enums: map[string][]string{
		"Belonging": userFilterEnums(nil)["Belonging"], "Sort": userOrders["Sort"], "Descending": userOrders["Descending"],
	},
	Replan: true,
	Build:  func(p listAnyUsers) sq.Sqlizer { return p.walkUsers(p.anyUserFilter.apply(selectAnyUsers())) },
	Plan:   sqlcheck.Gate{Whole: map[string]string{"roster.users": forAdministrators}},
})
