package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type changelogList struct {
	*changelogConfig
	Kind         []string `placeholder:"KIND" help:"List entries of this kind, such as user.created. Repeat it for several."`
	Subject      string   `placeholder:"ID" help:"List entries of this user, organization, key or webhook, or of the plan with this code."`
	Actor        string   `placeholder:"CALLER" help:"List changes that this caller made."`
	Organization string   `placeholder:"ID" help:"List entries that belong to the organization with this id or slug."`
	From         string   `placeholder:"TIME" help:"List entries of this time of RFC 3339 or later."`
	To           string   `placeholder:"TIME" help:"List entries before this time of RFC 3339."`
	Limit        int      `default:"50" help:"Maximum number of entries; 0 lists all."`
	JSON         bool     `name:"json" help:"Print a JSON object a line."`
}

// Run lists entries, the newest first.
func (c *changelogList) Run(ctx context.Context, s *session) error {
	filter := ports.LogFilter{Subject: c.Subject, Actor: c.Actor}
	var errs [2]error
	filter.From, errs[0] = parseTime("--from", c.From)
	filter.To, errs[1] = parseTime("--to", c.To)
	for _, text := range c.Kind {
		kind, err := domain.ParseLogKind(text)
		errs[0] = errors.Join(errs[0], err)
		filter.Kinds = append(filter.Kinds, kind)
	}
	if err := errors.Join(errs[0], errs[1], checkLimit(c.Limit)); err != nil {
		return &usageError{err}
	}
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		if c.Organization != "" {
			organization, err := findOrganization(ctx, services.Organizations, c.Organization)
			if err != nil {
				return err
			}
			filter.Organization = organization.ID
		}
		return c.list(ctx, s, services.Log, filter)
	})
}

func (c *changelogList) list(ctx context.Context, s *session, log *app.Log, filter ports.LogFilter) error {
	list := newListing(s.stdout, c.JSON, "TIME", "KIND", "SUBJECT", "ORGANIZATION", "FIELDS", "ACTOR", "REQUEST")
	err := eachPage(c.Limit, func(after *domain.LogEntry, size domain.PageSize) (ports.Page[domain.LogEntry], error) {
		in := ports.ListLog{Filter: filter, Limit: size}
		if after != nil {
			in.After = &domain.LogListPosition{At: after.At, Number: after.Number}
		}
		return log.List(ctx, local, in)
	}, each(func(e *domain.LogEntry) error {
		organization := "-"
		if !e.Organization.IsZero() {
			organization = e.Organization.String()
		}
		return list.add(func() []byte { return rest.LogEntryJSON(e) },
			shownTime(e.At), string(e.Kind), e.Subject, organization, orDash(strings.Join(e.Fields, ",")), orDash(e.Actor), orDash(e.Request))
	}))
	if err != nil {
		return err
	}
	return list.flush()
}

// orDash is a cell of a table: its text has no end of a cell or of a line.
func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '\ufffd'
		}
		return r
	}, text)
}

// parseTime reads a flag that is a time; empty is the zero time.
func parseTime(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, errors.New(flag + ` is no time: write one of RFC 3339, as in 2026-01-31T12:00:00Z`)
	}
	return at, nil
}
