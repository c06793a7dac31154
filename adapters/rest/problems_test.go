package rest

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

var update = flag.Bool("update", false, "write docs/problems.md")

// documented is docs/problems.md.
func documented() string {
	var b strings.Builder
	b.WriteString("# Problems\n\nA failed request gets a document of RFC 9457, `application/problem+json`. Its `type` leads here.\n" +
		"The status is 400 for input that can't be parsed, and 422 for input that violates the schema or a rule.\n" +
		"`errors` lists every fault that has a place: a JSON pointer into the body, or a parameter.\n" +
		"\nThis file is written by `go test ./adapters/rest -update`.\n")
	for _, entry := range catalogue {
		fmt.Fprintf(&b, "\n## %s\n\n**%d. %s.**\n\nCause: %s\n\nCure: %s\n", entry.slug, entry.status, entry.title, entry.cause, entry.cure)
	}
	return b.String()
}

func TestEveryProblemIsDocumented(t *testing.T) {
	const path = "../../docs/problems.md"
	if *update {
		if err := os.WriteFile(path, []byte(documented()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != documented() {
		t.Error("docs/problems.md differs from the catalogue; run go test ./adapters/rest -update")
	}
}

func TestTheCatalogueIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for i, entry := range catalogue {
		if entry.slug == "" || seen[entry.slug] || entry.status < 400 || entry.title == "" || entry.cause == "" || entry.cure == "" {
			t.Errorf("entry %d is incomplete or a duplicate: %+v", i, entry)
		}
		seen[entry.slug] = true
	}
}

func TestEveryKindOfErrorHasAStatus(t *testing.T) {
	for kind, status := range map[domain.Kind]int{
		domain.Invalid: 422, domain.NotFound: 404, domain.Conflict: 409, domain.Stale: 412,
		domain.Denied: 403, domain.Unavailable: 503, "a kind of tomorrow": 500,
	} {
		if got := kindOf(kind, "a reason of tomorrow").status(); got != status {
			t.Errorf("%s is answered with %d, not %d", kind, got, status)
		}
	}
}
