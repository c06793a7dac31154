package main

import (
	"fmt"
	"maps"
	"strings"

	"github.com/roster-directory/roster/domain"
)

// probe is a request for an operation about a tenant.
type probe struct {
	about func(tenant) inquiry
	// whole says that callers bound to an organization are denied.
	whole bool
	// absent says that there is nothing, so that those who may get 404.
	absent bool
	// free says that the request is about no tenant: there is nothing to hide.
	free bool
	// scope is the scope that it needs where that is not the scope of the operation.
	scope domain.Scope
	// role says that a role in the organization is enough.
	role bool
	// conceals is the status for a bound caller that asks for another tenant's.
	conceals int
}

// reads reports whether the request changes nothing.
func (p probe) reads(x tenant) bool {
	c := p.about(x)
	return c.method == "GET" || strings.HasPrefix(c.target, "/users/search") || c.target == "/users/lookup"
}

func of(method, format string, args ...func(tenant) string) func(tenant) inquiry {
	return func(x tenant) inquiry {
		texts := make([]any, len(args))
		for i, arg := range args {
			texts[i] = arg(x)
		}
		return inquiry{method: method, target: fmt.Sprintf(format, texts...)}
	}
}

func with(about func(tenant) inquiry, body func(tenant) string) func(tenant) inquiry {
	return func(x tenant) inquiry {
		c := about(x)
		c.body = body(x)
		return c
	}
}

func memberID(x tenant) string { return x.member.ID.String() }
func orgID(x tenant) string    { return x.organization.ID.String() }
func word(x tenant) string     { return x.word }
func keyID(x tenant) string    { return x.key.String() }
func hookID(x tenant) string   { return x.hook.String() }

func text(s string) func(tenant) string { return func(tenant) string { return s } }

func names(x tenant) string {
	return fmt.Sprintf(`{"username":%q,"email":%q,"display_name":"Changed"}`, x.member.Username, x.member.Email)
}

func newEvent(x tenant) string {
	const format = `{"events":[{"organization_id":%q,"user_id":%q,"kind":"login","occurred_at":"2026-01-16T00:00:00Z"}]}`
	return fmt.Sprintf(format, orgID(x), memberID(x))
}

// probes are the requests of the matrix, by operation. An operation of the contract
// without a probe fails the test.
func probes() map[string][]probe {
	all := userProbes()
	maps.Copy(all, organizationProbes())
	maps.Copy(all, logProbes())
	maps.Copy(all, otherProbes())
	return all
}

// userProbes are those about users.
func userProbes() map[string][]probe {
	const changes = `{"display_name":"Changed","attributes":{"a":1}}`
	user := func(method string) func(tenant) inquiry { return of(method, "/users/%s", memberID) }
	return map[string][]probe{
		"listUsers": {
			{about: of("GET", "/users"), free: true},
			{about: of("GET", "/users?total=exact&sort=email"), free: true},
			{about: of("GET", "/users?username=%s.member", word), conceals: 200},
			{about: of("GET", "/users?email=member@%s.example", word), conceals: 200},
			{about: of("GET", "/users?external_id=%s/member", word), conceals: 200},
			{about: of("GET", "/users?organization=%s&total=exact", orgID), conceals: 200},
			{about: of("GET", "/users?email_domain=%s.example&total=exact", word), conceals: 200},
			{about: of("GET", "/users?plan=%s&total=estimate", word), conceals: 200},
			{about: of("GET", "/users?changed_since=2020-01-01T00:00:00Z&limit=1000"), free: true},
			{about: of("GET", "/users?deleted=include"), whole: true, scope: domain.ScopeAdmin},
		},
		"createUser": {{about: with(of("POST", "/users"), func(x tenant) string {
			return fmt.Sprintf(`{"username":"new.%s","email":"new@%s.example"}`, x.word, x.word)
		}), whole: true, free: true}},
		"searchUsers": {
			{about: with(of("POST", "/users/search"), func(x tenant) string { return `{"term":"` + x.word + `"}` }), conceals: 200},
			{about: with(of("POST", "/users/search"), func(x tenant) string { return `{"term":"` + x.word + ` member"}` }), conceals: 200},
			{about: with(of("POST", "/users/search"), func(x tenant) string { return `{"term":"x` + x.word[1:] + `"}` }), conceals: 200},
			{about: with(of("POST", "/users/search?organization=%s", orgID), text(`{"term":"member"}`)), conceals: 200},
		},
		"lookUpUsers": {{about: with(of("POST", "/users/lookup"), func(x tenant) string {
			return `{"ids":["` + memberID(x) + `"]}`
		}), conceals: 200}},
		"getUser": {
			{about: user("GET"), conceals: 404},
			{about: of("GET", "/users/%s?fields=id", memberID), conceals: 404},
			{about: func(x tenant) inquiry {
				return inquiry{"GET", "/users/" + memberID(x), "", []string{"If-None-Match", "*"}}
			}, conceals: 404},
			{about: of("GET", "/users/%s?deleted=include", memberID), whole: true, scope: domain.ScopeAdmin},
		},
		"replaceUser": {{about: with(user("PUT"), names), conceals: 404}},
		"patchUser": {
			{about: with(user("PATCH"), text(changes)), conceals: 404},
			{about: func(x tenant) inquiry {
				return inquiry{"PATCH", "/users/" + memberID(x), changes, []string{"If-Match", `"1", "2"`}}
			}, conceals: 404},
			{about: func(x tenant) inquiry {
				return inquiry{"PATCH", "/users/" + memberID(x), changes, []string{"Idempotency-Key", "k" + memberID(x)}}
			}, conceals: 404},
		},
		"deleteUser":            {{about: user("DELETE"), whole: true}},
		"restoreUser":           {{about: of("POST", "/users/%s/restore", memberID), whole: true}},
		"eraseUser":             {{about: of("POST", "/users/%s/erase", memberID), whole: true}},
		"getUserErasure":        {{about: of("GET", "/users/%s/erasure", memberID), whole: true, absent: true}},
		"getUserHold":           {{about: of("GET", "/users/%s/hold", memberID), whole: true, absent: true}},
		"holdUser":              {{about: of("PUT", "/users/%s/hold", memberID), whole: true}},
		"releaseUser":           {{about: of("DELETE", "/users/%s/hold", memberID), whole: true}},
		"exportUser":            {{about: of("GET", "/users/%s/export", memberID), whole: true}},
		"listUserOrganizations": {{about: of("GET", "/users/%s/organizations", memberID), conceals: 404}},
	}
}

// organizationProbes are those about organizations and their members.
func organizationProbes() map[string][]probe {
	organization := func(method string) func(tenant) inquiry { return of(method, "/organizations/%s", orgID) }
	return map[string][]probe{
		"listOrganizations": {
			{about: of("GET", "/organizations?total=exact"), free: true},
			{about: of("GET", "/organizations?slug=%s", word), conceals: 200},
			{about: of("GET", "/organizations?plan=%s&total=exact", word), conceals: 200},
		},
		"createOrganization": {{about: with(of("POST", "/organizations"), func(x tenant) string {
			return fmt.Sprintf(`{"name":"New","slug":"new-%s","plan":%q,"owner":%q}`, x.word[:8], x.plan, x.owner.ID)
		}), whole: true}},
		"getOrganization": {{about: organization("GET"), conceals: 404}},
		"replaceOrganization": {{about: with(organization("PUT"), func(x tenant) string {
			return fmt.Sprintf(`{"name":"Changed","slug":%q,"plan":%q}`, x.word, x.word)
		}), conceals: 404}},
		"patchOrganization":      {{about: with(organization("PATCH"), text(`{"name":"Changed"}`)), conceals: 404}},
		"deleteOrganization":     {{about: organization("DELETE"), whole: true}},
		"getOrganizationErasure": {{about: of("GET", "/organizations/%s/erasure", orgID), whole: true, absent: true}},
		"listMembers":            {{about: of("GET", "/organizations/%s/members", orgID), conceals: 404}},
		"getMember":              {{about: of("GET", "/organizations/%s/members/%s", orgID, memberID), conceals: 404}},
		"putMember": {{
			about: with(of("PUT", "/organizations/%s/members/%s", orgID, memberID), text(`{"role":"admin"}`)), role: true, conceals: 404,
		}},
		"removeMember": {{about: of("DELETE", "/organizations/%s/members/%s", orgID, memberID), role: true, conceals: 404}},
	}
}

// logProbes are those about the log and webhooks.
func logProbes() map[string][]probe {
	return map[string][]probe{
		"listLog": {
			{about: of("GET", "/log"), free: true},
			{about: of("GET", "/log?organization=%s", orgID), conceals: 200},
			{about: of("GET", "/log?subject=%s", memberID), conceals: 200},
		},
		"followLog": {
			{about: of("GET", "/log/feed?limit=1000"), free: true},
			{about: of("GET", "/log/feed?limit=1000&organization=%s", orgID), free: true},
		},
		"listUserLog": {{about: of("GET", "/users/%s/log", memberID), conceals: 404}},
		"listWebhooks": {
			{about: of("GET", "/webhooks"), free: true}, {about: of("GET", "/webhooks?organization=%s", orgID), conceals: 200},
		},
		"createWebhook": {
			{about: with(of("POST", "/webhooks"), text(`{"url":"https://example.com/"}`)), free: true},
			{about: with(of("POST", "/webhooks"), func(x tenant) string {
				return fmt.Sprintf(`{"url":"https://example.com/","organization":%q}`, orgID(x))
			}), conceals: 404},
		},
		"getWebhook":    {{about: of("GET", "/webhooks/%s", hookID), conceals: 404}},
		"patchWebhook":  {{about: with(of("PATCH", "/webhooks/%s", hookID), text(`{"kinds":[]}`)), conceals: 404}},
		"deleteWebhook": {{about: of("DELETE", "/webhooks/%s", hookID), conceals: 404}},
		"rotateWebhook": {{about: with(of("POST", "/webhooks/%s/rotate", hookID), text(`{}`)), conceals: 404}},
		"testWebhook":   {{about: of("POST", "/webhooks/%s/test", hookID), conceals: 404}},
		"replayWebhook": {{about: with(of("POST", "/webhooks/%s/replay", hookID), text(`{"after":"now"}`)), conceals: 404}},
		"enableWebhook": {{about: of("POST", "/webhooks/%s/enable", hookID), conceals: 404}},
	}
}

// otherProbes are those about everything else.
func otherProbes() map[string][]probe {
	return map[string][]probe{
		"listPlans":  {{about: of("GET", "/plans"), free: true}},
		"getPlan":    {{about: of("GET", "/plans/%s", word), conceals: 404}},
		"putPlan":    {{about: with(of("PUT", "/plans/%s", word), text(`{"name":"Changed","seats":null}`)), whole: true}},
		"deletePlan": {{about: of("DELETE", "/plans/new-%s", word), whole: true, absent: true}},
		"addEvents":  {{about: with(of("POST", "/events"), newEvent), conceals: 200}},
		"reportEngagement": {
			{about: of("GET", "/reports/engagement?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&limit=1000"), free: true},
			{about: of("GET", "/reports/engagement?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&organization=%s", orgID), conceals: 200},
			{about: of("GET", "/reports/engagement?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&plan=%s&role=member", word), conceals: 200},
			{about: func(x tenant) inquiry {
				c := of("GET", "/reports/engagement?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&bucket=day")(x)
				c.headers = []string{"Accept", "text/csv"}
				return c
			}, free: true},
		},
		"exportCollection": {{about: of("GET", "/bulk/users"), whole: true, free: true}},
		"importCollection": {{about: func(tenant) inquiry {
			return inquiry{"POST", "/bulk/plans", `{"code":"imported","name":"Imported"}` + "\n", []string{"Content-Type", "application/x-ndjson"}}
		}, whole: true, free: true}},
		"getCaller": {{about: of("GET", "/me"), free: true}},
		"listKeys":  {{about: of("GET", "/keys"), free: true}, {about: of("GET", "/keys?organization=%s", orgID), conceals: 200}},
		"createKey": {
			{about: with(of("POST", "/keys"), text(`{"name":"new","scopes":["admin"]}`)), whole: true},
			{about: with(of("POST", "/keys"), func(x tenant) string {
				return fmt.Sprintf(`{"name":"new","scopes":["read"],"organization":%q}`, orgID(x))
			}), conceals: 403},
		},
		"getKey":    {{about: of("GET", "/keys/%s", keyID), conceals: 404}},
		"revokeKey": {{about: of("DELETE", "/keys/%s", keyID), conceals: 404}},
		"rotateKey": {{about: with(of("POST", "/keys/%s/rotate", keyID), text(`{}`)), conceals: 404}},
	}
}
