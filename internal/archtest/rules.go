package archtest

import (
	"maps"
	"slices"
	"strings"
)

// mayImport says which layers each layer's code imports beside its own.
var mayImport = map[string][]string{
	"domain":     {},
	"ports":      {"domain"},
	"app":        {"domain", "ports"},
	"migrations": {},
	"adapters":   {"domain", "ports", "app", "migrations"},
	"cmd":        {"domain", "ports", "app", "migrations", "adapters"},
	"internal":   {"domain", "ports", "app", "migrations", "adapters", "cmd"},
}

func layerNames() []string { return slices.Sorted(maps.Keys(mayImport)) }

// mayAlsoImport are the adapters that know another one, by name.
var mayAlsoImport = map[string][]string{
	// Tests run on the server that Roster brings along.
	"adapters/postgres/pgtest": {"adapters/embedded"},
	// Streams have the formats of files, and the feed of the log that of webhooks.
	"adapters/rest":          {"adapters/dataset", "adapters/cloudevents"},
	"adapters/rest/resttest": {"adapters/cloudevents"},
	"adapters/webhook":       {"adapters/cloudevents"},
}

// floors are the packages of an adapter, from the ground up. Each imports only
// packages below it. The adapter's own package is named ".".
var floors = map[string][]string{
	"adapters/postgres": {
		"batch", "sqlcheck", "connect", "schema", "migrate", "internal/database", "internal/rows", "search", "bulk", "backup", ".",
	},
	"adapters/rest": {
		"negotiation", "guard", "tracecontext", "rates", "staticfile", "reference", "admin", "client", ".", "ginedge", "stdedge",
	},
}

// standardOnly are the packages that import the standard library and nothing else.
var standardOnly = []string{"adapters/postgres/batch", "adapters/rest/negotiation", "adapters/rest/guard", "adapters/rest/tracecontext"}

// generic are the adapters that know nothing of Roster, so that another service
// can take them as they are.
var generic = []string{"adapters/postgres/sqlcheck", "adapters/postgres/batch", "adapters/embedded"}

// testSupport are the packages that only tests import; they may import what
// tests do.
var testSupport = []string{
	"ports/portsmock",
	"ports/porttest",
	"adapters/postgres/pgtest",
	"internal/testdb",
	"adapters/rest/resttest",
}

// testsMayImport are the packages that tests of any layer may import.
var testsMayImport = append([]string{"adapters/embedded", "internal/history"}, testSupport...)

// testPackages are others' packages that only tests import.
var testPackages = []string{
	"testing", "net/http/httptest", "go.uber.org/goleak", "pgregory.net/rapid",
	"github.com/getkin/kin-openapi", "github.com/rogpeppe/go-internal/testscript",
}

// pureness says what a layer takes from outside Roster.
type pureness struct {
	layer     string
	libraries []string
	refused   []string // standard packages, with those below them
}

func (p pureness) says() string {
	if len(p.libraries) == 0 {
		return p.layer + " imports the standard library only"
	}
	return p.layer + " imports the standard library and " + strings.Join(p.libraries, ", ") + " only"
}

var purity = map[string]pureness{
	"domain": {"domain", []string{"golang.org/x/text/unicode/norm"}, append([]string{"context", "sync", "io/fs"}, outside...)},
	"ports":  {"ports", nil, outside},
	"app":    {"app", nil, outside},
}

// outside are the standard packages that reach outside the process, draw
// randomness or speak a protocol.
var outside = []string{
	"crypto/rand", "crypto/tls", "database", "embed", "expvar", "flag", "html", "log", "math/rand", "mime",
	"net/http", "net/mail", "net/rpc", "net/smtp", "net/textproto", "os", "plugin", "runtime", "syscall", "testing", "text/template", "unsafe",
}

// confine keeps a library in the folders that hide it.
type confine struct {
	library  string
	folders  []string
	testsToo bool // tests elsewhere may import it
}

var confinement = []confine{
	{library: "github.com/Masterminds/squirrel", folders: []string{"adapters/postgres"}},
	// largedirectory copies whole files into a scratch database, expectedschema grants
	// there, and bench asks PostgreSQL what others ask it.
	{
		library:  "github.com/jackc/pgx",
		folders:  []string{"adapters/postgres", "adapters/embedded", "internal/largedirectory", "internal/expectedschema", "internal/bench"},
		testsToo: true,
	},
	// sqlcheck migrates scratch databases, and being generic can't ask migrate to.
	{library: "github.com/pressly/goose", folders: []string{"adapters/postgres/migrate", "adapters/postgres/sqlcheck"}},
	{library: "database/sql", folders: []string{"adapters/postgres"}},
	{library: "github.com/gin-gonic/gin", folders: []string{"adapters/rest/ginedge"}},
	{library: "github.com/golang-jwt/jwt", folders: []string{"adapters/oidc"}},
	{library: "github.com/MicahParks/jwkset", folders: []string{"adapters/oidc"}},
	{library: "golang.org/x/time", folders: []string{"adapters/rest/rates"}},
	{library: "github.com/google/wire", folders: []string{"cmd"}},
	{library: "github.com/KimMachineGun/automemlimit", folders: []string{"cmd/roster"}},
	{library: "github.com/spf13/pflag", folders: []string{"cmd/roster/flags"}},
}
