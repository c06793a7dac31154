//go:build keycloak

package main

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// keycloakRules are those of docs/access.md.
const keycloakRules = "ROSTER_TOKEN_SCOPES=read:/realm_access/roles=roster-reader,admin:/realm_access/roles=roster-admin"

func TestKeycloak(t *testing.T) {
	k := startKeycloak(t)
	url := migrated.Database(t)
	settings := trust(&openID{url: k.realm()}, url, keycloakRules)
	i := serve(t, settings...)
	t.Run("the token of a program is accepted, with its roles", func(t *testing.T) {
		token := bearer(k.program("billing"))
		i.expect(200, "GET", "/users", "", token)
		i.expect(403, "POST", "/users", createAda, token)
		if me := i.expect(200, "GET", "/me", "", token).body; !strings.Contains(me, `"scopes":["read"]`) {
			t.Errorf("the program is %s", me)
		}
	})
	t.Run("the roles of people are mapped", func(t *testing.T) {
		if me := i.expect(200, "GET", "/me", "", bearer(k.person("ada"))).body; !strings.Contains(me, `"scopes":["admin"]`) {
			t.Errorf("ada is %s", me)
		}
		i.expect(403, "GET", "/users", "", bearer(k.person("bob")))
	})
	t.Run("the audience account is refused", func(t *testing.T) {
		token := k.program("wiki")
		refused := i.expect(401, "GET", "/users", "", bearer(token))
		if told := refused.header.Get("WWW-Authenticate"); !strings.Contains(told, "audience") {
			t.Errorf("the challenge is %s", told)
		}
		code, out, problems := rosterReading(t, token, settings, "token", "explain")
		if code != exitFailed || !strings.Contains(out, `refused  audience   ["account"]`) {
			t.Errorf("%d: the explanation is %s%s", code, out, problems)
		}
	})
	t.Run("a suspended user is refused", func(t *testing.T) { testKeycloakSuspension(t, k, url) })
	t.Run("keys are rotated without a refused request", func(t *testing.T) { testKeycloakRotation(t, k, i, url) })
}

func testKeycloakSuspension(t *testing.T, k *keycloak, url string) {
	admin := serve(t, "DATABASE_URL="+url)
	i := serve(t, trust(&openID{url: k.realm()}, url, keycloakRules, "ROSTER_TOKEN_USERS=username")...)
	token := bearer(k.person("ada"))
	i.expect(401, "GET", "/users", "", token)
	ada := "/users/" + read[user](t, admin.expect(201, "POST", "/users", createAda).body).ID
	i.expect(200, "GET", "/users", "", token)
	admin.expect(200, "PATCH", ada, `{"status":"suspended"}`, "Content-Type: application/merge-patch+json")
	i.expect(401, "GET", "/users", "", token)
	i.expect(401, "GET", "/users", "", bearer(k.person("ada")))
}

// testKeycloakRotation publishes a key, waits until Roster has it, signs with it and
// then withdraws the old one.
func testKeycloakRotation(t *testing.T, k *keycloak, i *instance, url string) {
	old := k.program("billing")
	kid := k.addKey()
	_, rest, _ := strings.Cut(old, ".")
	unknown := bearer("eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6InVua25vd24ifQ." + rest) // its key id is "unknown"
	conn := pgtest.Connect(t, url)
	pgtest.Eventually(t, "the fetch of the key", func() bool {
		i.expect(401, "GET", "/users", "", unknown) // Roster fetches, at most every 10 s
		i.expect(200, "GET", "/users", "", bearer(old))
		return pgtest.Scalar[int](t, conn, "SELECT count(*) FROM roster.issuer_keys k WHERE k::text LIKE '%"+kid+"%'") == 1
	})
	k.activateKey()
	for range 20 {
		token := k.program("billing")
		if k.keyOf(token) != kid {
			t.Fatalf("the token is signed with %s, not %s", k.keyOf(token), kid)
		}
		i.expect(200, "GET", "/users", "", bearer(token))
		i.expect(200, "GET", "/users", "", bearer(old))
	}
}
