package postgres

import (
	"time"

	"github.com/roster-directory/roster/domain"
)

// organizationRow is a row of roster.organizations.
type organizationRow struct {
	ID        [16]byte  `db:"id"`
	Name      string    `db:"name"`
	Slug      string    `db:"slug"`
	Plan      string    `db:"plan"`
	CreatedAt time.Time `db:"created_at"`
	Version   int64     `db:"version"`
}

func organizationColumns() []string {
	return qualified("o", "id", "name", "slug", "plan", "created_at", "version")
}

func (r organizationRow) organization() (domain.Organization, error) {
	p := parsing{table: "organizations", id: domain.OrganizationID(r.ID).String()}
	organization := domain.Organization{
		ID:        r.ID,
		Name:      parsed(&p, "name", r.Name, domain.ParseOrganizationName),
		Slug:      parsed(&p, "slug", r.Slug, domain.ParseSlug),
		Plan:      parsed(&p, "plan", r.Plan, domain.ParsePlanCode),
		CreatedAt: r.CreatedAt.UTC(),
		Version:   domain.Version(r.Version),
	}
	return organization, p.fault()
}
