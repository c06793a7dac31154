package rows

import (
	"time"

	"github.com/roster-directory/roster/domain"
)

// Organization is a row of roster.organizations.
type Organization struct {
	ID        [16]byte  `db:"id"`
	Name      string    `db:"name"`
	Slug      string    `db:"slug"`
	Plan      string    `db:"plan"`
	CreatedAt time.Time `db:"created_at"`
	Version   int64     `db:"version"`
}

// OrganizationColumns are the columns of Organization, of the table o.
func OrganizationColumns() []string {
	return Qualified("o", "id", "name", "slug", "plan", "created_at", "version")
}

// Value converts the row.
func (r Organization) Value() (domain.Organization, error) {
	c := Conversion{Table: "organizations", ID: domain.OrganizationID(r.ID).String()}
	organization := domain.Organization{
		ID:        r.ID,
		Name:      Parse(&c, "name", r.Name, domain.ParseOrganizationName),
		Slug:      Parse(&c, "slug", r.Slug, domain.ParseSlug),
		Plan:      Parse(&c, "plan", r.Plan, domain.ParsePlanCode),
		CreatedAt: r.CreatedAt.UTC(),
		Version:   domain.Version(r.Version),
	}
	return organization, c.Err()
}
