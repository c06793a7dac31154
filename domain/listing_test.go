package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
)

// choice is a parse of one of a few words.
type choice struct {
	field string
	words []string
	parse func(string) (string, error)
}

func choices() map[string]choice {
	return map[string]choice{
		"order of users": {"sort", []string{
			"created_at", "-created_at", "updated_at", "-updated_at", "username", "-username", "email", "-email",
		}, func(text string) (string, error) {
			order, err := domain.ParseUserOrder(text)
			return order.String(), err
		}},
		"order of organizations": {
			"sort",
			[]string{"created_at", "-created_at", "name", "-name", "slug", "-slug"},
			func(text string) (string, error) {
				order, err := domain.ParseOrganizationOrder(text)
				return order.String(), err
			},
		},
		"deletion": {"deleted", []string{"exclude", "include", "only"}, func(text string) (string, error) {
			deletion, err := domain.ParseDeletion(text)
			return string(deletion), err
		}},
		"counting": {"total", []string{"none", "exact", "estimate", "capped"}, func(text string) (string, error) {
			counting, err := domain.ParseCounting(text)
			return string(counting), err
		}},
	}
}

func TestAChoiceIsOneOfItsWords(t *testing.T) {
	for name, c := range choices() {
		for _, word := range c.words {
			if got, err := c.parse(word); err != nil || got != word {
				t.Errorf("%s: %q is read as %q, %v", name, word, got, err)
			}
			for _, other := range []string{strings.ToUpper(word), word + " ", "--" + word, "+" + word, word + "," + word} {
				_, err := c.parse(other)
				if !errors.Is(err, domain.Invalid) || domain.Failures(err)[0].Field != c.field {
					t.Errorf("%s: %q: got %v", name, other, err)
				}
			}
		}
		if _, err := c.parse(""); err == nil {
			t.Errorf("%s: nothing is a choice", name)
		}
	}
}

func TestAListShowsDeletedUsersWhereAskedTo(t *testing.T) {
	for deletion, want := range map[domain.Deletion]bool{
		"": false, domain.WithoutDeleted: false, domain.WithDeleted: true, domain.OnlyDeleted: true,
	} {
		if deletion.Shows() != want {
			t.Errorf("%q shows deleted users: %t", deletion, !want)
		}
	}
}

func TestTheUnsetOrderIsTheNewestFirst(t *testing.T) {
	var users domain.UserOrder
	var organizations domain.OrganizationOrder
	if users.By() != domain.ByCreated || users.Ascending() || users.String() != "-created_at" {
		t.Errorf("users: %v", users)
	}
	if organizations.By() != domain.OrganizationsByCreated || organizations.Ascending() || organizations.String() != "-created_at" {
		t.Errorf("organizations: %v", organizations)
	}
	if newest := domain.MustParse(domain.ParseUserOrder("-created_at")); newest != users {
		t.Errorf("%+v is another than the unset %+v", newest, users)
	}
	if newest := domain.MustParse(domain.ParseOrganizationOrder("-created_at")); newest != organizations {
		t.Errorf("%+v is another than the unset %+v", newest, organizations)
	}
}

func TestAPositionHasTheValueOfTheOrder(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	user := domain.NewUser(domain.UserID{7}, domain.MustParse(domain.ParseUsername("Ada")),
		domain.MustParse(domain.ParseEmail("Ada@Example.com")), at)
	user.UpdatedAt = at.Add(time.Hour)
	for sort, want := range map[string]domain.UserPosition{
		"created_at": {At: at, ID: user.ID}, "-updated_at": {At: user.UpdatedAt, ID: user.ID},
		"username": {Key: "ada", ID: user.ID}, "-email": {Key: "ada@example.com", ID: user.ID},
	} {
		if got := domain.MustParse(domain.ParseUserOrder(sort)).Position(user); got != want {
			t.Errorf("%s: %+v", sort, got)
		}
	}
	organization := domain.NewOrganization(domain.OrganizationID{8}, domain.MustParse(domain.ParseOrganizationName("Acme")),
		domain.MustParse(domain.ParseSlug("acme-1")), domain.PlanCode{}, at)
	for sort, want := range map[string]domain.OrganizationPosition{
		"created_at": {At: at, ID: organization.ID}, "name": {Key: "Acme", ID: organization.ID}, "-slug": {Key: "acme-1", ID: organization.ID},
	} {
		if got := domain.MustParse(domain.ParseOrganizationOrder(sort)).Position(organization); got != want {
			t.Errorf("%s: %+v", sort, got)
		}
	}
}

func TestTheDomainOfAnAddressIsAnEmailDomain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[A-Za-z0-9]([A-Za-z0-9-]{0,20}[A-Za-z0-9])?(\.[A-Za-z0-9]{1,10}){0,3}`).Draw(t, "domain")
		address, err1 := domain.ParseEmail("ada@" + text)
		host, err2 := domain.ParseEmailDomain(text)
		if err1 != nil || err2 != nil || address.String() != "ada@"+host.String() || host.IsZero() {
			t.Fatalf("%q: address %v, %v; domain %v, %v", text, address, err1, host, err2)
		}
	})
	for _, text := range []string{"", "ada@example.com", "-a", "a..b", "exämple.com", "a b", strings.Repeat("a.", 130) + "b", "[1.2.3]"} {
		host, err := domain.ParseEmailDomain(text)
		if !errors.Is(err, domain.Invalid) || domain.Failures(err)[0].Field != "email_domain" || !host.IsZero() {
			t.Errorf("%q: got %v, %v", text, host, err)
		}
	}
}

func FuzzChoices(f *testing.F) {
	for _, c := range choices() {
		for _, word := range c.words {
			f.Add(word)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, c := range choices() {
			if got, err := c.parse(text); err == nil && got != text {
				t.Errorf("%s: %q became %q", name, text, got)
			}
		}
	})
}

func FuzzParseEmailDomain(f *testing.F) {
	for _, seed := range []string{"example.com", "EXAMPLE.com", "[127.0.0.1]", "[IPv6:::1]", "xn--exmple-cua.com", "a@b", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		host, err := domain.ParseEmailDomain(text)
		if err != nil {
			return
		}
		if again, err := domain.ParseEmailDomain(host.String()); err != nil || again != host {
			t.Errorf("%q became %q, which becomes %q, %v", text, host, again, err)
		}
		if _, err := domain.ParseEmail("a@" + host.String()); err != nil && len(host.String()) <= 250 {
			t.Errorf("no address has the domain %q: %v", host, err)
		}
	})
}
