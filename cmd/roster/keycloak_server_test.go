//go:build keycloak

package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

const keycloakFolder = "../../bin/keycloak-26.7.3"

// keycloak is a real Keycloak with the realm of testdata/keycloak/staff.json.
type keycloak struct {
	t   *testing.T
	url string
	key string // the path of the key that was added
}

// startKeycloak starts it on the loopback interface, with its data in memory.
func startKeycloak(t *testing.T) *keycloak {
	t.Helper()
	realm, err := os.ReadFile("testdata/keycloak/staff.json")
	imported := filepath.Join(keycloakFolder, "data/import/staff.json")
	if err := errors.Join(err, os.MkdirAll(filepath.Dir(imported), 0o755), os.WriteFile(imported, realm, 0o600)); err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(freePorts(t, 1)[0])
	output := newTranscript()
	command := exec.Command(keycloakFolder+"/bin/kc.sh", "start-dev", "--import-realm", "--db=dev-mem", "--cache=local",
		"--http-host=127.0.0.1", "--http-port="+port)
	command.Env = append(os.Environ(), "KC_BOOTSTRAP_ADMIN_USERNAME=admin", "KC_BOOTSTRAP_ADMIN_PASSWORD=admin-password")
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the script starts Java
	if err := command.Start(); err != nil {
		t.Fatalf("Keycloak is missing; run: make test-keycloak (%v)", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait() // it ends by a signal
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGTERM)
		<-ended
	})
	for {
		line, more := output.find("Listening on: ")
		if line != "" {
			return &keycloak{t: t, url: "http://127.0.0.1:" + port}
		}
		select {
		case <-more:
		case <-ended:
			t.Fatalf("Keycloak ended:\n%s", output)
		}
	}
}

func (k *keycloak) realm() string { return k.url + "/realms/staff" }

// token gets an access token of a realm.
func (k *keycloak) token(realm string, form url.Values) string {
	k.t.Helper()
	response, err := http.DefaultClient.PostForm(k.url+"/realms/"+realm+"/protocol/openid-connect/token", form)
	if err != nil {
		k.t.Fatal(err)
	}
	body := bodyOf(k.t, response)
	got := read[tokens](k.t, body)
	if got.Access == "" {
		k.t.Fatalf("Keycloak gives no token: %d %s", response.StatusCode, body)
	}
	return got.Access
}

// program gets a token for a client, by its own credentials.
func (k *keycloak) program(client string) string {
	k.t.Helper()
	return k.token("staff", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {client}, "client_secret": {client + "-secret"},
	})
}

func (k *keycloak) person(name string) string {
	k.t.Helper()
	return k.token("staff", url.Values{
		"grant_type": {"password"}, "client_id": {"app"}, "username": {name}, "password": {name + "-password"},
	})
}

// administer sends a request to Keycloak's administration.
func (k *keycloak) administer(method, path string, body any) *http.Response {
	k.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		k.t.Fatal(err)
	}
	request := newRequestTo(k.t, method, k.url+"/admin/realms/staff"+path, string(text))
	request.Header.Set("Authorization", "Bearer "+k.token("master", url.Values{
		"grant_type": {"password"}, "client_id": {"admin-cli"}, "username": {"admin"}, "password": {"admin-password"},
	}))
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode >= 300 {
		k.t.Fatalf("%s %s: %+v, %v", method, path, response, err)
	}
	k.t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// key is a provider of keys that publishes its key and signs with it if it is active.
func key(active string) map[string]any {
	return map[string]any{
		"name": "next", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
		"config": map[string][]string{"priority": {"200"}, "enabled": {"true"}, "active": {active}, "algorithm": {"RS256"}},
	}
}

// addKey publishes a key that signs nothing yet, and returns its id.
func (k *keycloak) addKey() string {
	k.t.Helper()
	location, err := k.administer("POST", "/components", key("false")).Location()
	if err != nil {
		k.t.Fatal(err)
	}
	_, id, _ := strings.Cut(location.Path, "/components/")
	k.key = "/components/" + id
	known := read[struct {
		Keys []struct{ Kid, ProviderID string }
	}](k.t, bodyOf(k.t, k.administer("GET", "/keys", nil)))
	for _, each := range known.Keys {
		if each.ProviderID == id {
			return each.Kid
		}
	}
	k.t.Fatalf("Keycloak has no key of %s: %v", id, known)
	return ""
}

// activateKey signs with the key that was added.
func (k *keycloak) activateKey() {
	k.t.Helper()
	k.administer("PUT", k.key, key("true"))
}

// keyOf is the id of the key that signed a token.
func (k *keycloak) keyOf(token string) string {
	k.t.Helper()
	header, _, _ := strings.Cut(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil {
		k.t.Fatal(err)
	}
	return read[struct{ Kid string }](k.t, string(text)).Kid
}
