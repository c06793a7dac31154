package doctest_test

import (
	"strings"
	"testing"
)

func TestNamesThatDoNotExistAreFound(t *testing.T) {
	k := everything(t)
	for text, want := range map[string]string{
		"adapters/postgres/coalesce":            "there is no adapters/postgres/coalesce",
		"adapters/postgres/serach":              "there is no adapters/postgres/serach; did you mean adapters/postgres/search?",
		"postgres/row_locks.go":                 "there is no postgres/row_locks.go; did you mean adapters/postgres/row_locks.go?",
		"row_lokcs.go":                          "there is no file row_lokcs.go",
		"migrations/00001_users.sql":            "there is no migrations/00001_users.sql",
		"roster.search_words":                   "the schema has no roster.search_words",
		"roster.users.serach":                   "the schema has no roster.users.serach; did you mean users.search?",
		"roster.stagings_*":                     "the schema has no roster.stagings_*",
		"users.by_name":                         "there is no column or query users.by_name; did you mean",
		"users_newst":                           "nothing in the code is named users_newst; did you mean users_newest?",
		"ROSTER_POOL_MAX_CONN":                  "there is no setting ROSTER_POOL_MAX_CONN; did you mean ROSTER_POOL_MAX_CONNS?",
		"make tets":                             "the Makefile has no target tets; did you mean test?",
		"roster engagment check":                "roster has no command engagment; did you mean engagement?",
		"roster engagement chek":                "roster has no command engagement chek; did you mean check?",
		"bin/roster import people --strickt":    "roster has no flag --strickt; did you mean --strict?",
		"sqlcheck plan":                         "sqlcheck has no command plan; did you mean plans?",
		"go run ./cmd/sqlcheck plans -acept":    "sqlcheck has no flag -acept; did you mean -accept?",
		"--strickt":                             "there is no flag --strickt; did you mean --strict?",
		"postgres.Opne":                         "package postgres has no Opne; did you mean Open?",
		"coalesce.Queue":                        "no package is named coalesce",
		"app.Users.Creat":                       "package app has no Users.Creat; did you mean Users.Create?",
		"API.Wrap":                              "no type has API.Wrap",
		"GET /user":                             "docs/openapi.yaml has no GET /user; did you mean GET /users?",
		"/users/{id}/undelete":                  "docs/openapi.yaml has no /users/{id}/undelete",
		"http://127.0.0.1:3000/report":          "docs/openapi.yaml has no /report",
		"#importnig":                            "there is no problem importnig; did you mean importing?",
		"github.com/roster-directory/roster/ap": "there is no ap; did you mean app?",
		"github.com/example/unheard":            "no code imports github.com/example/unheard",
	} {
		got := strings.Join(k.faults("README.md", span{1, text, "`"}, names{}), "; ")
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestNamesInBlocksAreLookedAt(t *testing.T) {
	k := everything(t)
	for _, c := range []struct{ fence, text, want string }{
		{"sh", "DATABASE_URL=postgres://u@h/d roster migrate upp && make", "roster has no command migrate upp; did you mean up?"},
		{"console", "$ go tool sqlcheck prepair", "sqlcheck has no command prepair; did you mean prepare?"},
		{"sh", "curl http://127.0.0.1:3000/user", "docs/openapi.yaml has no /user; did you mean /users?"},
		{"sql grants", "GRANT SELECT ON roster.evnts TO x", "the schema has no roster.evnts; did you mean events?"},
		{"go", "postgres.Opne(ctx)", "package postgres has no Opne; did you mean Open?"},
		{"text", "ROSTER_ADR", "there is no setting ROSTER_ADR; did you mean ROSTER_ADDR?"},
	} {
		if got := strings.Join(k.faults("README.md", span{1, c.text, c.fence}, names{}), "; "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestNamesOutsideOfCodeAreLookedAt(t *testing.T) {
	got := loose("Set ROSTER_X, see [a/b.go](c.go), `d.go`\nand roster.gone or e_f, not e. f.\n")
	want := []string{"ROSTER_X", "a/b.go", "roster.gone", "e_f"}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i, each := range want {
		if got[i].text != each {
			t.Errorf("got %v, want %v", got[i].text, each)
		}
	}
}

func TestNamesThatExistAreNoFaults(t *testing.T) {
	k := everything(t)
	for _, text := range []string{
		"adapters/postgres", "row_locks.go", "adapters/postgres/*_queries.go", "./internal/...", "roster.users",
		"roster.users.search", "roster.staging_*", "users.by_ids", "users.search_name", "users.search", "users_newest",
		"rollup_events_after_insert", "plan_cache_mode", "ROSTER_LOG=debug", "DATABASE_URL", "make test", "make",
		"HISTORY=200000 make test-history", "roster migrate up", "roster import FOLDER --strict", "roster serve --no-migrate",
		"sqlcheck help check", "sqlcheck plans -accept", "--strict", "postgres.Open", "app.Users.Create", "sqlcheck.Opt[T]",
		"pgxpool.Pool", "net/http", "GET /users/{id}", "GET /users/1?fields=id", "HEAD /users", "/bulk/users",
		"http://127.0.0.1:3000/docs", "#importing", "github.com/roster-directory/roster/app", "golang.org/x/text/unicode/norm",
		"~/.cache", "$XDG_CACHE_HOME/roster", "/var/cache/roster",
	} {
		for _, fault := range k.faults("README.md", span{1, text, "`"}, names{}) {
			t.Errorf("%s: %s", text, fault)
		}
	}
}
