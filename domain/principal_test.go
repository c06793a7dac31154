package domain_test

import (
	"errors"
	"testing"

	"github.com/roster-directory/roster/domain"
)

func TestScopesGrantTheirRights(t *testing.T) {
	with := func(scopes ...domain.Scope) domain.Principal { return domain.Principal{Scopes: scopes} }
	for _, c := range []struct {
		caller domain.Principal
		allows []domain.Scope
	}{
		{domain.Principal{}, nil},
		{with(domain.ScopeRead), []domain.Scope{domain.ScopeRead}},
		{with(domain.ScopeWrite), []domain.Scope{domain.ScopeWrite}},
		{with(domain.ScopeRead, domain.ScopeWrite), []domain.Scope{domain.ScopeRead, domain.ScopeWrite}},
		{with(domain.ScopeAdmin), []domain.Scope{domain.ScopeRead, domain.ScopeWrite, domain.ScopeAdmin}},
		{domain.LocalAdministrator(), []domain.Scope{domain.ScopeRead, domain.ScopeWrite, domain.ScopeAdmin}},
	} {
		allowed := map[domain.Scope]bool{}
		for _, s := range c.allows {
			allowed[s] = true
		}
		for _, s := range []domain.Scope{domain.ScopeRead, domain.ScopeWrite, domain.ScopeAdmin} {
			verdict(t, c.caller.Require(s), allowed[s], string(s))
			bound := c.caller
			bound.Within = domain.OrganizationID{1}
			verdict(t, bound.Require(s), false, string(s)+" of a bound caller")
			verdict(t, bound.RequireWithin(s), allowed[s], string(s)+" within an organization")
		}
	}
}

func TestOwnersAndAdminsManageTheirOwnMemberships(t *testing.T) {
	home, abroad := domain.OrganizationID{1}, domain.OrganizationID{2}
	as := func(r domain.Role) domain.Principal {
		return domain.Principal{Scopes: []domain.Scope{domain.ScopeWrite}, Roles: map[domain.OrganizationID]domain.Role{home: r}}
	}
	for _, c := range []struct {
		name         string
		caller       domain.Principal
		organization domain.OrganizationID
		role         domain.Role
		allowed      bool
	}{
		{"an owner makes an owner", as(domain.Owner), home, domain.Owner, true},
		{"an owner makes a member", as(domain.Owner), home, domain.Member, true},
		{"an owner acts elsewhere", as(domain.Owner), abroad, domain.Member, false},
		{"an admin makes an admin", as(domain.Admin), home, domain.Admin, true},
		{"an admin makes a member", as(domain.Admin), home, domain.Member, true},
		{"an admin makes an owner", as(domain.Admin), home, domain.Owner, false},
		{"an admin acts elsewhere", as(domain.Admin), abroad, domain.Member, false},
		{"a member makes a member", as(domain.Member), home, domain.Member, false},
		{"a stranger makes a member", domain.Principal{}, home, domain.Member, false},
		{"the directory's administrator makes an owner", domain.LocalAdministrator(), home, domain.Owner, true},
	} {
		verdict(t, c.caller.RequireMemberships(c.organization, c.role), c.allowed, c.name)
		verdict(t, c.caller.RequireNewMember(c.organization, c.role), c.allowed, c.name+", who is new")
	}
}

func verdict(t *testing.T, err error, allowed bool, what string) {
	t.Helper()
	if allowed && err != nil {
		t.Errorf("%s: %v", what, err)
	}
	if !allowed && !errors.Is(err, domain.Denied) {
		t.Errorf("%s: got %v, want a Denied error", what, err)
	}
}
