package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Memberships is the service for who belongs where. Reading needs the scope
// read; what writing needs says domain.Principal.RequireMemberships.
type Memberships struct {
	store ports.Memberships
	clock ports.Clock
}

// NewMemberships makes the service.
func NewMemberships(store ports.Memberships, clock ports.Clock) *Memberships {
	return &Memberships{store: store, clock: clock}
}

// Add makes a user a member of an organization. The error is Denied, or that
// of ports.MembershipWriter.
func (s *Memberships) Add(ctx context.Context, caller domain.Principal, organization domain.OrganizationID, user domain.UserID, role domain.Role) (domain.Membership, error) {
	if err := caller.RequireMemberships(organization, role); err != nil {
		return domain.Membership{}, err
	}
	joined := domain.Instant(s.clock.Now())
	return s.store.AddMember(ctx, domain.Membership{Organization: organization, User: user, Role: role, JoinedAt: joined})
}

// SetRole gives a member another role. The error is Denied, or that of
// ports.MembershipWriter.
func (s *Memberships) SetRole(ctx context.Context, caller domain.Principal, in ports.SetRole) (domain.Membership, error) {
	if err := s.mayChange(ctx, caller, in.Organization, in.User, in.Role); err != nil {
		return domain.Membership{}, err
	}
	return s.store.SetRole(ctx, in)
}

// Remove ends a membership. The error is Denied, or that of ports.MembershipWriter.
func (s *Memberships) Remove(ctx context.Context, caller domain.Principal, organization domain.OrganizationID, user domain.UserID) error {
	if err := s.mayChange(ctx, caller, organization, user, domain.Member); err != nil {
		return err
	}
	return s.store.RemoveMember(ctx, organization, user)
}

// mayChange asks the policy for the role to be and, where the answer depends
// on it, for the role that the member has.
func (s *Memberships) mayChange(ctx context.Context, caller domain.Principal, organization domain.OrganizationID, user domain.UserID, role domain.Role) error {
	if err := caller.RequireMemberships(organization, role); err != nil {
		return err
	}
	if caller.RequireMemberships(organization, domain.Owner) == nil {
		return nil
	}
	present, err := s.store.MembershipOf(ctx, organization, user)
	if err != nil {
		return err
	}
	return caller.RequireMemberships(organization, present.Role)
}

// Of returns an organization's members, in the order in which they joined. The
// error is Denied or NotFound.
func (s *Memberships) Of(ctx context.Context, caller domain.Principal, organization domain.OrganizationID, limit domain.PageSize) ([]domain.Membership, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return nil, err
	}
	return s.store.Members(ctx, organization, limit)
}

// OrganizationsOf returns the organizations to which a user belongs, by name.
// The error is Denied or NotFound.
func (s *Memberships) OrganizationsOf(ctx context.Context, caller domain.Principal, user domain.UserID) ([]domain.Affiliation, error) {
	if err := caller.Require(domain.ScopeRead); err != nil {
		return nil, err
	}
	return s.store.OrganizationsOf(ctx, user)
}
