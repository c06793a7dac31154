package main

import (
	"strings"
	"testing"
)

// TestRatesAreLimitedByKey: an export takes the 100 units that a caller has at most, so
// that another must wait for 100 s.
func TestRatesAreLimitedByKey(t *testing.T) {
	t.Parallel()
	environ := []string{"DATABASE_URL=" + migrated.Database(t), "ROSTER_AUTH=token", "ROSTER_RATE=1", "ROSTER_RATE_BURST=100"}
	var tokens []string
	for _, name := range []string{"billing", "payroll"} {
		token, _ := newKey(t, environ, name)
		tokens = append(tokens, bearer(token))
	}
	i := serve(t, environ...)
	got := i.expect(200, "GET", "/bulk/users", "", tokens[0])
	if policy := got.header.Get("RateLimit-Policy"); policy != `"default";q=100;w=100` {
		t.Errorf("RateLimit-Policy is %q", policy)
	}
	got = i.expect(429, "GET", "/bulk/users", "", tokens[0])
	if got.header.Get("Retry-After") == "" || !strings.Contains(got.body, "problems.md#rate") {
		t.Errorf("refused with %v %s", got.header, got.body)
	}
	i.expect(200, "GET", "/bulk/users", "", tokens[1])
	i.expect(401, "GET", "/me", "")
	i.expect(200, "GET", "/readyz", "")
}

func TestRatesNeedTokens(t *testing.T) {
	t.Parallel()
	code, _, problems := roster(t, []string{"ROSTER_RATE=5"}, "config")
	if code != 2 || !strings.Contains(problems, "ROSTER_RATE is 5: set ROSTER_AUTH=token") {
		t.Errorf("exit code %d, %s", code, problems)
	}
}
