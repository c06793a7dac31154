package app_test

import (
	"context"
	"errors"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func in(role domain.Role) domain.Principal {
	return domain.Principal{
		Subject: string(role), Scopes: []domain.Scope{domain.ScopeRead},
		Roles: map[domain.OrganizationID]domain.Role{org: role},
	}
}

func TestOnlyManagersChangeMemberships(t *testing.T) {
	m := app.NewMemberships(&portsmock.MembershipsMock{}, clock())
	refuses(t, func(c domain.Principal) error { _, err := m.Add(ctx, c, org, someone, domain.Member); return err }, reader, writer,
		in(domain.Member))
	refuses(t, func(c domain.Principal) error { _, err := m.Add(ctx, c, org, someone, domain.Owner); return err }, in(domain.Admin))
	refuses(t, func(c domain.Principal) error {
		_, err := m.SetRole(ctx, c, ports.SetRole{Organization: org, User: someone, Role: domain.Owner})
		return err
	}, writer, in(domain.Member), in(domain.Admin))
	refuses(t, func(c domain.Principal) error { return m.Remove(ctx, c, org, someone) }, writer, in(domain.Member))
	refuses(t, func(c domain.Principal) error { _, err := m.Get(ctx, c, org, someone); return err }, writer)
	refuses(t, func(c domain.Principal) error {
		_, err := m.Of(ctx, c, ports.ListMembers{Organization: org})
		return err
	}, writer)
	refuses(t, func(c domain.Principal) error {
		_, err := m.OrganizationsOf(ctx, c, ports.ListAffiliations{User: someone})
		return err
	}, writer)
}

func TestAnAdminChangesNoOwner(t *testing.T) {
	present := domain.Owner
	store := &portsmock.MembershipsMock{
		MembershipOfFunc: func(context.Context, domain.OrganizationID, domain.UserID) (domain.Membership, error) {
			return domain.Membership{Role: present}, nil
		},
		RemoveMemberFunc: func(context.Context, domain.OrganizationID, domain.UserID) error { return nil },
		SetRoleFunc: func(_ context.Context, s ports.SetRole) (domain.Membership, error) {
			return domain.Membership{Role: s.Role}, nil
		},
	}
	m := app.NewMemberships(store, clock())
	demote := ports.SetRole{Organization: org, User: someone, Role: domain.Member}
	if _, err := m.SetRole(ctx, in(domain.Admin), demote); !errors.Is(err, domain.Denied) {
		t.Errorf("an admin demoted an owner: %v", err)
	}
	if err := m.Remove(ctx, in(domain.Admin), org, someone); !errors.Is(err, domain.Denied) {
		t.Errorf("an admin removed an owner: %v", err)
	}
	if err := m.Remove(ctx, in(domain.Owner), org, someone); err != nil {
		t.Errorf("an owner removes an owner: %v", err)
	}
	present = domain.Admin
	if got, err := m.SetRole(ctx, in(domain.Admin), demote); err != nil || got.Role != domain.Member {
		t.Errorf("an admin demotes an admin: %v, %v", got, err)
	}
	if err := m.Remove(ctx, in(domain.Admin), org, someone); err != nil {
		t.Errorf("an admin removes an admin: %v", err)
	}
}

func TestTheMembershipStoreIsAskedAndItsErrorPassedOn(t *testing.T) {
	store := &portsmock.MembershipsMock{
		AddMemberFunc: func(_ context.Context, m domain.Membership) (domain.Membership, error) {
			if want := (domain.Membership{Organization: org, User: someone, Role: domain.Admin, JoinedAt: instant}); m != want {
				t.Errorf("the store was given %+v; want %+v", m, want)
			}
			return m, errStore
		},
		MembershipOfFunc: func(context.Context, domain.OrganizationID, domain.UserID) (domain.Membership, error) {
			return domain.Membership{}, errStore
		},
		MembersFunc: func(context.Context, ports.ListMembers) (ports.Page[domain.Membership], error) {
			return ports.Page[domain.Membership]{}, errStore
		},
		OrganizationsOfFunc: func(context.Context, ports.ListAffiliations) (ports.Page[domain.Affiliation], error) {
			return ports.Page[domain.Affiliation]{}, errStore
		},
		SetRoleFunc:      func(context.Context, ports.SetRole) (domain.Membership, error) { return domain.Membership{}, errStore },
		RemoveMemberFunc: func(context.Context, domain.OrganizationID, domain.UserID) error { return errStore },
	}
	m := app.NewMemberships(store, clock())
	_, err := m.Add(ctx, admin, org, someone, domain.Admin)
	passes(t, err)
	_, err = m.Get(ctx, reader, org, someone)
	passes(t, err)
	_, err = m.Of(ctx, reader, ports.ListMembers{Organization: org})
	passes(t, err)
	_, err = m.OrganizationsOf(ctx, reader, ports.ListAffiliations{User: someone})
	passes(t, err)
	for _, caller := range []domain.Principal{admin, in(domain.Admin)} {
		_, err = m.SetRole(ctx, caller, ports.SetRole{Organization: org, User: someone, Role: domain.Member})
		passes(t, err)
		passes(t, m.Remove(ctx, caller, org, someone))
	}
}
