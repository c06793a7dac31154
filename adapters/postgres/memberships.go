package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Memberships implements ports.Memberships.
type Memberships struct{ pool *database.Pool }

// NewMemberships returns the memberships kept in d.
func NewMemberships(d *Database) *Memberships { return &Memberships{d.pool} }

// MembershipOf implements ports.MembershipReader.
func (s *Memberships) MembershipOf(ctx context.Context, organization domain.OrganizationID, user domain.UserID) (domain.Membership, error) {
	return database.One(ctx, s.pool, membershipByPair, pair{organization, user}, membershipRow.membership, "member", user)
}

// Members implements ports.MembershipReader.
func (s *Memberships) Members(ctx context.Context, in ports.ListMembers) (ports.Page[domain.Membership], error) {
	p := membersPage{
		Organization: in.Organization, Roles: rows.Roles(in.Role), JoinedAt: database.Earliest, Limit: database.Limit(in.Limit) + 1,
	}
	if in.After != nil {
		p.JoinedAt, p.User = in.After.JoinedAt, in.After.User
	}
	members, err := database.Page(ctx, s.pool, membershipsOfOrganization, p, membershipRow.membership, in.Limit)
	if err != nil || len(members.Items) > 0 {
		return members, err
	}
	found, err := s.exist(ctx, in.Organization, domain.UserID{})
	if err == nil && !found.Organization {
		err = domain.Absent("organization", in.Organization)
	}
	return members, err
}

// OrganizationsOf implements ports.MembershipReader.
func (s *Memberships) OrganizationsOf(ctx context.Context, in ports.ListAffiliations) (ports.Page[domain.Affiliation], error) {
	p := affiliationsPage{
		User: in.User, Limit: database.Limit(in.Limit) + 1, Within: within(in.Within),
	}
	if in.After != nil {
		p.Name, p.ID = in.After.Key, in.After.ID
	}
	affiliations, err := database.Page(ctx, s.pool, membershipsOfUser, p, affiliationRow.affiliation, in.Limit)
	if err != nil || len(affiliations.Items) > 0 {
		return affiliations, err
	}
	if p.Within.Set {
		_, err := s.MembershipOf(ctx, in.Within, in.User)
		return affiliations, ofUser(err, in.User)
	}
	found, err := s.exist(ctx, domain.OrganizationID{}, in.User)
	if err == nil && !found.User {
		err = domain.Absent("user", in.User)
	}
	return affiliations, err
}

// ofUser is err, or the error of a user that does not exist where it is that of a
// member that does not.
func ofUser(err error, user domain.UserID) error {
	if errors.Is(err, domain.NotFound) {
		return domain.Absent("user", user)
	}
	return err
}

// AddMember implements ports.MembershipWriter.
func (s *Memberships) AddMember(ctx context.Context, m domain.Membership) (domain.Membership, error) {
	row, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (membershipRow, error) {
		return membershipInsert.One(ctx, db, insertMembership{m.Organization, m.User, string(m.Role), m.JoinedAt})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return domain.Membership{}, s.neither(ctx, m.Organization, m.User)
	}
	if err != nil {
		return domain.Membership{}, err
	}
	return row.membership()
}

// SetRole implements ports.MembershipWriter.
func (s *Memberships) SetRole(ctx context.Context, in ports.SetRole) (domain.Membership, error) {
	row, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (membershipRow, error) {
		return membershipUpdate.One(ctx, db, updateMembership{in.Organization, in.User, string(in.Role)})
	})
	if err != nil {
		return domain.Membership{}, database.Absent(err, "member", in.User)
	}
	return row.membership()
}

// RemoveMember implements ports.MembershipWriter.
func (s *Memberships) RemoveMember(ctx context.Context, organization domain.OrganizationID, user domain.UserID) error {
	n, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) {
		return membershipDelete.Exec(ctx, db, pair{organization, user})
	})
	if err == nil && n == 0 {
		return domain.Absent("member", user)
	}
	return err
}

// neither says which of the two does not exist: the organization or the user.
func (s *Memberships) neither(ctx context.Context, organization domain.OrganizationID, user domain.UserID) error {
	found, err := s.exist(ctx, organization, user)
	switch {
	case err != nil:
		return err
	case !found.Organization:
		return domain.Absent("organization", organization)
	default:
		return domain.Absent("user", user)
	}
}

func (s *Memberships) exist(ctx context.Context, organization domain.OrganizationID, user domain.UserID) (existsRow, error) {
	return database.Read(ctx, s.pool, func(db sqlcheck.DB) (existsRow, error) {
		return pairExists.One(ctx, db, pair{organization, user})
	})
}
