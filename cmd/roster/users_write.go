package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
)

type (
	usersAdd struct {
		*usersConfig
		Username    string `placeholder:"TEXT" help:"Username; required."`
		Email       string `placeholder:"ADDRESS" help:"Email address; required."`
		DisplayName string `placeholder:"TEXT" help:"Name for people. Default: the username."`
		ExternalID  string `name:"external-id" placeholder:"TEXT" help:"Id of the user in another system."`
		Attributes  string `placeholder:"JSON" help:"JSON object of your own, such as {\"team\": \"engines\"}."`
		JSON        bool   `name:"json" help:"Print the user as a JSON object."`
	}
	usersSuspend struct {
		*usersConfig
		User string `arg:"" help:"Id, username or email address of the user."`
		JSON bool   `name:"json" help:"Print the user as a JSON object."`
	}
	usersRestore struct {
		*usersConfig
		User string `arg:"" help:"Id, username or email address of the user; of a deleted one the id."`
		JSON bool   `name:"json" help:"Print the user as a JSON object."`
	}
)

// Run adds a user.
func (c *usersAdd) Run(ctx context.Context, s *session) error {
	username, err1 := domain.ParseUsername(c.Username)
	email, err2 := domain.ParseEmail(c.Email)
	displayName, err3 := given(c.DisplayName, domain.ParseDisplayName)
	externalID, err4 := given(c.ExternalID, domain.ParseExternalID)
	in := app.CreateUser{Username: username, Email: email, DisplayName: displayName, ExternalID: externalID}
	var err5 error
	if c.Attributes != "" {
		in.Attributes = new(domain.Attributes)
		*in.Attributes, err5 = domain.ParseAttributes([]byte(c.Attributes))
	}
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return &usageError{err}
	}
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		user, err := services.Users.Create(ctx, local, in)
		return s.printChanged("added", &user, c.JSON, err)
	})
}

// Run suspends a user; a suspended one stays as it is.
func (c *usersSuspend) Run(ctx context.Context, s *session) error {
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		user, err := findUser(ctx, services.Users, c.User)
		if err == nil && !user.DeletedAt.IsZero() {
			return fmt.Errorf("the user %s is deleted: restore it first", user.ID)
		}
		if err == nil && user.Status != domain.Suspended {
			user, err = services.Users.Patch(ctx, local, app.PatchUser{ID: user.ID, Status: domain.Suspended})
		}
		return s.printChanged("suspended", &user, c.JSON, err)
	})
}

// Run undoes the deletion and the suspension of a user; another one stays as it is.
func (c *usersRestore) Run(ctx context.Context, s *session) error {
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		user, err := findUser(ctx, services.Users, c.User)
		if errors.Is(err, domain.NotFound) {
			return &domain.Error{
				Kind: domain.NotFound, Reason: domain.ReasonUnknown, Detail: fmt.Sprintf("no user %q", c.User),
				Fix: "if the user is deleted, name it by the id that roster users find --deleted shows", Err: err,
			}
		}
		if err == nil && !user.DeletedAt.IsZero() {
			user, err = services.Users.Restore(ctx, local, user.ID, 0)
		}
		if err == nil && user.Status == domain.Suspended {
			user, err = services.Users.Patch(ctx, local, app.PatchUser{ID: user.ID, Status: domain.Active})
		}
		return s.printChanged("restored", &user, c.JSON, err)
	})
}

// printChanged prints a user that was written, unless that failed.
func (s *session) printChanged(done string, user *domain.User, asJSON bool, err error) error {
	switch {
	case err != nil:
		return err
	case asJSON:
		return printf(s.stdout, "%s\n", rest.UserJSON(user))
	}
	return printf(s.stdout, "%s %s (%s)\n", done, user.ID, user.Username)
}
