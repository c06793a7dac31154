package app

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Memberships is the service for the members of organizations. Reading needs the
// scope read; see domain.Principal.RequireMemberships for writing.
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
func (s *Memberships) Add(
	ctx context.Context, caller domain.Principal, organization domain.OrganizationID, user domain.UserID, role domain.Role,
) (domain.Membership, error) {
	if err := caller.RequireNewMember(organization, role); err != nil {
		return domain.Membership{}, err
	}
	joined := domain.Instant(s.clock.Now())
	return s.store.AddMember(by(ctx, caller), domain.Membership{Organization: organization, User: user, Role: role, JoinedAt: joined})
}

// Put gives a user a role in an organization. It adds the user unless it is a
// member, and reports whether it did. The error is Denied, or that of
// ports.MembershipWriter.
func (s *Memberships) Put(
	ctx context.Context, caller domain.Principal, in ports.SetRole,
) (membership domain.Membership, added bool, err error) {
	// Between the two calls the user may leave, or be added by another caller.
	// Then the other call succeeds.
	for range 3 {
		membership, err = s.SetRole(ctx, caller, in)
		if !errors.Is(err, domain.NotFound) {
			return membership, false, err
		}
		membership, err = s.Add(ctx, caller, in.Organization, in.User, in.Role)
		if !taken(err) {
			return membership, err == nil, err
		}
	}
	return domain.Membership{}, false, err
}

func taken(err error) bool {
	failure, ok := errors.AsType[*domain.Error](err)
	return ok && failure.Reason == domain.ReasonTaken
}

// Get returns one membership. The error is Denied or NotFound.
func (s *Memberships) Get(
	ctx context.Context, caller domain.Principal, organization domain.OrganizationID, user domain.UserID,
) (domain.Membership, error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return domain.Membership{}, err
	}
	if !caller.Sees(organization) {
		return domain.Membership{}, domain.Absent("member", user)
	}
	return s.store.MembershipOf(ctx, organization, user)
}

// SetRole gives a member another role. The error is Denied, or that of
// ports.MembershipWriter.
func (s *Memberships) SetRole(ctx context.Context, caller domain.Principal, in ports.SetRole) (domain.Membership, error) {
	if err := s.mayChange(ctx, caller, in.Organization, in.User, in.Role); err != nil {
		return domain.Membership{}, err
	}
	return s.store.SetRole(by(ctx, caller), in)
}

// Remove ends a membership. The error is Denied, or that of ports.MembershipWriter.
func (s *Memberships) Remove(ctx context.Context, caller domain.Principal, organization domain.OrganizationID, user domain.UserID) error {
	if err := s.mayChange(ctx, caller, organization, user, domain.Member); err != nil {
		return err
	}
	return s.store.RemoveMember(by(ctx, caller), organization, user)
}

// mayChange checks the policy for the new role. Where the policy depends on the
// member's present role, it checks that, too.
func (s *Memberships) mayChange(
	ctx context.Context, caller domain.Principal, organization domain.OrganizationID, user domain.UserID, role domain.Role,
) error {
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

// Of returns a page of an organization's members, in the order in which they
// joined. The error is Denied or NotFound.
func (s *Memberships) Of(ctx context.Context, caller domain.Principal, in ports.ListMembers) (ports.Page[domain.Membership], error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return ports.Page[domain.Membership]{}, err
	}
	if err := caller.RequireSight(in.Organization); err != nil {
		return ports.Page[domain.Membership]{}, err
	}
	return s.store.Members(ctx, in)
}

// OrganizationsOf returns a page of the organizations to which a user belongs,
// by name. The error is Denied or NotFound.
func (s *Memberships) OrganizationsOf(
	ctx context.Context, caller domain.Principal, in ports.ListAffiliations,
) (ports.Page[domain.Affiliation], error) {
	if err := caller.RequireWithin(domain.ScopeRead); err != nil {
		return ports.Page[domain.Affiliation]{}, err
	}
	in.Within = caller.Within
	return s.store.OrganizationsOf(ctx, in)
}
