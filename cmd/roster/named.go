package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
)

// local is who uses the command line: who can open the database is an administrator.
var local = domain.LocalAdministrator()

// withServices runs fn with the use cases.
func (s *session) withServices(ctx context.Context, config databaseFlags, fn func(app.Services) error) error {
	return s.withWebhooks(ctx, config, settings.Webhooks{}, fn)
}

// withWebhooks is withServices for commands that post to webhooks.
func (s *session) withWebhooks(ctx context.Context, config databaseFlags, webhooks settings.Webhooks, fn func(app.Services) error) error {
	return s.withDirectory(ctx, config, false, func(database *postgres.Database) error {
		return forPeople(fn(newServices(database, newSender(webhooks))))
	})
}

// forPeople leaves out the causes of errors that say what to do: statements of the
// database help nobody then.
func forPeople(err error) error {
	failures := domain.Failures(err)
	if _, ok := errors.AsType[*usageError](err); ok || len(failures) == 0 {
		return err
	}
	plain := make([]error, len(failures))
	for i, failure := range failures {
		if failure.Kind == domain.Unavailable {
			return err
		}
		without := *failure
		without.Err = nil
		plain[i] = &without
	}
	return errors.Join(plain...)
}

// findUser returns the user with an id, a username or an email address. A deleted one
// has only its id.
func findUser(ctx context.Context, users *app.Users, name string) (domain.User, error) {
	if id, err := domain.ParseID[domain.User]("user", name); err == nil {
		user, err := users.GetAny(ctx, local, id)
		if !errors.Is(err, domain.NotFound) {
			return user, err
		}
	}
	if strings.Contains(name, "@") {
		email, err := domain.ParseEmail(name)
		if err != nil {
			return domain.User{}, &usageError{fmt.Errorf("the user's %w", err)}
		}
		return users.GetByEmail(ctx, local, email)
	}
	username, err := domain.ParseUsername(name)
	if err != nil {
		return domain.User{}, &usageError{fmt.Errorf("the user's %w", err)}
	}
	return users.GetByUsername(ctx, local, username)
}

// findOrganization returns the organization with an id or a slug.
func findOrganization(ctx context.Context, organizations *app.Organizations, name string) (domain.Organization, error) {
	if id, err := domain.ParseID[domain.Organization]("organization", name); err == nil {
		return organizations.Get(ctx, local, id)
	}
	slug, err := domain.ParseSlug(name)
	if err != nil {
		return domain.Organization{}, &usageError{fmt.Errorf("the organization's %w", err)}
	}
	return organizations.GetBySlug(ctx, local, slug)
}

// given parses a flag's text; the empty text is the zero value.
func given[T any](text string, parse func(string) (T, error)) (value T, err error) {
	if text == "" {
		return value, nil
	}
	return parse(text)
}
