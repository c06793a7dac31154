package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// secrets are a distinct canary in each field that may hold a secret.
type secrets struct{ database, cursor, repository, issuer, tlsKey, request string }

func canaries() secrets {
	return secrets{
		"canary-database", "canary-cursor-secret-of-32-characters", "canary-repository", "canary-issuer", "canary-tls-key", "canary-request",
	}
}

// withPassword returns the address of a database with a role that has the password.
func withPassword(t *testing.T, address, password string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	role := strings.ToLower(t.Name()) // roles are of the whole server
	pgtest.Execute(t, pgtest.Connect(t, address), "CREATE ROLE "+role+" SUPERUSER LOGIN PASSWORD '"+password+"'")
	parsed.User = url.UserPassword(role, password)
	return parsed.String()
}

// settings are those of a server that logs all that it can.
func (s secrets) settings(t *testing.T, database string) []string {
	t.Helper()
	files := newTLSFiles(t)
	key, err := os.ReadFile(files.key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files.key, append([]byte(s.tlsKey+"\n"), key...), 0o600); err != nil { // text before the block is a comment
		t.Fatal(err)
	}
	return append(
		files.settings(), "DATABASE_URL="+withPassword(t, database, s.database), "ROSTER_SECRET="+s.cursor, "ROSTER_AUTH=token",
		"ROSTER_PG_REPOSITORY=https://mirror:"+s.repository+"@maven.example/maven2",
		"ROSTER_TOKEN_ISSUERS=http://127.0.0.1:1", "ROSTER_TOKEN_AUDIENCE=roster", "ROSTER_TOKEN_SCOPES=read:scope=read",
		"ROSTER_LOG=debug", "ROSTER_ACCESS_LOG=yes", "ROSTER_SLOW_QUERY=1ns", "ROSTER_SLOW_REQUEST=1ns",
	)
}

// findCanaries fails the test for each canary in a text: all have the same beginning.
func findCanaries(t *testing.T, where, text string, more ...string) {
	t.Helper()
	for _, secret := range append(more, "canary") {
		if at := strings.Index(text, secret); at >= 0 {
			t.Errorf("%s shows a secret: …%s…", where, text[max(0, at-80):min(len(text), at+80)])
		}
	}
}

// malformed are a token, and other secrets, where a request may have one.
func malformed(token, canary string) map[string][]string {
	claims, _ := json.Marshal(map[string]any{"iss": "http://127.0.0.1:1", "sub": canary, "aud": canary, "email": canary})
	part := base64.RawURLEncoding.EncodeToString(claims)
	const header = "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImsifQ"
	return map[string][]string{
		"the token":             {"Bearer " + token},
		"a typing error":        {"Bearer " + token[:len(token)-1] + "!"},
		"a token too long":      {"Bearer " + token + canary},
		"a token cut off":       {"Bearer " + token[:len(token)-1]},
		"a canary as token":     {"Bearer roster_" + canary},
		"no scheme":             {token},
		"another scheme":        {"Basic " + token, "Token " + canary},
		"two words":             {"Bearer " + token + " " + canary},
		"a list":                {"Bearer " + token + "," + canary},
		"a quoted token":        {`Bearer "` + token + `"`},
		"two headers":           {"Bearer " + token, "Bearer " + canary},
		"a JWT":                 {"Bearer " + header + "." + part + ".canary-signature"},
		"a JWT with no header":  {"Bearer ." + part + "." + canary},
		"a JWT of two parts":    {"Bearer " + header + "." + part},
		"an encrypted JWT":      {"Bearer " + header + "." + part + "." + canary + "." + canary + "." + canary},
		"a JWT that is no JSON": {"Bearer " + base64.RawURLEncoding.EncodeToString([]byte(canary)) + "." + canary + "." + canary},
	}
}

func TestSecretsOfRequestsAreNotShown(t *testing.T) {
	t.Parallel()
	s, database := canaries(), migrated.Database(t)
	environ := s.settings(t, database)
	token, problems := newKey(t, append(noLimits(), environ...), "billing")
	secret := token[strings.LastIndex(token, "_")+1:]
	findCanaries(t, "roster key create", problems, secret)
	i := serve(t, environ...)
	client := (&tlsFiles{cert: strings.TrimPrefix(environ[0], "ROSTER_TLS_CERT=")}).client(t, true)
	for _, path := range []string{"/users", "/users?cursor=canary", "/users?access_token=" + token, "/me", "/canary"} {
		for name, values := range malformed(token, s.request) {
			request := newRequestTo(t, "GET", i.url+path, "")
			request.Header["Authorization"] = values
			request.Header.Set("Idempotency-Key", s.request)
			got, err := do(client, request)
			if err != nil {
				t.Fatal(err)
			}
			findCanaries(t, name+" to "+path, got.body+fmt.Sprint(got.header), secret)
		}
	}
	for _, body := range []string{createAda, `{"username":"` + s.request, `{"username":"bob","email":"bob@example.com"}`} {
		request := newRequestTo(t, "POST", i.url+"/users", body)
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Idempotency-Key", s.request)
		if got, err := do(client, request); err != nil || got.status >= 500 {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	i.stop()
	if log := i.log.String(); !strings.Contains(log, `"route":"POST /users"`) {
		t.Errorf("the log is too short for this test:\n%s", log)
	}
	findCanaries(t, "the log", i.log.String(), secret)
}

func TestSecretsOfSettingsAreNotShown(t *testing.T) {
	t.Parallel()
	s, database := canaries(), migrated.Database(t)
	good := s.settings(t, database)
	broken := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(broken, []byte("-----BEGIN PRIVATE KEY-----\n"+s.tlsKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := map[string][]string{
		"nothing wrong":          nil,
		"a broken key":           {"ROSTER_TLS_KEY=" + broken},
		"a database elsewhere":   {"DATABASE_URL=postgres://roster:" + s.database + "@127.0.0.1:1/roster", "ROSTER_DATABASE_WAIT=0s"},
		"an address with spaces": {"DATABASE_URL=postgres://roster:" + s.database + " x@127.0.0.1:port/roster"},
		"keywords":               {"DATABASE_URL=host=127.0.0.1 port=1 password='" + s.database + "' user=roster", "ROSTER_DATABASE_WAIT=0s"},
		"broken keywords":        {"DATABASE_URL=host=127.0.0.1 port=x password=" + s.database},
		"another scheme":         {"DATABASE_URL=mysql://roster:" + s.database + "@127.0.0.1/roster"},
		"an issuer's password":   {"ROSTER_TOKEN_ISSUERS=https://roster:" + s.issuer + "@id.example.com"},
		"an issuer in the open":  {"ROSTER_TOKEN_ISSUERS=http://roster:" + s.issuer + "@id.example.com/%zz"},
		"a rule that is none":    {"ROSTER_TOKEN_SCOPES=rule"},
	}
	jwt := malformed("roster_x", s.request)["a JWT"][0]
	for name, changes := range wrong {
		environ := slices.Concat(noLimits(), good, changes)
		for _, args := range [][]string{
			{"config"},
			{"config", "--json"},
			{"key", "list"},
			{"key", "list", "--json"},
			{"token", "explain"},
			{"token", "explain", "--json"},
			{"migrate", "status"},
			{"serve", "--secret", s.cursor, "--unknown"},
			{"config", "--secret", s.cursor, "--port", "x"},
		} {
			_, out, problems := rosterReading(t, jwt, environ, args...)
			if out+problems == "" {
				t.Errorf("%s: roster %s prints nothing", name, strings.Join(args, " "))
			}
			findCanaries(t, name+": roster "+strings.Join(args, " "), out+problems)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		if changes := wrong[name]; name != "nothing wrong" {
			i := launch(t, append(slices.Clone(good), changes...)...)
			if code := i.wait(); code == 0 {
				t.Errorf("%s: roster serve ends with 0", name)
			}
			findCanaries(t, name+": roster serve", i.log.String())
		}
	}
}
