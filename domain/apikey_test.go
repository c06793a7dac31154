package domain_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
)

func TestAnAPIKeyAdmitsUntilItIsRevokedOrExpires(t *testing.T) {
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		key    domain.APIKey
		admits bool
	}{
		"no end":           {domain.APIKey{}, true},
		"expires later":    {domain.APIKey{ExpiresAt: noon.Add(time.Microsecond)}, true},
		"expires now":      {domain.APIKey{ExpiresAt: noon}, false},
		"expired":          {domain.APIKey{ExpiresAt: noon.Add(-time.Hour)}, false},
		"revoked":          {domain.APIKey{RevokedAt: noon.Add(-time.Hour)}, false},
		"revoked just now": {domain.APIKey{RevokedAt: noon}, false},
	} {
		if err := c.key.Usable(noon); (err == nil) != c.admits || err != nil && !errors.Is(err, domain.Unauthenticated) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAnAPIKeyIsAPrincipal(t *testing.T) {
	home := domain.OrganizationID{1}
	free := domain.APIKey{ID: domain.APIKeyID{2}, Scopes: []domain.Scope{domain.ScopeRead}}
	bound := domain.APIKey{ID: domain.APIKeyID{3}, Scopes: []domain.Scope{domain.ScopeWrite}, Organization: home, Role: domain.Owner}
	if p := free.Principal(); p.Subject != "key:02000000-0000-0000-0000-000000000000" || !p.Within.IsZero() || len(p.Roles) != 0 {
		t.Errorf("a free key is %+v", p)
	}
	p := bound.Principal()
	owner := map[domain.OrganizationID]domain.Role{home: domain.Owner}
	if p.Within != home || !maps.Equal(p.Roles, owner) || !slices.Equal(p.Scopes, bound.Scopes) {
		t.Errorf("a bound key is %+v", p)
	}
}

func TestOnlyAnAPIKeyMakesACallerThatHasOne(t *testing.T) {
	key := domain.APIKey{ID: domain.APIKeyID{2}}
	if p := key.Principal(); !p.HasAPIKey() {
		t.Errorf("the caller of a key is %+v", p)
	}
	for _, p := range []domain.Principal{
		{}, domain.LocalAdministrator(), {Subject: "https://id.example.com|key:1"}, {Subject: "key"}, {Subject: "keys:1"},
	} {
		if p.HasAPIKey() {
			t.Errorf("%q has an API key", p.Subject)
		}
	}
}

func TestTheNamesOfScopesAreRead(t *testing.T) {
	scopes := []domain.Scope{domain.ScopeWrite, domain.ScopeAdmin, domain.ScopeRead}
	names := domain.ScopeNames(scopes)
	if want := []string{"write", "admin", "read"}; !slices.Equal(names, want) {
		t.Errorf("the names are %q, want %q", names, want)
	}
	if got, err := domain.ParseScopes(names); err != nil || !slices.Equal(got, scopes) {
		t.Errorf("%q are read as %v, %v", names, got, err)
	}
	if names := domain.ScopeNames(nil); names == nil || len(names) != 0 {
		t.Errorf("no scopes have the names %#v, want none, and not nil", names)
	}
}

func TestScopesAreReadEachOnce(t *testing.T) {
	got, err := domain.ParseScopes([]string{"write", "read"})
	if err != nil || !slices.Equal(got, []domain.Scope{domain.ScopeWrite, domain.ScopeRead}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, words := range [][]string{nil, {}, {"read", "read"}, {"Read"}, {"root"}, {""}} {
		if _, err := domain.ParseScopes(words); !errors.Is(err, domain.Invalid) {
			t.Errorf("%v: got %v, want an Invalid error", words, err)
		}
	}
}
