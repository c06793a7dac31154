package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// keyConfig are the flags of the commands for API keys.
type keyConfig struct{ databaseFlags }

// Help implements helper.
func (*keyConfig) Help() string {
	return `Programs send an API key as "Authorization: Bearer …" to a Roster that runs with
ROSTER_AUTH=token. These commands need no key: who can open the database is an
administrator.

Examples:

	roster key create --name billing --scope read --expires 90d
	roster key rotate 01890a5d-ac96-774b-bcce-b302099a8059 --overlap 24h
	roster key revoke 01890a5d-ac96-774b-bcce-b302099a8059`
}

type (
	keyCreate struct {
		*keyConfig
		Name         string   `placeholder:"TEXT" help:"What the key is for."`
		Scope        []string `placeholder:"SCOPE" help:"What the key may do: read, write or admin, which includes both. Repeat it for several."`
		Organization string   `placeholder:"ID" help:"Id or slug of the organization that the key is bound to."`
		Role         string   `enum:"owner,admin,member" help:"Role of the key in its organization: owner, admin or member."`
		Expires      string   `placeholder:"TIME" help:"When the key ends: after some time, as in 90d or 12h, or a time of RFC 3339."`
	}
	keyList struct {
		*keyConfig
		JSON bool `name:"json" help:"Print a JSON object a line."`
	}
	keyRotate struct {
		*keyConfig
		ID      string        `arg:"" help:"Id of the key to replace."`
		Overlap time.Duration `default:"0s" placeholder:"TIME" help:"How long the replaced key still admits, as in 24h."`
		Expires string        `placeholder:"TIME" help:"When the new key ends."`
	}
	keyRevoke struct {
		*keyConfig
		ID string `arg:"" help:"Id of the key to revoke."`
	}
)

// Run makes a key and prints its token.
func (c *keyCreate) Run(ctx context.Context, s *session) error {
	in := app.CreateAPIKey{}
	var errs [4]error
	in.Name, errs[0] = domain.ParseAPIKeyName(c.Name)
	in.Scopes, errs[1] = domain.ParseScopes(c.Scope)
	in.Role, errs[2] = given(c.Role, domain.ParseRole)
	in.ExpiresAt, errs[3] = parseEnd(c.Expires, time.Now())
	if err := errors.Join(errs[:]...); err != nil {
		return &usageError{err}
	}
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		if c.Organization != "" {
			organization, err := findOrganization(ctx, services.Organizations, c.Organization)
			if err != nil {
				return err
			}
			in.Organization = organization.ID
		}
		key, token, err := services.APIKeys.Create(ctx, local, in)
		if err != nil {
			return err
		}
		return s.printToken(&key, token)
	})
}

// printToken prints the token alone to the standard output, so that a shell can keep
// it in a variable.
func (s *session) printToken(key *domain.APIKey, token domain.APIToken) error {
	if err := printf(s.stderr, "API key %s (%s). Keep its token: it is not shown again.\n", key.ID, key.Name); err != nil {
		return err
	}
	return printf(s.stdout, "%s\n", token)
}

// Run lists the keys.
func (c *keyList) Run(ctx context.Context, s *session) error {
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		list := newListing(s.stdout, c.JSON, "ID", "NAME", "SCOPES", "ORGANIZATION", "STATE", "LAST USED")
		err := eachPage(0, func(after *domain.APIKey, size domain.PageSize) (ports.Page[domain.APIKey], error) {
			in := ports.ListAPIKeys{Limit: size}
			if after != nil {
				in.After = &domain.APIKeyPosition{At: after.CreatedAt, ID: after.ID}
			}
			return services.APIKeys.List(ctx, local, in)
		}, each(func(key *domain.APIKey) error { return addKey(list, key) }))
		if err != nil {
			return err
		}
		return list.flush()
	})
}

func addKey(list *listing, key *domain.APIKey) error {
	object, err := json.Marshal(keyLine{
		ID: key.ID.String(), Name: key.Name.String(), Scopes: key.Scopes, Organization: organizationOf(key), Role: key.Role,
		CreatedAt: key.CreatedAt, CreatedBy: key.CreatedBy, ExpiresAt: key.ExpiresAt,
		RevokedAt: key.RevokedAt, RevokedBy: key.RevokedBy, LastUsedAt: key.LastUsedAt,
	})
	if err != nil {
		return err
	}
	organization := cmp.Or(strings.TrimSpace(organizationOf(key)+" "+string(key.Role)), "-")
	state, used := "no end", "never"
	switch {
	case !key.RevokedAt.IsZero():
		state = "revoked " + key.RevokedAt.Format(time.DateTime)
	case !key.ExpiresAt.IsZero():
		state = "until " + key.ExpiresAt.Format(time.DateTime)
	}
	if !key.LastUsedAt.IsZero() {
		used = key.LastUsedAt.Format(time.DateTime)
	}
	return list.add(func() []byte { return object },
		key.ID.String(), key.Name.String(), strings.Join(domain.ScopeNames(key.Scopes), ","), organization, state, used)
}

// keyLine is a key in roster key list --json, with the names of the HTTP API.
type keyLine struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	Scopes       []domain.Scope `json:"scopes"`
	Organization string         `json:"organization,omitzero"`
	Role         domain.Role    `json:"role,omitzero"`
	CreatedAt    time.Time      `json:"created_at"`
	CreatedBy    string         `json:"created_by"`
	ExpiresAt    time.Time      `json:"expires_at,omitzero"`
	RevokedAt    time.Time      `json:"revoked_at,omitzero"`
	RevokedBy    string         `json:"revoked_by,omitzero"`
	LastUsedAt   time.Time      `json:"last_used_at,omitzero"`
}

// organizationOf is the id of the organization that the key is bound to, if any.
func organizationOf(key *domain.APIKey) string {
	if key.Organization.IsZero() {
		return ""
	}
	return key.Organization.String()
}

// Run replaces a key and prints the token of the new one.
func (c *keyRotate) Run(ctx context.Context, s *session) error {
	id, badID := domain.ParseID[domain.APIKey]("id", c.ID)
	end, badEnd := parseEnd(c.Expires, time.Now())
	if err := errors.Join(badID, badEnd); err != nil {
		return &usageError{err}
	}
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		key, token, err := services.APIKeys.Rotate(ctx, local, app.RotateAPIKey{ID: id, Overlap: c.Overlap, ExpiresAt: end})
		if err != nil {
			return err
		}
		return s.printToken(&key, token)
	})
}

// Run revokes a key.
func (c *keyRevoke) Run(ctx context.Context, s *session) error {
	id, err := domain.ParseID[domain.APIKey]("id", c.ID)
	if err != nil {
		return &usageError{err}
	}
	return s.withServices(ctx, c.databaseFlags, func(services app.Services) error {
		if err := services.APIKeys.Revoke(ctx, local, id); err != nil {
			return err
		}
		return printf(s.stdout, "revoked %s\n", id)
	})
}

// parseEnd reads when a key ends: days or a duration from now, or a time. The empty
// text is no end.
func parseEnd(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return domain.Instant(now.AddDate(0, 0, int(n))), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil {
		return domain.Instant(now.Add(d)), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		const fix = "write days as in 90d, a duration as in 12h, or a time as in 2036-01-31T00:00:00Z"
		return time.Time{}, fmt.Errorf("--expires %s is no time: %s", text, fix)
	}
	return domain.Instant(at), nil
}
