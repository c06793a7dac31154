package oidc

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/domain"
)

// Rights are what claims allow. Without any rule a caller may do nothing.
type Rights struct {
	// Scopes give scopes.
	Scopes []ScopeRule
	// Roles give roles in organizations.
	Roles []RoleRule
	// Organization, unless it is zero, is the claim with the id of the organization
	// that callers are bound to. Tokens without it are refused.
	Organization Claim
}

// ScopeRule gives a scope to tokens that meet all conditions.
type ScopeRule struct {
	scope      domain.Scope
	conditions []condition
}

// RoleRule gives a role to tokens that meet all conditions. One of them has the
// placeholder of the organization.
type RoleRule struct {
	role       domain.Role
	conditions []condition
}

// condition is a claim that has a word.
type condition struct {
	claim Claim
	word  string
}

// placeholder stands for the id of an organization.
const placeholder = "{organization}"

// ParseScopeRule reads "SCOPE:CLAIM=VALUE", in which more conditions may follow after
// "&".
func ParseScopeRule(text string) (ScopeRule, error) {
	left, conditions, err := parseRule(text)
	if err != nil {
		return ScopeRule{}, err
	}
	scopes, err := domain.ParseScopes([]string{left})
	if err != nil {
		return ScopeRule{}, fmt.Errorf("%s begins with no scope: write read, write or admin before the colon", strconv.Quote(text))
	}
	if placeholders(conditions) > 0 {
		return ScopeRule{}, fmt.Errorf("%s has %s: scopes are for the whole directory", strconv.Quote(text), placeholder)
	}
	return ScopeRule{scopes[0], conditions}, nil
}

// ParseRoleRule reads "ROLE:CLAIM=VALUE", in which more conditions may follow after
// "&". The value, or a part of a JSON Pointer, has "{organization}".
func ParseRoleRule(text string) (RoleRule, error) {
	left, conditions, err := parseRule(text)
	if err != nil {
		return RoleRule{}, err
	}
	role, err := domain.ParseRole(left)
	if err != nil {
		return RoleRule{}, fmt.Errorf("%s begins with no role: write owner, admin or member before the colon", strconv.Quote(text))
	}
	if placeholders(conditions) != 1 {
		return RoleRule{}, fmt.Errorf("%s must have %s once: it says where the organization's id stands", strconv.Quote(text), placeholder)
	}
	return RoleRule{role, conditions}, nil
}

func parseRule(text string) (left string, conditions []condition, err error) {
	left, right, ok := strings.Cut(text, ":")
	for part := range strings.SplitSeq(right, "&") {
		name, word, is := strings.Cut(part, "=")
		if !ok || !is || word == "" {
			return "", nil, fmt.Errorf("%s is no rule: write it as in read:scope=directory.read", strconv.Quote(text))
		}
		claim, err := ParseClaim(name)
		if err != nil {
			return "", nil, err
		}
		conditions = append(conditions, condition{claim, word})
	}
	return left, conditions, nil
}

func placeholders(conditions []condition) (n int) {
	for _, c := range conditions {
		n += strings.Count(c.word, placeholder)
		for _, segment := range c.claim.segments {
			n += strings.Count(segment, placeholder)
		}
	}
	return n
}

// OAuthScopes are the words of the claims scope and scp that give each scope, as a
// client asks the provider for them.
func (r *Rights) OAuthScopes() map[domain.Scope][]string {
	scopes := map[domain.Scope][]string{}
	for _, rule := range r.Scopes {
		for _, c := range rule.conditions {
			if c.claim.isScope() {
				scopes[rule.scope] = append(scopes[rule.scope], c.word)
			}
		}
	}
	return scopes
}

func (c condition) met(claims map[string]any) bool {
	return slices.Contains(c.claim.words(c.claim.in(claims)), c.word)
}

// organizations returns the organizations for which the condition is met, of one that
// has the placeholder.
func (c condition) organizations(claims map[string]any) (ids []domain.OrganizationID) {
	at := slices.Index(c.claim.segments, placeholder)
	if at < 0 {
		before, after, _ := strings.Cut(c.word, placeholder)
		for _, word := range c.claim.words(c.claim.in(claims)) {
			middle, starts := strings.CutPrefix(word, before)
			middle, ends := strings.CutSuffix(middle, after)
			if id, ok := organizationID(middle); ok && starts && ends {
				ids = append(ids, id)
			}
		}
		return ids
	}
	object, _ := descend(claims, c.claim.segments[:at]).(map[string]any)
	for name, value := range object {
		value = descend(value, c.claim.segments[at+1:])
		if id, ok := organizationID(name); ok && slices.Contains(c.claim.words(value), c.word) {
			ids = append(ids, id)
		}
	}
	return ids
}

func organizationID(text string) (domain.OrganizationID, bool) {
	id, err := domain.ParseID[domain.Organization]("organization", text)
	return id, err == nil && !id.IsZero()
}

// of returns the organizations for which a token meets the rule.
func (r RoleRule) of(claims map[string]any) (ids []domain.OrganizationID) {
	for _, c := range r.conditions {
		switch {
		case placeholders([]condition{c}) > 0:
			ids = c.organizations(claims)
		case !c.met(claims):
			return nil
		}
	}
	return ids
}

// principal is the caller that the claims name. The refusal says that the claim of
// the organization is missing.
func (r *Rights) principal(subject string, claims map[string]any) (domain.Principal, *refusal) {
	p := domain.Principal{Subject: subject}
	for _, rule := range r.Scopes {
		if !slices.Contains(p.Scopes, rule.scope) &&
			!slices.ContainsFunc(rule.conditions, func(c condition) bool { return !c.met(claims) }) {
			p.Scopes = append(p.Scopes, rule.scope)
		}
	}
	if !r.Organization.IsZero() {
		words := r.Organization.words(r.Organization.in(claims))
		if len(words) == 1 {
			p.Within, _ = organizationID(words[0])
		}
		if p.Within.IsZero() {
			return p, refuse("names no organization, or several",
				"have the provider put the id of one organization into the claim of ROSTER_TOKEN_ORGANIZATION")
		}
	}
	for _, rule := range r.Roles {
		for _, id := range rule.of(claims) {
			if p.Sees(id) && above(rule.role, p.Roles[id]) {
				if p.Roles == nil {
					p.Roles = map[domain.OrganizationID]domain.Role{}
				}
				p.Roles[id] = rule.role
			}
		}
	}
	return p, nil
}

// above reports whether role a allows more than role b, which may be empty.
func above(a, b domain.Role) bool {
	order := []domain.Role{"", domain.Member, domain.Admin, domain.Owner}
	return slices.Index(order, a) > slices.Index(order, b)
}
