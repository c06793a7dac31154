package postgres

import (
	"time"

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
	return qualified("m", "organization_id", "user_id", "role", "joined_at")
}

func (r membershipRow) membership() (domain.Membership, error) {
	p := parsing{table: "memberships", id: domain.OrganizationID(r.OrganizationID).String() + " " + domain.UserID(r.UserID).String()}
	membership := domain.Membership{
		Organization: r.OrganizationID,
		User:         r.UserID,
		Role:         parsed(&p, "role", r.Role, domain.ParseRole),
		JoinedAt:     r.JoinedAt.UTC(),
	}
	return membership, p.fault()
}

// affiliationRow is an organization joined with one user's membership.
type affiliationRow struct {
	organizationRow
	Role     string    `db:"role"`
	JoinedAt time.Time `db:"joined_at"`
}

func (r affiliationRow) affiliation() (domain.Affiliation, error) {
	organization, err := r.organization()
	if err != nil {
		return domain.Affiliation{}, err
	}
	p := parsing{table: "memberships", id: domain.OrganizationID(r.ID).String()}
	affiliation := domain.Affiliation{
		Organization: organization,
		Role:         parsed(&p, "role", r.Role, domain.ParseRole),
		JoinedAt:     r.JoinedAt.UTC(),
	}
	return affiliation, p.fault()
}
