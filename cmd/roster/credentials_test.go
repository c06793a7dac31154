package main

import (
	"strings"
	"testing"
)

// bearer is the header of a request with a token.
func bearer(token string) string { return "Authorization: Bearer " + token }

// newKey makes an API key with the scope admin. It returns its token, and what the
// command says besides.
func newKey(t *testing.T, environ []string, name string) (token, problems string) {
	t.Helper()
	code, token, problems := roster(t, environ, "key", "create", "--name", name, "--scope", "admin")
	if code != exitDone {
		t.Fatalf("no key is made: %s", problems)
	}
	return strings.TrimSpace(token), problems
}
