package rows

import (
	"maps"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// emailDomain is the expression of the index users_email_domain.
const emailDomain = `split_part(lower(u.email COLLATE "C"), '@', 2)`

// UserFilter chooses users u that are not deleted. It is a part of a query's
// parameters. The fields in UserFilterEnums change the text.
type UserFilter struct {
	Statuses     []string
	Suspended    bool // whether Statuses are only that one, which has an index
	Belonging    string
	Organization [16]byte
	Plan         string
	Roles        []string
	EmailDomain  sqlcheck.Opt[string]
	InSpan       bool // whether the time of creation counts
	CreatedFrom  time.Time
	CreatedTo    time.Time
}

// Values of Belonging: the fields of a membership that count.
const (
	anybody              = ""
	withRole             = "role"
	inOrganization       = "organization"
	onPlan               = "plan"
	inOrganizationOnPlan = "organization, plan"
)

// Belongings are all values of Belonging.
func Belongings() []string {
	return []string{anybody, withRole, inOrganization, onPlan, inOrganizationOnPlan}
}

// UserFilterEnums are the enumerated fields of UserFilter, and more.
func UserFilterEnums(more map[string][]string) map[string][]string {
	enums := map[string][]string{
		"Belonging": Belongings(),
		"InSpan":    {"false", "true"},
		"Suspended": {"false", "true"},
	}
	maps.Copy(enums, more)
	return enums
}

// FilterOf is the filter of a request for users that are not deleted.
func FilterOf(in ports.UserFilter) UserFilter {
	f := UserFilter{
		Statuses: statuses(in.Status), Suspended: in.Status == domain.Suspended,
		Belonging: belonging(in), Organization: in.Organization, Plan: in.Plan.String(), Roles: Roles(in.Role),
		EmailDomain: sqlcheck.Opt[string]{V: in.EmailDomain.String(), Set: !in.EmailDomain.IsZero()},
		InSpan:      !in.CreatedFrom.IsZero() || !in.CreatedTo.IsZero(), CreatedFrom: in.CreatedFrom, CreatedTo: in.CreatedTo,
	}
	if in.CreatedFrom.IsZero() {
		f.CreatedFrom = database.Earliest
	}
	if in.CreatedTo.IsZero() {
		f.CreatedTo = database.Latest
	}
	return f
}

func statuses(status domain.Status) []string {
	if status != "" {
		return []string{string(status)}
	}
	return []string{string(domain.Active), string(domain.Suspended)}
}

// Roles are the roles that a filter accepts: all if it names none.
func Roles(role domain.Role) []string {
	if role != "" {
		return []string{string(role)}
	}
	return []string{string(domain.Owner), string(domain.Admin), string(domain.Member)}
}

func belonging(in ports.UserFilter) string {
	organization, plan := !in.Organization.IsZero(), in.Plan != domain.PlanCode{}
	switch {
	case organization && plan:
		return inOrganizationOnPlan
	case organization:
		return inOrganization
	case plan:
		return onPlan
	case in.Role != "":
		return withRole
	}
	return anybody
}

// Apply takes the users u that pass.
func (f UserFilter) Apply(b sq.SelectBuilder) sq.SelectBuilder {
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
	if f.Belonging != anybody {
		b = b.Where(f.membership())
	}
	return b
}

// membership is the condition that a single membership meets all conditions of the
// filter on memberships.
func (f UserFilter) membership() sq.Sqlizer { return sq.Expr("u.id IN (?)", f.memberships()) }

// deletedOrganizations selects the organizations whose memberships are being removed in
// parts.
const deletedOrganizations = "SELECT FROM roster.erasures x WHERE x.kind = 'organization' AND x.finished_at IS NULL"

// memberships selects the memberships m that meet these conditions.
func (f UserFilter) memberships() sq.SelectBuilder {
	m := sq.Select("m.user_id").From("roster.memberships m").Where("m.role = ANY(?)", f.Roles)
	if strings.HasPrefix(f.Belonging, inOrganization) {
		m = m.Where("m.organization_id = ?", f.Organization).
			Where("NOT EXISTS ("+deletedOrganizations+" AND x.subject = ?)", any(f.Organization))
	}
	if strings.HasSuffix(f.Belonging, onPlan) {
		m = m.Join("roster.organizations o ON o.id = m.organization_id").Where("o.plan = ?", f.Plan)
	}
	return m
}

// AnyUserFilter chooses users u, deleted ones included. Its text has fewer
// variants.
type AnyUserFilter struct {
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

// AnyFilterOf is the filter of a request.
func AnyFilterOf(in ports.UserFilter) AnyUserFilter {
	f := FilterOf(in)
	return AnyUserFilter{
		Living: Living(in.Deleted), Statuses: f.Statuses, Belonging: f.Belonging, Organization: f.Organization, Plan: f.Plan, Roles: f.Roles,
		EmailDomain: Text(in.EmailDomain), CreatedFrom: f.CreatedFrom, CreatedTo: f.CreatedTo,
	}
}

// Apply takes the users u that pass.
func (f AnyUserFilter) Apply(b sq.SelectBuilder) sq.SelectBuilder {
	return f.apply(b, f.living().Belonging)
}

// ApplyEach is Apply that checks one user after another: their memberships are
// looked up. Apply lets the planner read all members of an organization instead.
func (f AnyUserFilter) ApplyEach(b sq.SelectBuilder) sq.SelectBuilder {
	b = f.apply(b, anybody)
	if f.Belonging != anybody {
		of := f.living().memberships().Where("m.user_id = u.id").Suffix("OFFSET 0")
		b = b.Where(sq.Expr("EXISTS (?)", of))
	}
	return b
}

// living is the filter without what it says of deleted users.
func (f AnyUserFilter) living() UserFilter {
	return UserFilter{
		Statuses: f.Statuses, Belonging: f.Belonging, Organization: f.Organization, Plan: f.Plan, Roles: f.Roles,
		InSpan: true, CreatedFrom: f.CreatedFrom, CreatedTo: f.CreatedTo,
	}
}

func (f AnyUserFilter) apply(b sq.SelectBuilder, belonging string) sq.SelectBuilder {
	living := f.living()
	living.Belonging = belonging
	return living.Apply(b.Where(IsLiving(f.Living)).Where("(?::text IS NULL OR "+emailDomain+" = ?)", f.EmailDomain, f.EmailDomain))
}

// Living says which users pass, those that are not deleted (true) and those that
// are (false), as a parameter of IsLiving.
func Living(deletion domain.Deletion) []bool {
	switch deletion {
	case domain.WithDeleted:
		return []bool{true, false}
	case domain.OnlyDeleted:
		return []bool{false}
	default:
		return []bool{true}
	}
}

// IsLiving is the condition that users u are, or are not, deleted.
func IsLiving(living []bool) sq.Sqlizer {
	return sq.Expr("(u.deleted_at IS NULL) = ANY(?)", living)
}
