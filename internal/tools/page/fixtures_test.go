package page_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/roster-directory/roster/internal/tools/page/server"
)

// ask sends a request to Roster as the test itself, which must succeed, and decodes the
// response.
func ask[T any](t *testing.T, roster *server.Roster, method, path, body string, headers ...string) T {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, roster.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d, %v: %s", method, path, response.StatusCode, err, content)
	}
	var value T
	if len(content) > 0 {
		if err := json.Unmarshal(content, &value); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, content)
		}
	}
	return value
}

// user is a user as Roster stores it.
type user struct {
	ID          string         `json:"id"`
	Username    string         `json:"username"`
	Email       string         `json:"email"`
	DisplayName string         `json:"display_name"`
	Status      string         `json:"status"`
	Attributes  map[string]any `json:"attributes"`
	Version     int            `json:"version"`
}

func userNamed(t *testing.T, roster *server.Roster, username string) user {
	t.Helper()
	found := ask[[]user](t, roster, "GET", "/users?username="+username, "")
	if len(found) != 1 {
		t.Fatalf("there are %d users with the username %s", len(found), username)
	}
	return found[0]
}

// addUser adds a user with a display name.
func addUser(t *testing.T, roster *server.Roster, username, name string) user {
	t.Helper()
	body, err := json.Marshal(map[string]string{"username": username, "email": username + "@example.com", "display_name": name})
	if err != nil {
		t.Fatal(err)
	}
	return ask[user](t, roster, "POST", "/users", string(body))
}

// addOrganization adds an organization on a plan with a few seats, and returns its id.
func addOrganization(t *testing.T, roster *server.Roster, name string, seats string, owner user) string {
	t.Helper()
	ask[any](t, roster, "PUT", "/plans/small", `{"name":"Small","seats":`+seats+`}`)
	body := `{"name":"` + name + `","slug":"` + strings.ToLower(name) + `","plan":"small","owner":"` + owner.ID + `"}`
	return ask[struct{ ID string }](t, roster, "POST", "/organizations", body).ID
}

// refused fails the test if Roster accepts a token.
func refused(t *testing.T, roster *server.Roster, token string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, roster.URL+"/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a token that should be refused gets %d", response.StatusCode)
	}
}
