package main

import (
	"bufio"
	"context"
	"errors"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type (
	usersHold struct {
		*usersConfig
		User string `arg:"" help:"Id, username or email address of the user; of a deleted one the id."`
	}
	usersRelease struct {
		*usersConfig
		User string `arg:"" help:"Id, username or email address of the user; of a deleted one the id."`
	}
	usersExport struct {
		*usersConfig
		User string `arg:"" help:"Id, username or email address of the user; of a deleted or erased one the id."`
	}
)

// Run keeps a user from being erased.
func (c *usersHold) Run(ctx context.Context, s *session) error {
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		user, err := findUser(ctx, services.Users, c.User)
		if err != nil {
			return err
		}
		at, err := services.Users.Hold(ctx, local, user.ID)
		if err != nil {
			return err
		}
		return printf(s.stdout, "held %s (%s) since %s\n", user.ID, user.Username, shownTime(at))
	})
}

// Run ends the hold of a user.
func (c *usersRelease) Run(ctx context.Context, s *session) error {
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		user, err := findUser(ctx, services.Users, c.User)
		if err == nil {
			err = services.Users.Release(ctx, local, user.ID)
		}
		return s.printChanged("released", &user, false, err)
	})
}

// Run prints everything that is kept of a user.
func (c *usersExport) Run(ctx context.Context, s *session) error {
	c.Database.SlowQuery = 0 // statements for many events are slow
	return s.withDirectory(ctx, c.databaseFlags, false, func(database *postgres.Database) error {
		user, err := findUser(ctx, newServices(database, newSender(settings.Webhooks{})).Users, c.User)
		if erased, badID := domain.ParseID[domain.User]("user", c.User); badID == nil && errors.Is(err, domain.NotFound) {
			user.ID, err = erased, nil
		}
		if err != nil {
			return forPeople(err)
		}
		out := bufio.NewWriter(s.stdout)
		err = newBulk(database).ExportUser(ctx, local, user.ID, func(record ports.KeptRecord) error {
			_, _ = out.Write(record) // the next error is the same
			return out.WriteByte('\n')
		})
		return forPeople(errors.Join(err, out.Flush()))
	})
}
