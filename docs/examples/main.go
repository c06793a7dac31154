// Examples is a program that takes Roster as a library: its values, rules and
// use cases, over a storage of the program's own.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/roster-directory/roster/adapters/system"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/docs/examples/memory"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run creates a user, is refused a second one of the same name, and finds the
// first by a word of its display name.
func run(ctx context.Context, out io.Writer) error {
	users := app.NewUsers(&memory.Users{}, system.NewClock(), system.NewIDs())
	caller := domain.Principal{Subject: "example", Scopes: []domain.Scope{domain.ScopeRead, domain.ScopeWrite}}

	ada := app.CreateUser{
		Username:    domain.MustParse(domain.ParseUsername("ada")),
		Email:       domain.MustParse(domain.ParseEmail("ada@example.com")),
		DisplayName: domain.MustParse(domain.ParseDisplayName("Ada Lovelace")),
	}
	user, err := users.Create(ctx, caller, ada)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "created %s <%s>, version %d\n", user.Username, user.Email, user.Version)

	_, err = users.Create(ctx, caller, ada)
	fmt.Fprintln(out, "refused:", err)

	term, err := domain.ParseSearchTerm("lovelace")
	if err != nil {
		return err
	}
	found, err := users.Search(ctx, caller, ports.SearchUsers{Term: term, Limit: domain.DefaultSearchSize})
	if err != nil {
		return err
	}
	for _, each := range found.Items {
		fmt.Fprintln(out, "found", each.DisplayName)
	}
	return nil
}
