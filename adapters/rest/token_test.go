package rest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

// FuzzBearerHeadersAreReadStrictly reads headers Authorization. What is no token of
// one word is refused, and the refusal shows nothing of the header.
func FuzzBearerHeadersAreReadStrictly(f *testing.F) {
	for _, seed := range []string{
		"", "Bearer", "Bearer ", "Bearer a", "bearer  a ", "BEARER a b", "Basic YTpi", "Bearer a,b", "Bearer\ta", " Bearer a", "Bearer a\x00",
		"Bearer roster_02tcRIyrxLXTR81B3dqdOx_000000000000000000000000000000000000000000006k2pG", "Bearer eyJhbGciOiJub25lIn0.e30.",
	} {
		f.Add(seed, "")
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		header := http.Header{"Authorization": {first}}
		if second != "" {
			header.Add("Authorization", second)
		}
		token, err := bearerToken(header)
		if err == nil {
			scheme, rest, _ := strings.Cut(first, " ")
			if second != "" || !strings.EqualFold(scheme, "bearer") || strings.Trim(rest, " ") != token ||
				strings.ContainsAny(token, " ,") || token == "" {
				t.Fatalf("%q and %q are read as %q", first, second, token)
			}
			if _, err = domain.ParseAPIToken(token); err == nil {
				return
			}
		}
		c := challenge{tokens: true, resource: &ResourceMetadata{}}
		problem := problemOf(err)
		told := strings.Join(c.header(&http.Request{Host: "localhost"}, problem), "")
		if problem.kind != kindUnauthenticated || strings.Count(told, `"`)%2 != 0 || strings.ContainsAny(told, "\r\n") {
			t.Fatalf("%q is refused by %+v and %q", first, problem, told)
		}
		if len(token) > 24 && strings.Contains(problem.detail+told, token) {
			t.Fatalf("the refusal of %q shows it: %s %s", first, problem.detail, told)
		}
	})
}
