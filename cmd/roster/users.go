package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// usersConfig are the flags of the commands for users.
type usersConfig struct{ databaseFlags }

// Help implements documented.
func (*usersConfig) Help() string {
	return `A user is named by its id, username or email address. JSON has the fields of the
HTTP API. These commands need no key: who can open the database is an administrator.

Examples:

	roster users find lovlace
	roster users show ada@example.com
	roster users add --username ada --email ada@example.com --display-name "Ada Lovelace"
	roster users suspend ada
	roster users restore ada
	roster users hold ada
	roster users export ada > ada.ndjson`
}

type (
	usersFind struct {
		*usersConfig
		Term         string `arg:"rest" help:"Words of the names or the address, or their beginnings; typing errors are tolerated."`
		Status       string `enum:"active,suspended" help:"Find users with this status. Default: active."`
		Deleted      bool   `help:"Find deleted users only."`
		Organization string `placeholder:"ID" help:"Id or slug of an organization: find its members."`
		Role         string `enum:"owner,admin,member" help:"Find users with this role in an organization."`
		Limit        int    `default:"20" help:"Maximum number of users, up to 1000."`
		JSON         bool   `name:"json" help:"Print a JSON object a line."`
	}
	usersShow struct {
		*usersConfig
		User string `arg:"" help:"Id, username or email address of the user."`
		JSON bool   `name:"json" help:"Print a JSON object."`
	}
)

// Run prints the users that the term describes, the best first.
func (c *usersFind) Run(ctx context.Context, s *session) error {
	term, badTerm := domain.ParseSearchTerm(c.Term)
	status, badStatus := given(c.Status, domain.ParseStatus)
	role, badRole := given(c.Role, domain.ParseRole)
	_, badLimit := domain.ParsePageSize(c.Limit)
	if err := errors.Join(badTerm, badStatus, badRole, badLimit); err != nil {
		return &usageError{err}
	}
	in := ports.SearchUsers{Term: term, Filter: ports.UserFilter{Status: status, Role: role}}
	if c.Deleted {
		in.Filter.Deleted = domain.OnlyDeleted
	}
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		if c.Organization != "" {
			organization, err := findOrganization(ctx, services.Organizations, c.Organization)
			if err != nil {
				return err
			}
			in.Filter.Organization = organization.ID
		}
		return c.print(ctx, s, services.Users, in)
	})
}

// print prints pages until there are as many users as wanted: a page may end early.
func (c *usersFind) print(ctx context.Context, s *session, users *app.Users, in ports.SearchUsers) error {
	var found []ports.FoundUser
	var corrections []string
	for more := true; more && len(found) < c.Limit; {
		in.Limit = pageUpTo(c.Limit, len(found))
		page, err := users.Search(ctx, local, in)
		if err != nil {
			return err
		}
		found, corrections = append(found, page.Items...), append(corrections, page.Corrections...)
		in.After = page.Next()
		more = in.After != nil
	}
	if err := c.note(s, found, corrections); err != nil || len(found) == 0 {
		return err
	}
	list := newListing(s.stdout, c.JSON, "ID", "USERNAME", "DISPLAY NAME", "EMAIL", "STATUS")
	for i := range found {
		f := &found[i]
		err := list.add(func() []byte { return rest.FoundUserJSON(f) },
			f.ID.String(), f.Username.String(), f.DisplayName.String(), f.Email.String(), shownStatus(&f.User))
		if err != nil {
			return err
		}
	}
	return list.flush()
}

// note says that nobody was found, or that other words were searched for.
func (c *usersFind) note(s *session, found []ports.FoundUser, corrections []string) error {
	switch {
	case len(found) == 0 && (c.Deleted || c.Status != ""):
		return printf(s.stderr, "No user found.\n")
	case len(found) == 0:
		return printf(s.stderr, "No active user found; --status suspended and --deleted find others.\n")
	case len(corrections) > 0 && found[0].Match == domain.MatchSimilar:
		slices.Sort(corrections)
		return printf(s.stderr, "No user has these words. Similar ones: %s\n", strings.Join(slices.Compact(corrections), ", "))
	}
	return nil
}

// Run prints a user and its organizations.
func (c *usersShow) Run(ctx context.Context, s *session) error {
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		user, err := findUser(ctx, services.Users, c.User)
		if err != nil {
			return err
		}
		if c.JSON {
			return printf(s.stdout, "%s\n", rest.UserJSON(&user))
		}
		if err := printUser(s, &user); err != nil || !user.DeletedAt.IsZero() {
			return err
		}
		return printAffiliations(ctx, s, services.Memberships, user.ID)
	})
}

func printUser(s *session, u *domain.User) error {
	attributes := u.Attributes.String()
	if attributes == "{}" {
		attributes = ""
	}
	return printFields(s.stdout, [][2]string{
		{"id", u.ID.String()},
		{"external id", u.ExternalID.String()},
		{"username", u.Username.String()},
		{"email", u.Email.String()},
		{"display name", u.DisplayName.String()},
		{"attributes", attributes},
		{"status", string(u.Status)},
		{"created", shownTime(u.CreatedAt)},
		{"updated", shownTime(u.UpdatedAt)},
		{"deleted", shownTime(u.DeletedAt)},
		{"version", strconv.FormatInt(int64(u.Version), 10)},
	})
}

// printAffiliations prints the organizations of a user, if it has any.
func printAffiliations(ctx context.Context, s *session, memberships *app.Memberships, user domain.UserID) error {
	list := newListing(s.stdout, false, "\nORGANIZATION", "NAME", "ROLE", "JOINED")
	err := eachPage(0, func(after *domain.Affiliation, size domain.PageSize) (ports.Page[domain.Affiliation], error) {
		in := ports.ListAffiliations{User: user, Limit: size}
		if after != nil {
			in.After = &domain.OrganizationPosition{Key: after.Organization.Name.String(), ID: after.Organization.ID}
		}
		return memberships.OrganizationsOf(ctx, local, in)
	}, each(func(a *domain.Affiliation) error {
		return list.add(nil, a.Organization.Slug.String(), a.Organization.Name.String(), string(a.Role), shownTime(a.JoinedAt))
	}))
	if err != nil || list.items == 0 {
		return err
	}
	return list.flush()
}
