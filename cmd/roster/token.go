package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/roster-directory/roster/adapters/oidc"
	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/system"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
)

// acceptTokens accepts the access tokens of the issuers that are set. The returned
// function ends the fetching of their keys.
func (s *session) acceptTokens(
	ctx context.Context, config settings.Token, database *postgres.Database, options *rest.Options,
) (stop func(), err error) {
	if len(config.Issuers) == 0 {
		return func() {}, nil
	}
	verified, err := config.Verifier()
	if err != nil {
		return nil, err
	}
	store := postgres.NewAccessTokens(database)
	verifier, err := newVerifier(verified, oidc.Outside{Log: s.component(logTokens), Keys: store, Accounts: store})
	if err != nil {
		return nil, err
	}
	options.AccessTokens, options.Resource = verifier, config.Resource(verified.Rights)
	// Requests that are finished after a signal need keys, too.
	return verifier.Start(context.WithoutCancel(ctx)), nil
}

func newVerifier(config oidc.Config, outside oidc.Outside) (*oidc.Verifier, error) {
	outside.Clock = system.NewClock()
	return oidc.New(config, outside)
}

// tokenConfig are the flags of the commands for access tokens.
type tokenConfig struct {
	Token settings.Token `group:"Access tokens"`
	databaseFlags
}

// Help implements helper.
func (*tokenConfig) Help() string {
	return `An access token is a JSON Web Token of an OpenID provider. Give the command the
settings of the server: it fetches the provider's keys by itself, and opens the
database only if ROSTER_TOKEN_USERS is set. It never prints the token.

Examples:

	roster token explain < token.txt
	roster token explain --json < token.txt`
}

// tokenExplain explains a token.
type tokenExplain struct {
	*tokenConfig
	JSON bool `name:"json" help:"Print a JSON object with the steps and the caller."`
}

// maxTokenInput is how much of the standard input is read: more than a token may have.
const maxTokenInput = 1 << 20

// explanation is the result of the command as JSON, with the names of GET /me.
type explanation struct {
	Accepted bool                   `json:"accepted"`
	Steps    []oidc.Step            `json:"steps"`
	Subject  string                 `json:"subject,omitzero"`
	Scopes   []domain.Scope         `json:"scopes,omitzero"`
	Within   string                 `json:"within,omitzero"`
	Roles    map[string]domain.Role `json:"roles,omitzero"`
}

var errRefused = errors.New("the token is refused")

// Run explains the token on the standard input. The error says that it is refused.
func (c *tokenExplain) Run(ctx context.Context, s *session) error {
	if len(c.Token.Issuers) == 0 {
		return &usageError{errors.New("ROSTER_TOKEN_ISSUERS is not set: give the command the settings of the server")}
	}
	config, err := c.Token.Verifier()
	if err != nil {
		return &usageError{err}
	}
	input, err := io.ReadAll(io.LimitReader(s.stdin, maxTokenInput))
	if err != nil {
		return fmt.Errorf("reading the token from the standard input: %w", err)
	}
	token := strings.TrimSpace(string(input))
	if scheme, rest, ok := strings.Cut(token, " "); ok && strings.EqualFold(scheme, "Bearer") {
		token = strings.TrimSpace(rest)
	}
	switch {
	case token == "":
		return &usageError{errors.New("the standard input has no token: write roster token explain < token.txt")}
	case domain.IsAPIToken(token):
		return explainAPIKey(s, token)
	case c.Token.Users == "":
		return c.explain(ctx, s, config, token, nil)
	}
	return s.withDirectory(ctx, c.databaseFlags, false, func(database *postgres.Database) error {
		return c.explain(ctx, s, config, token, postgres.NewAccessTokens(database))
	})
}

func explainAPIKey(s *session, text string) error {
	token, err := domain.ParseAPIToken(text)
	if err != nil {
		return err
	}
	return printf(s.stdout, "This is the token of an API key, %s; roster key list shows its state.\n", token.ID)
}

func (c *tokenExplain) explain(ctx context.Context, s *session, config oidc.Config, token string, store *postgres.AccessTokens) error {
	outside := oidc.Outside{Log: slog.New(slog.DiscardHandler)}
	if store != nil {
		outside.Keys, outside.Accounts = store, store
	}
	verifier, err := newVerifier(config, outside)
	if err != nil {
		return &usageError{err}
	}
	for _, err := range verifier.Fetch(ctx) {
		if err := printf(s.stderr, "The keys of an issuer can't be fetched: %v\n", err); err != nil {
			return err
		}
	}
	steps, caller := verifier.Explain(ctx, token)
	if c.JSON {
		err = json.NewEncoder(s.stdout).Encode(explained(steps, caller))
	} else {
		err = printSteps(s.stdout, steps, caller)
	}
	if err == nil && caller == nil {
		err = errRefused
	}
	return err
}

func explained(steps []oidc.Step, caller *domain.Principal) explanation {
	if caller == nil {
		return explanation{Steps: steps}
	}
	e := explanation{Accepted: true, Steps: steps, Subject: caller.Subject, Scopes: caller.Scopes, Roles: map[string]domain.Role{}}
	if !caller.Within.IsZero() {
		e.Within = caller.Within.String()
	}
	for id, role := range caller.Roles {
		e.Roles[id.String()] = role
	}
	return e
}

func printSteps(w io.Writer, steps []oidc.Step, caller *domain.Principal) error {
	for _, step := range steps {
		verdict := "ok     "
		if step.Refused != "" {
			verdict = "refused"
		}
		if err := printf(w, "%s  %-9s  %s\n", verdict, step.Name, step.Found); err != nil {
			return err
		}
		if step.Refused != "" {
			return printf(w, "\nRefused: %s.\nFix: %s.\n", step.Refused, step.Fix)
		}
	}
	return printf(w, "\nThe caller is %s.\n", caller.Subject)
}
