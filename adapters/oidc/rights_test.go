package oidc_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/roster-directory/roster/adapters/oidc"
	"github.com/roster-directory/roster/domain"
)

const (
	home   = "01890a5d-ac96-774b-bcce-b302099a8057"
	abroad = "01890a5d-ac96-774b-bcce-b302099a8058"
)

func roleRule(text string) oidc.RoleRule {
	r, err := oidc.ParseRoleRule(text)
	if err != nil {
		panic(err)
	}
	return r
}

func claim(text string) oidc.Claim {
	c, err := oidc.ParseClaim(text)
	if err != nil {
		panic(err)
	}
	return c
}

// shown writes the rights of a caller, home and abroad by name.
func shown(p domain.Principal) string {
	name := strings.NewReplacer(home, "home", abroad, "abroad")
	text := fmt.Sprint(p.Scopes)
	for _, id := range []string{home, abroad} {
		if role, ok := p.Roles[domain.MustParse(domain.ParseID[domain.Organization]("id", id))]; ok {
			text += " " + string(role) + "@" + id
		}
	}
	if !p.Within.IsZero() {
		text += " within " + p.Within.String()
	}
	return name.Replace(text)
}

var rightsCases = []struct {
	name         string
	scopes       []string
	roles        []string
	organization string
	claims       fields
	want         string // empty: refused
}{
	{"words of scope", []string{"read:scope=a", "write:scope=b", "admin:scope=openid"}, nil, "", fields{"scope": "b a"}, "[read write]"},
	{"a part of a word", []string{"read:scope=a"}, nil, "", fields{"scope": "ab"}, "[]"},
	{"scopes as a list", []string{"read:scp=a"}, nil, "", fields{"scp": []string{"a"}}, "[read]"},
	{"words of another claim", []string{"admin:name=admin"}, nil, "", fields{"name": "Ada admin"}, "[]"},
	{
		"Keycloak's roles",
		[]string{"admin:/realm_access/roles=boss"},
		nil, "",
		fields{"realm_access": fields{"roles": []string{"x", "boss"}}},
		"[admin]",
	},
	{"Keycloak's roles, not the user's text", []string{"admin:/realm_access/roles=boss"}, nil, "", fields{"realm_access": "boss"}, "[]"},
	{
		"Zitadel's roles",
		[]string{"write:urn:zitadel:iam:org:project:roles=editor"},
		nil, "",
		fields{"urn:zitadel:iam:org:project:roles": fields{"editor": fields{"1": "a.example"}}},
		"[write]",
	},
	{"Google's domain", []string{"read:hd=example.com"}, nil, "", fields{"hd": "example.com"}, "[read]"},
	{"a switch", []string{"admin:is_admin=true"}, nil, "", fields{"is_admin": true}, "[admin]"},
	{
		"a name with slashes",
		[]string{"read:https://example.com/roles=a"},
		nil, "",
		fields{"https://example.com/roles": []string{"a"}},
		"[read]",
	},
	{
		"a pointer with slashes",
		[]string{"read:/https:~1~1example.com/a~0b=c"},
		nil, "",
		fields{"https://example.com": fields{"a~b": "c"}},
		"[read]",
	},
	{"all conditions", []string{"admin:iss=" + staff + "&groups=a&groups=b"}, nil, "", fields{"groups": []string{"a", "b"}}, "[admin]"},
	{"a condition that is not met", []string{"admin:iss=" + partner + "&groups=a"}, nil, "", fields{"groups": []string{"a"}}, "[]"},
	{"a scope once", []string{"read:scope=a", "read:scope=b"}, nil, "", fields{"scope": "a b"}, "[read]"},
	{
		"roles by groups", nil,
		[]string{"admin:groups=/orgs/{organization}/admin", "member:groups=/orgs/{organization}"},
		"",
		fields{"groups": []string{"/orgs/" + home + "/admin", "/orgs/" + home, "/orgs/" + abroad, "/orgs/x", "/orgs/" + abroad + "/admins"}},
		"[] admin@home member@abroad",
	},
	{
		"roles by objects", nil,
		[]string{"owner:/orgs/{organization}/roles=boss"},
		"",
		fields{"orgs": fields{home: fields{"roles": []string{"boss"}}, abroad: fields{"roles": "none"}, "x": fields{"roles": "boss"}}},
		"[] owner@home",
	},
	{
		"organizations of a role", nil,
		[]string{"admin:/roles/editor={organization}"},
		"",
		fields{"roles": fields{"editor": fields{home: "a.example"}}},
		"[] admin@home",
	},
	{
		"roles of one issuer", nil,
		[]string{"owner:iss=" + partner + "&org={organization}", "member:org={organization}"},
		"",
		fields{"org": home},
		"[] member@home",
	},
	{
		"bound",
		[]string{"read:scope=a"},
		[]string{"owner:orgs={organization}"},
		"org",
		fields{"scope": "a", "org": home, "orgs": []string{home, abroad}},
		"[read] owner@home within home",
	},
	{"bound to none", []string{"read:scope=a"}, nil, "org", fields{"scope": "a"}, ""},
	{"bound to several", nil, nil, "org", fields{"org": []string{home, abroad}}, ""},
	{"bound to zero", nil, nil, "org", fields{"org": "00000000-0000-0000-0000-000000000000"}, ""},
}

func TestClaimsBecomeRightsByRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range rightsCases {
			w := newWorld()
			w.config.Rights = oidc.Rights{}
			for _, text := range c.scopes {
				w.config.Rights.Scopes = append(w.config.Rights.Scopes, rule(text))
			}
			for _, text := range c.roles {
				w.config.Rights.Roles = append(w.config.Rights.Roles, roleRule(text))
			}
			if c.organization != "" {
				w.config.Rights.Organization = claim(c.organization)
			}
			w.start(t)
			caller, err := w.verifier.Authenticate(context.Background(), token(w.staff.keys[0], nil, with(fields{"scope": nil}, c.claims)))
			switch {
			case c.want == "" && err == nil:
				t.Errorf("%s: accepted as %s", c.name, shown(caller))
			case c.want != "" && (err != nil || shown(caller) != c.want || caller.Subject != staff+"|ada"):
				t.Errorf("%s: got %s of %q, %v; want %s", c.name, shown(caller), caller.Subject, err, c.want)
			}
			w.stop()
		}
	})
}

func TestRulesThatCanNotWorkAreRefused(t *testing.T) {
	for _, text := range []string{
		"", "read", "read:", "read:scope", "read:scope=", "read:=a", "root:scope=a", "read:scope=a&", "read:/a~2=b", "read:a={organization}",
	} {
		if _, err := oidc.ParseScopeRule(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
	for _, text := range []string{
		"boss:a={organization}", "admin:a=b", "admin:a={organization}{organization}", "admin:/{organization}/a={organization}",
	} {
		if _, err := oidc.ParseRoleRule(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
	for _, text := range []string{
		"", "id.example.com", "http://id.example.com", "https://", "https://u@id.example.com", "https://id.example.com?a",
		"https://id.example.com#a", "ftp://127.0.0.1", "https:id", "http://127.0.0.1.example.com",
	} {
		if oidc.CheckIssuer(text) == nil {
			t.Errorf("the issuer %q is accepted", text)
		}
	}
	for _, text := range []string{
		"https://id.example.com", "https://id.example.com/a/", "http://127.0.0.1:8080", "http://[::1]", "http://localhost:1",
	} {
		if err := oidc.CheckIssuer(text); err != nil {
			t.Error(err)
		}
	}
}
