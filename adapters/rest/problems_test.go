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
	b.WriteString("# Problems\n\nEvery failure is answered with a document of RFC 9457, `application/problem+json`. Its `type` leads here.\n" +
		"What can't be parsed is 400; what parses, but breaks the schema or a rule, is 422.\n" +
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
		t.Error("docs/problems.md is not what the catalogue says; run go test ./adapters/rest -update")
	}
}

func TestTheCatalogueIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for i, entry := range catalogue {
		if entry.slug == "" || seen[entry.slug] || entry.status < 400 || entry.title == "" || entry.cause == "" || entry.cure == "" {
			t.Errorf("entry %d is not whole, or stands twice: %+v", i, entry)
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
