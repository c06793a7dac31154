package settings

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/roster-directory/roster/adapters/oidc"
	"github.com/roster-directory/roster/adapters/rest"
)

// Token are the settings of access tokens of OpenID providers.
type Token struct {
	Issuers      []string `name:"token-issuers" env:"ROSTER_TOKEN_ISSUERS" placeholder:"URL" redact:"url"`
	Audience     string   `name:"token-audience" env:"ROSTER_TOKEN_AUDIENCE" placeholder:"TEXT"`
	Type         string   `name:"token-type" env:"ROSTER_TOKEN_TYPE" default:"at+jwt"`
	Scopes       []string `name:"token-scopes" env:"ROSTER_TOKEN_SCOPES" placeholder:"RULE"`
	Roles        []string `name:"token-roles" env:"ROSTER_TOKEN_ROLES" placeholder:"RULE"`
	Organization string   `name:"token-organization" env:"ROSTER_TOKEN_ORGANIZATION" placeholder:"CLAIM"`
	Users        string   `name:"token-users" env:"ROSTER_TOKEN_USERS" placeholder:"FIELD"`
	UserClaim    string   `name:"token-user-claim" env:"ROSTER_TOKEN_USER_CLAIM" placeholder:"CLAIM"`
}

// Verifier returns the settings as the configuration of a verifier. The error names
// each wrong setting and the fix.
func (t *Token) Verifier() (oidc.Config, error) {
	config := oidc.Config{Issuers: t.Issuers, Audience: t.Audience, AnyType: t.Type == "any", Users: oidc.UserField(t.Users)}
	errs := []error{
		refuse(t.Audience == "", "ROSTER_TOKEN_AUDIENCE", `""`, "set the audience (aud) of tokens for Roster, such as its URL"),
		refuse(t.Type != "at+jwt" && t.Type != "any", "ROSTER_TOKEN_TYPE", strconv.Quote(t.Type), "set at+jwt or any"),
		refuse(len(t.Scopes)+len(t.Roles) == 0, "ROSTER_TOKEN_SCOPES", `""`,
			"set rules, as in read:scope=directory.read; without any, callers may do nothing"),
		named("ROSTER_TOKEN_USERS", config.Users.Check()),
	}
	for _, issuer := range t.Issuers {
		errs = append(errs, named("ROSTER_TOKEN_ISSUERS", oidc.CheckIssuer(issuer)))
	}
	for _, text := range t.Scopes {
		rule, err := oidc.ParseScopeRule(text)
		config.Rights.Scopes = append(config.Rights.Scopes, rule)
		errs = append(errs, named("ROSTER_TOKEN_SCOPES", err))
	}
	for _, text := range t.Roles {
		rule, err := oidc.ParseRoleRule(text)
		config.Rights.Roles = append(config.Rights.Roles, rule)
		errs = append(errs, named("ROSTER_TOKEN_ROLES", err))
	}
	for _, claim := range []struct {
		name, text string
		to         *oidc.Claim
	}{
		{"ROSTER_TOKEN_ORGANIZATION", t.Organization, &config.Rights.Organization},
		{"ROSTER_TOKEN_USER_CLAIM", t.UserClaim, &config.UserClaim},
	} {
		if claim.text != "" {
			var err error
			*claim.to, err = oidc.ParseClaim(claim.text)
			errs = append(errs, named(claim.name, err))
		}
	}
	return config, errors.Join(errs...)
}

// Resource returns what clients are told to get a token that gives rights. The
// resource is the audience, if that is a URL that a client can use.
func (t *Token) Resource(rights oidc.Rights) *rest.ResourceMetadata {
	resource := &rest.ResourceMetadata{AuthorizationServers: t.Issuers, Scopes: rights.OAuthScopes()}
	audience, err := url.Parse(t.Audience)
	if err == nil && audience.Scheme == "https" && audience.Host != "" && audience.Fragment == "" {
		resource.Resource = t.Audience
	}
	return resource
}

func named(setting string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", setting, err)
}

func (t *Token) check(auth string) error {
	if len(t.Issuers) == 0 {
		used := t.Audience != "" || len(t.Scopes)+len(t.Roles) > 0 || t.Organization != "" || t.Users != "" || t.UserClaim != ""
		return refuse(used, "ROSTER_TOKEN_ISSUERS", `""`, "set the issuers of the tokens that the other settings are about, or set none of them")
	}
	_, err := t.Verifier()
	return errors.Join(err, refuse(auth != "token", "ROSTER_AUTH", strconv.Quote(auth),
		"set token, so that ROSTER_TOKEN_ISSUERS has an effect"))
}
