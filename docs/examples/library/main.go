// Library is a service that keeps Roster's directory in its own PostgreSQL, through
// its own pool, without Roster's program and its HTTP API.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/system"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func main() {
	if err := run(context.Background(), os.Getenv("DATABASE_URL"), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, url string, out io.Writer) error {
	if err := postgres.Migrate(ctx, url); err != nil {
		return err
	}
	settings, err := pgxpool.ParseConfig(url)
	if err != nil {
		return err
	}
	if err := postgres.Settings(settings, postgres.Config{}); err != nil {
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return err
	}
	defer pool.Close()
	database, err := postgres.On(pool, postgres.Config{}) // or postgres.Open(ctx, postgres.Config{URL: url})
	if err != nil {
		return err
	}
	defer database.Close()
	return greet(ctx, app.New(database.Stores(), system.NewClock(), system.NewIDs(), system.NewRandom()), out)
}

// greet creates a user and finds it by a word of its name.
func greet(ctx context.Context, roster app.Services, out io.Writer) error {
	caller := domain.Principal{Subject: "library", Scopes: []domain.Scope{domain.ScopeRead, domain.ScopeWrite}}
	_, err := roster.Users.Create(ctx, caller, app.CreateUser{
		Username:    domain.MustParse(domain.ParseUsername("ada")),
		Email:       domain.MustParse(domain.ParseEmail("ada@example.com")),
		DisplayName: domain.MustParse(domain.ParseDisplayName("Ada Lovelace")),
	})
	if err != nil {
		return err
	}
	term := domain.MustParse(domain.ParseSearchTerm("lovelace"))
	found, err := roster.Users.Search(ctx, caller, ports.SearchUsers{Term: term, Limit: domain.DefaultSearchSize})
	for _, user := range found.Items {
		fmt.Fprintf(out, "found %s <%s>\n", user.DisplayName, user.Email)
	}
	return err
}
