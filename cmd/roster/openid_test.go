package main

import (
	"strings"
	"testing"
	"time"
)

// trust are the settings of a server that trusts a provider.
func trust(p *openID, database string, more ...string) []string {
	return append([]string{
		"DATABASE_URL=" + database, "ROSTER_AUTH=token", "ROSTER_TOKEN_ISSUERS=" + p.url, "ROSTER_TOKEN_AUDIENCE=https://roster.example.com",
		"ROSTER_TOKEN_SCOPES=read:scope=directory.read,write:scope=directory.write&groups=staff", "ROSTER_LOG=debug", "ROSTER_ACCESS_LOG=yes",
	}, more...)
}

func TestARealOpenIDProviderIsTrusted(t *testing.T) {
	t.Parallel()
	provider, database := startOpenID(t, "0"), migrated.Database(t)
	i := serve(t, trust(provider, database)...)
	program := provider.program()
	i.expect(200, "GET", "/users", "", bearer(program))
	i.expect(403, "POST", "/users", createAda, bearer(program))
	i.expect(200, "GET", "/users", "", bearer(provider.program()))
	person := provider.signIn("ada", "directory.read directory.write")
	i.expect(201, "POST", "/users", createAda, bearer(person.Access))
	me := i.expect(200, "GET", "/me", "", bearer(person.Access)).body
	if !strings.Contains(me, `"subject":"`+provider.url+`|ada"`) {
		t.Errorf("the caller is %s", me)
	}
	i.expect(401, "GET", "/users", "", bearer(person.ID))
	i.expect(401, "GET", "/users", "", bearer(person.Access+"A"))
	expectDescription(i, provider.url)

	await := func(token string) { // the last fetch may be less than 10 s ago
		t.Helper()
		for {
			got, err := i.send("GET", "/users", "", bearer(token))
			if err != nil || got.status != 200 && got.status != 401 {
				t.Fatalf("got %+v, %v", got, err)
			}
			if got.status == 200 {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	provider.rotate()
	rotated := provider.program()
	await(rotated)
	i.expect(200, "GET", "/users", "", bearer(program))

	port := provider.port()
	provider.stop()
	i.expect(200, "GET", "/users", "", bearer(rotated))
	first := i.log.String()
	i.stop()
	i = serve(t, trust(provider, database)...)
	i.expect(200, "GET", "/users", "", bearer(rotated))
	i.awaitLog("can't be fetched")

	provider = startOpenID(t, port)
	await(provider.program())
	i.expect(401, "GET", "/users", "", bearer(rotated))
	i.stop()
	for _, token := range []string{program, person.Access, person.ID, rotated} {
		for part := range strings.SplitSeq(token, ".") {
			if strings.Contains(first+i.log.String(), part) {
				t.Errorf("the log has a part of a token: %s", part)
			}
		}
	}
}

// expectDescription checks what a client without a token is told.
func expectDescription(i *instance, issuer string) {
	i.t.Helper()
	told := i.expect(401, "GET", "/users", "").header.Get("WWW-Authenticate")
	if want := `Bearer resource_metadata="` + i.url + `/.well-known/oauth-protected-resource"`; told != want {
		i.t.Errorf("without a token one is told %q", told)
	}
	described := i.expect(200, "GET", "/.well-known/oauth-protected-resource", "").body
	if want := `{"resource":"https://roster.example.com","authorization_servers":["` + issuer + `"],` +
		`"scopes_supported":["directory.read","directory.write"],"bearer_methods_supported":["header"]}`; described != want {
		i.t.Errorf("the server is described as %s", described)
	}
}

func TestTokensFallWithTheSuspensionOfTheirUser(t *testing.T) {
	t.Parallel()
	provider, database := startOpenID(t, "0"), migrated.Database(t)
	admin := serve(t, "DATABASE_URL="+database)
	i := serve(t, trust(provider, database, "ROSTER_TOKEN_USERS=username")...)
	token := bearer(provider.signIn("ada", "directory.read").Access)
	i.expect(401, "GET", "/users", "", token)
	ada := "/users/" + read[user](t, admin.expect(201, "POST", "/users", createAda).body).ID
	i.expect(200, "GET", "/users", "", token)
	patch := func(status string) {
		t.Helper()
		admin.expect(200, "PATCH", ada, `{"status":"`+status+`"}`, "Content-Type: application/merge-patch+json")
	}
	patch("suspended")
	i.expect(401, "GET", "/users", "", token)
	patch("active")
	i.expect(200, "GET", "/users", "", token)
	admin.expect(204, "DELETE", ada, "")
	i.expect(401, "GET", "/users", "", token)
	i.expect(401, "GET", "/users", "", bearer(provider.program()))
}

func TestATokenOfARealProviderIsExplained(t *testing.T) {
	t.Parallel()
	provider := startOpenID(t, "0")
	tokens := provider.signIn("ada", "directory.read")
	for token, want := range map[string]string{
		tokens.Access: "The caller is " + provider.url + "|ada.",
		tokens.ID:     "Refused: the access token does not have the type at+jwt.",
	} {
		code, out, problems := rosterReading(t, "Bearer "+token+"\n", trust(provider, ""), "token", "explain")
		if !strings.Contains(out, want) || (code == 0) != (token == tokens.Access) {
			t.Errorf("the exit code is %d; printed is %s%s", code, out, problems)
		}
		for part := range strings.SplitSeq(token, ".") {
			if strings.Contains(out+problems, part) {
				t.Errorf("a part of the token is printed: %s", part)
			}
		}
	}
}
