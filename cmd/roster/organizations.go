package main

import (
	"context"
	"errors"
	"strconv"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// organizationsConfig are the flags of the commands for organizations.
type organizationsConfig struct{ databaseFlags }

// Help implements documented.
func (*organizationsConfig) Help() string {
	return `An organization is named by its id or its slug. JSON has the fields of the HTTP
API. Plans are made over HTTP (PUT /plans/{code}), or imported. These commands need no key:
who can open the database is an administrator.

Examples:

	roster organizations list --plan team
	roster organizations add --name "Analytical Engines" --slug engines --plan team --owner ada
	roster organizations members engines --role owner`
}

type (
	organizationsList struct {
		*organizationsConfig
		Plan  string `placeholder:"CODE" help:"List the organizations on this plan."`
		Sort  string `placeholder:"FIELD" help:"Order: created_at, name or slug, with - before it for descending. Default: the newest first."`
		Limit int    `default:"0" help:"Maximum number of organizations; 0 lists all."`
		JSON  bool   `name:"json" help:"Print a JSON object a line."`
	}
	organizationsShow struct {
		*organizationsConfig
		Organization string `arg:"" help:"Id or slug of the organization."`
		JSON         bool   `name:"json" help:"Print a JSON object."`
	}
	organizationsAdd struct {
		*organizationsConfig
		Name  string `placeholder:"TEXT" help:"Name; required."`
		Slug  string `placeholder:"TEXT" help:"Short name for addresses, such as analytical-engines; required."`
		Plan  string `placeholder:"CODE" help:"Code of the plan; required."`
		Owner string `placeholder:"USER" help:"Id, username or email address of the first owner; required."`
		JSON  bool   `name:"json" help:"Print the organization as a JSON object."`
	}
	organizationsMembers struct {
		*organizationsConfig
		Organization string `arg:"" help:"Id or slug of the organization."`
		Role         string `enum:"owner,admin,member" help:"List the members with this role."`
		Limit        int    `default:"0" help:"Maximum number of members; 0 lists all."`
		JSON         bool   `name:"json" help:"Print a JSON object a line."`
	}
)

// Run lists the organizations.
func (c *organizationsList) Run(ctx context.Context, s *session) error {
	plan, badPlan := given(c.Plan, domain.ParsePlanCode)
	order, badOrder := given(c.Sort, domain.ParseOrganizationOrder)
	if err := errors.Join(badPlan, badOrder, checkLimit(c.Limit)); err != nil {
		return &usageError{err}
	}
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		list := newListing(s.stdout, c.JSON, "ID", "SLUG", "NAME", "PLAN", "CREATED")
		err := eachPage(c.Limit, func(after *domain.Organization, size domain.PageSize) (ports.Page[domain.Organization], error) {
			in := ports.ListOrganizations{Plan: plan, Order: order, Limit: size}
			if after != nil {
				at := order.Position(*after)
				in.After = &at
			}
			return services.Organizations.List(ctx, local, in)
		}, each(func(o *domain.Organization) error {
			return list.add(func() []byte { return rest.OrganizationJSON(o) },
				o.ID.String(), o.Slug.String(), o.Name.String(), o.Plan.String(), shownTime(o.CreatedAt))
		}))
		return errors.Join(err, list.flush())
	})
}

// Run prints an organization.
func (c *organizationsShow) Run(ctx context.Context, s *session) error {
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		o, err := findOrganization(ctx, services.Organizations, c.Organization)
		if err != nil {
			return err
		}
		if c.JSON {
			return printf(s.stdout, "%s\n", rest.OrganizationJSON(&o))
		}
		plan, err := services.Plans.Get(ctx, local, o.Plan)
		if err != nil {
			return err
		}
		seats := "no limit"
		if n, limited := plan.Seats.Limit(); limited {
			seats = strconv.Itoa(int(n))
		}
		return printFields(s.stdout, [][2]string{
			{"id", o.ID.String()},
			{"slug", o.Slug.String()},
			{"name", o.Name.String()},
			{"plan", o.Plan.String()},
			{"seats", seats},
			{"created", shownTime(o.CreatedAt)},
			{"version", strconv.FormatInt(int64(o.Version), 10)},
		})
	})
}

// Run adds an organization.
func (c *organizationsAdd) Run(ctx context.Context, s *session) error {
	in := app.CreateOrganization{}
	var errs [4]error
	in.Name, errs[0] = domain.ParseOrganizationName(c.Name)
	in.Slug, errs[1] = domain.ParseSlug(c.Slug)
	in.Plan, errs[2] = domain.ParsePlanCode(c.Plan)
	if c.Owner == "" {
		errs[3] = domain.Missing("owner")
	}
	if err := errors.Join(errs[:]...); err != nil {
		return &usageError{err}
	}
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		owner, err := findUser(ctx, services.Users, c.Owner)
		if err != nil {
			return err
		}
		in.Owner = owner.ID
		o, err := services.Organizations.Create(ctx, local, in)
		switch {
		case err != nil:
			return err
		case c.JSON:
			return printf(s.stdout, "%s\n", rest.OrganizationJSON(&o))
		}
		return printf(s.stdout, "added %s (%s)\n", o.ID, o.Slug)
	})
}

// Run lists the members of an organization.
func (c *organizationsMembers) Run(ctx context.Context, s *session) error {
	role, badRole := given(c.Role, domain.ParseRole)
	if err := errors.Join(badRole, checkLimit(c.Limit)); err != nil {
		return &usageError{err}
	}
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		organization, err := findOrganization(ctx, services.Organizations, c.Organization)
		if err != nil {
			return err
		}
		list := newListing(s.stdout, c.JSON, "USERNAME", "DISPLAY NAME", "EMAIL", "STATUS", "ROLE", "JOINED", "ID")
		err = eachPage(c.Limit, func(after *domain.Membership, size domain.PageSize) (ports.Page[domain.Membership], error) {
			in := ports.ListMembers{Organization: organization.ID, Role: role, After: after, Limit: size}
			return services.Memberships.Of(ctx, local, in)
		}, func(page []domain.Membership) error { return addMembers(ctx, list, services.Users, page) })
		return errors.Join(err, list.flush())
	})
}

// addMembers prints memberships, in a table with the names of the users.
func addMembers(ctx context.Context, list *listing, users *app.Users, page []domain.Membership) error {
	named := map[domain.UserID]domain.User{}
	if list.table != nil {
		ids := make([]domain.UserID, len(page))
		for i := range page {
			ids[i] = page[i].User
		}
		found, err := users.GetMany(ctx, local, ids)
		if err != nil {
			return err
		}
		for i := range found {
			named[found[i].ID] = found[i]
		}
	}
	for i := range page {
		m, u := &page[i], named[page[i].User]
		err := list.add(func() []byte { return rest.MembershipJSON(m) },
			u.Username.String(), u.DisplayName.String(), u.Email.String(), shownStatus(&u), string(m.Role), shownTime(m.JoinedAt), m.User.String())
		if err != nil {
			return err
		}
	}
	return nil
}
