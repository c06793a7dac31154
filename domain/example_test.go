package domain_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/roster-directory/roster/domain"
)

func ExampleParseEmail() {
	email, err := domain.ParseEmail("Ada@EXAMPLE.com")
	fmt.Println(email, err)
	fmt.Println(email.Key())

	_, err = domain.ParseEmail("ada@münchen.de")
	fault := domain.Failures(err)[0]
	fmt.Printf("%s: %s\n", fault.Field, fault.Detail)
	fmt.Println(fault.Fix)
	// Output:
	// Ada@example.com <nil>
	// ada@example.com
	// email: "ada@münchen.de" holds a character in its domain that is not allowed
	// send an address such as ada@example.com; write an international domain in its xn-- form
}

func ExampleParseDisplayName() {
	for _, text := range []string{"Zoë", "O'Neil", "Nguyễn Thị Minh Khai", "李小龍", "\t"} {
		name, err := domain.ParseDisplayName(text)
		fmt.Printf("%q %v\n", name, errors.Is(err, domain.Invalid))
	}
	// Output:
	// "Zoë" false
	// "O'Neil" false
	// "Nguyễn Thị Minh Khai" false
	// "李小龍" false
	// "" true
}

func ExampleParseID() {
	id, err := domain.ParseID[domain.User]("id", "01890A5D-AC96-774B-BCCE-B302099A8057")
	fmt.Println(id, err)
	// Output: 01890a5d-ac96-774b-bcce-b302099a8057 <nil>
}

func ExampleNewUser() {
	ada := domain.NewUser(
		domain.UserID{15: 1},
		domain.MustParse(domain.ParseUsername("ada")),
		domain.MustParse(domain.ParseEmail("ada@example.com")),
		time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	)
	fmt.Println(ada.ID, ada.DisplayName, ada.Status, ada.Version)
	// Output: 00000000-0000-0000-0000-000000000001 ada active 1
}

func ExamplePrincipal_Require() {
	caller := domain.Principal{Subject: "reports", Scopes: []domain.Scope{domain.ScopeRead}}
	fmt.Println(caller.Require(domain.ScopeRead))
	fmt.Println(caller.Require(domain.ScopeWrite))
	// Output:
	// <nil>
	// needs the scope write; ask an administrator for it
}

func ExamplePrincipal_RequireMemberships() {
	acme := domain.OrganizationID{1}
	caller := domain.Principal{Subject: "grace", Roles: map[domain.OrganizationID]domain.Role{acme: domain.Admin}}
	fmt.Println(caller.RequireMemberships(acme, domain.Member))
	fmt.Println(errors.Is(caller.RequireMemberships(acme, domain.Owner), domain.Denied))
	// Output:
	// <nil>
	// true
}

func ExampleFailures() {
	_, badName := domain.ParseUsername("no spaces")
	_, badEmail := domain.ParseEmail("nobody")
	for _, failure := range domain.Failures(errors.Join(badName, badEmail)) {
		fmt.Printf("%s (%s): %s\n", failure.Field, failure.Reason, failure.Detail)
	}
	// Output:
	// username (syntax): "no spaces" holds a character that is not allowed at byte 2
	// email (syntax): "nobody" has no '@'
}
