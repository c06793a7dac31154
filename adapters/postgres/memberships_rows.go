package postgres

import (
	"time"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/domain"
)

// membershipRow is a row of roster.memberships.
type membershipRow struct {
	OrganizationID [16]byte  `db:"organization_id"`
	UserID         [16]byte  `db:"user_id"`
	Role           string    `db:"role"`
	JoinedAt       time.Time `db:"joined_at"`
}

func membershipColumns() []string {
	return rows.Qualified("m", "organization_id", "user_id", "role", "joined_at")
}

func (r membershipRow) membership() (domain.Membership, error) {
	c := rows.Conversion{Table: "memberships", ID: domain.OrganizationID(r.OrganizationID).String() + " " + domain.UserID(r.UserID).String()}
	membership := domain.Membership{
		Organization: r.OrganizationID,
		User:         r.UserID,
		Role:         rows.Parse(&c, "role", r.Role, domain.ParseRole),
		JoinedAt:     r.JoinedAt.UTC(),
	}
	return membership, c.Err()
}

// affiliationRow is an organization joined with one user's membership.
type affiliationRow struct {
	rows.Organization
	Role     string    `db:"role"`
	JoinedAt time.Time `db:"joined_at"`
}

func (r affiliationRow) affiliation() (domain.Affiliation, error) {
	organization, err := r.Organization.Value()
	if err != nil {
		return domain.Affiliation{}, err
	}
	c := rows.Conversion{Table: "memberships", ID: domain.OrganizationID(r.ID).String()}
	affiliation := domain.Affiliation{
		Organization: organization,
		Role:         rows.Parse(&c, "role", r.Role, domain.ParseRole),
		JoinedAt:     r.JoinedAt.UTC(),
	}
	return affiliation, c.Err()
}
