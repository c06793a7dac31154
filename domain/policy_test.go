package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
)

var home, abroad = domain.OrganizationID{1}, domain.OrganizationID{2}

func boundWith(scopes ...domain.Scope) domain.Principal {
	return domain.Principal{Subject: "key:1", Scopes: scopes, Within: home}
}

func TestABoundCallerKnowsOneOrganization(t *testing.T) {
	free, bound := domain.LocalAdministrator(), boundWith(domain.ScopeAdmin)
	for _, c := range []struct {
		caller      domain.Principal
		asked, gets domain.OrganizationID
		visible     bool
	}{
		{free, domain.OrganizationID{}, domain.OrganizationID{}, true},
		{free, abroad, abroad, true},
		{bound, domain.OrganizationID{}, home, true},
		{bound, home, home, true},
		{bound, abroad, home, false},
	} {
		if got, visible := c.caller.Confine(c.asked); got != c.gets || visible != c.visible {
			t.Errorf("%q asks for %v: got %v, %t", c.caller.Subject, c.asked, got, visible)
		}
	}
	if err := errors.Join(free.RequireSight(abroad), bound.RequireSight(home)); err != nil {
		t.Error(err)
	}
	err := bound.RequireSight(abroad)
	if absent := domain.Absent("organization", abroad); !errors.Is(err, domain.NotFound) || err.Error() != absent.Error() {
		t.Errorf("got %v, not the error of an organization that does not exist", err)
	}
	for _, check := range []func(domain.OrganizationID, domain.Role) error{bound.RequireMemberships, bound.RequireNewMember} {
		if err := check(abroad, domain.Member); !errors.Is(err, domain.NotFound) {
			t.Errorf("members of another organization: got %v, want a NotFound error", err)
		}
		verdict(t, check(home, domain.Owner), true, "members of the own organization")
	}
}

func TestABoundCallerAddsUsersWithTheScopeWriteOnly(t *testing.T) {
	for _, c := range []struct {
		scopes        []domain.Scope
		change, added bool
	}{
		{nil, true, false},
		{[]domain.Scope{domain.ScopeRead}, true, false},
		{[]domain.Scope{domain.ScopeWrite}, true, true},
		{[]domain.Scope{domain.ScopeAdmin}, true, true},
	} {
		caller := boundWith(c.scopes...)
		caller.Roles = map[domain.OrganizationID]domain.Role{home: domain.Owner}
		verdict(t, caller.RequireMemberships(home, domain.Owner), c.change, "a role")
		verdict(t, caller.RequireNewMember(home, domain.Owner), c.added, "a new member")
	}
}

func TestABoundCallerChangesOnlyItsOwnFields(t *testing.T) {
	name := domain.MustParse(domain.ParseUsername("ada"))
	user := domain.NewUser(domain.UserID{7}, name, domain.MustParse(domain.ParseEmail("ada@example.com")),
		time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	for what, change := range map[string]func(*domain.User){
		"":            func(u *domain.User) { u.DisplayName = domain.MustParse(domain.ParseDisplayName("Ada")) },
		"username":    func(u *domain.User) { u.Username = domain.MustParse(domain.ParseUsername("Ada")) },
		"email":       func(u *domain.User) { u.Email = domain.MustParse(domain.ParseEmail("a@example.com")) },
		"external_id": func(u *domain.User) { u.ExternalID = domain.MustParse(domain.ParseExternalID("1")) },
		"status":      func(u *domain.User) { u.Status = domain.Suspended },
	} {
		to := user
		change(&to)
		verdict(t, domain.LocalAdministrator().RequireUserChange(&user, &to), true, what)
		err := boundWith(domain.ScopeAdmin).RequireUserChange(&user, &to)
		verdict(t, err, what == "", what)
		if err != nil && !strings.Contains(err.Error(), what) {
			t.Errorf("%v does not say %s", err, what)
		}
	}
	acme := domain.Organization{Slug: domain.MustParse(domain.ParseSlug("acme")), Plan: domain.MustParse(domain.ParsePlanCode("free"))}
	for what, to := range map[string]domain.Organization{
		"":     {Slug: acme.Slug, Plan: acme.Plan, Name: domain.MustParse(domain.ParseOrganizationName("Acme"))},
		"slug": {Slug: domain.MustParse(domain.ParseSlug("acme2")), Plan: acme.Plan},
		"plan": {Slug: acme.Slug, Plan: domain.MustParse(domain.ParsePlanCode("team"))},
	} {
		verdict(t, domain.LocalAdministrator().RequireOrganizationChange(&acme, &to), true, what)
		verdict(t, boundWith(domain.ScopeAdmin).RequireOrganizationChange(&acme, &to), what == "", what)
	}
}

func TestIdentitiesDiffer(t *testing.T) {
	one, other := boundWith(), boundWith()
	other.Within = abroad
	free := domain.Principal{Subject: one.Subject}
	if one.Identity() == other.Identity() || one.Identity() == free.Identity() || free.Identity() != "key:1" {
		t.Errorf("identities: %q, %q, %q", one.Identity(), other.Identity(), free.Identity())
	}
}
