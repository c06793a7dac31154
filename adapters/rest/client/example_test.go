package client_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/roster-directory/roster/adapters/rest/client"
)

const ada = `{"id":"01890a5d-ac96-774b-bcce-b302099a8057","username":"ada","email":"ada@example.com","display_name":"Ada",` +
	`"attributes":{},"status":"active","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","version":1}`

// answering is a server that gives every request the same response. Package
// resttest tests the client against Roster itself.
func answering(status int, mediaType, body string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("ETag", `"1"`)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
}

func Example() {
	server := answering(http.StatusOK, "application/json", ada)
	defer server.Close()

	roster, err := client.NewClientWithResponses(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	id := uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8057")
	response, err := roster.GetUserWithResponse(context.Background(), id, nil)
	switch {
	case err != nil:
		fmt.Println("Roster can not be reached:", err)
	case response.ApplicationProblemJSONDefault != nil:
		fmt.Println("Roster refused:", response.ApplicationProblemJSONDefault.Detail)
	case response.JSON200 != nil:
		fmt.Println(*response.JSON200.Username, "has the version", response.HTTPResponse.Header.Get("ETag"))
	}
	// Output: ada has the version "1"
}

func ExampleWithToken() {
	roster, err := client.NewClientWithResponses("https://roster.example.com",
		client.WithToken(os.Getenv("TOKEN")))
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := roster.GetCallerWithResponse(context.Background())
	if err == nil && response.JSON200 != nil {
		fmt.Println("Roster knows the caller as", response.JSON200.Subject)
	}
}

// A source of golang.org/x/oauth2 keeps an access token until it expires.
func ExampleWithTokenSource() {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Header.Get("Authorization"))
	}))
	defer server.Close()
	source := accessTokens{} // such as clientcredentials.Config.TokenSource(ctx)

	roster, err := client.NewClientWithResponses(server.URL,
		client.WithTokenSource(func(context.Context) (string, error) {
			token, err := source.Token()
			if err != nil {
				return "", err
			}
			return token.AccessToken, nil
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := roster.GetCallerWithResponse(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output: Bearer header.claims.signature
}

// accessTokens has the methods of an oauth2.TokenSource.
type accessTokens struct{}

type accessToken struct{ AccessToken string }

func (accessTokens) Token() (*accessToken, error) {
	return &accessToken{AccessToken: "header.claims.signature"}, nil
}

// A patch changes only the fields that it names. Null removes a value.
func ExampleClientWithResponses_PatchUserWithResponse() {
	server := answering(http.StatusPreconditionFailed, "application/problem+json",
		`{"type":"https://github.com/roster-directory/roster/blob/main/docs/problems.md#stale","title":"The version has changed",`+
			`"status":412,"detail":"the user is at version 2, not 1; read it again and decide again","request_id":"1"}`)
	defer server.Close()

	roster, err := client.NewClientWithResponses(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	version := `"1"`
	id := uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8057")
	response, err := roster.PatchUserWithResponse(context.Background(), id, &client.PatchUserParams{IfMatch: &version},
		client.UserPatch{ExternalID: nullable.NewNullNullable[client.ExternalID]()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.StatusCode(), response.ApplicationProblemJSONDefault.Detail)
	// Output: 412 the user is at version 2, not 1; read it again and decide again
}

func TestAddressLiteralsAreRead(t *testing.T) {
	server := answering(http.StatusOK, "application/json", `{"email":"ada@[127.0.0.1]"}`)
	defer server.Close()
	roster, err := client.NewClientWithResponses(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	response, err := roster.GetUserWithResponse(t.Context(), uuid.Nil, nil)
	if err != nil || *response.JSON200.Email != "ada@[127.0.0.1]" {
		t.Errorf("got %+v, %v", response, err)
	}
}
