package oidc

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/roster-directory/roster/domain"
)

func (c *check) audience(context.Context) *refusal {
	var names []string
	switch value := c.parts.claims["aud"].(type) {
	case string:
		names = []string{value}
	case []any:
		names = stringsOf(value)
	}
	c.found("%q", names)
	if !slices.Contains(names, c.verifier.config.Audience) {
		return refuse("is for another audience", "have the provider add the audience of ROSTER_TOKEN_AUDIENCE (aud) to tokens for Roster")
	}
	return nil
}

// use refuses tokens that say by their claims that they are not to be sent so.
func (c *check) use(context.Context) *refusal {
	if _, bound := c.parts.claims["cnf"]; bound {
		return refuse("is bound to a key of its client (cnf)", "have the provider issue bearer tokens; DPoP and mutual TLS are not understood")
	}
	if c.verifier.config.AnyType {
		for _, name := range []string{"nonce", "at_hash", "c_hash", "s_hash"} {
			if _, has := c.parts.claims[name]; has {
				return refuse("is an ID token ("+name+")", "send the access token")
			}
		}
		// Keycloak tells its tokens apart by a claim.
		if kind := stringClaim(c.parts.claims, "typ"); kind != "" && kind != "Bearer" {
			return refuse("is a token for another use (typ)", "send the access token")
		}
	}
	c.found("a bearer's access token")
	return nil
}

// maxSubject is the length of the longest subject (OpenID Connect Core, section 2).
const maxSubject = 255

func (c *check) subject(context.Context) *refusal {
	name := stringClaim(c.parts.claims, "sub")
	c.found("%q", name)
	if name == "" || len(name) > maxSubject || strings.ContainsFunc(name, unicode.IsControl) {
		return refuse("has no subject (sub) of 1 to 255 characters", "have the provider name the caller in it")
	}
	return nil
}

func (c *check) rights(context.Context) *refusal {
	var refused *refusal
	subject := stringClaim(c.parts.claims, "iss") + "|" + stringClaim(c.parts.claims, "sub")
	c.result.caller, refused = c.verifier.config.Rights.principal(subject, c.parts.claims)
	if refused == nil {
		c.found("%s", describe(&c.result.caller))
	}
	return refused
}

// user prepares the look-up of the user. Explain does it, too.
func (c *check) user(context.Context) *refusal {
	config := &c.verifier.config
	if config.Users == "" {
		c.found("not looked up")
		return nil
	}
	c.result.account = config.Users.lookUp(c.verifier.outside.Accounts, config.UserClaim, c.parts.claims)
	if c.result.account == nil {
		return refuse("names no user", "have the provider add the claim of ROSTER_TOKEN_USERS; an email also needs email_verified")
	}
	c.found("named by %s", config.Users)
	return nil
}

// describe writes the rights of a caller.
func describe(p *domain.Principal) string {
	text := "scopes " + strings.Join(domain.ScopeNames(p.Scopes), ", ")
	if len(p.Scopes) == 0 {
		text = "no scope: add a rule to ROSTER_TOKEN_SCOPES"
	}
	for id, role := range p.Roles {
		text += "; " + string(role) + " in " + id.String()
	}
	if !p.Within.IsZero() {
		text += "; bound to " + p.Within.String()
	}
	return text
}
