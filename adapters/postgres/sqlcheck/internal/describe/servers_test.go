package describe_test

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

//go:embed testdata/schema.sql
var schema string

var library = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, schema, pgx.QueryExecModeSimpleProtocol)
	return err
})

// moreServers names further servers to test on, of other versions: addresses,
// or folders of PostgreSQL's programs, parted by commas.
const moreServers = "SQLCHECK_TEST_SERVERS"

// onEachServer runs a test on a new library on the usual server, on those that
// the environment names, and on the other versions that are installed. A
// server that is named and can't be had is a failure.
func onEachServer(t *testing.T, test func(t *testing.T, conn *pgx.Conn)) {
	t.Helper()
	t.Run("usual", func(t *testing.T) { test(t, connect(t, library.Database(t))) })
	named := strings.FieldsFunc(os.Getenv(moreServers), func(r rune) bool { return r == ',' })
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // fails only for a malformed pattern
	if len(installed) > 1 {
		named = append(named, installed...)
	}
	for _, place := range named {
		t.Run(place, func(t *testing.T) { test(t, connect(t, libraryOn(t, place))) })
	}
}

// libraryOn makes a library on a server and returns its address.
func libraryOn(t *testing.T, place string) string {
	t.Helper()
	if !strings.Contains(place, "://") {
		server := pgtest.StartServer(t, func(o *embedded.Options) { o.BinDir = place })
		place = server.URL("postgres")
	}
	admin := connect(t, place)
	name := fmt.Sprintf("sqlcheck_test_%d", os.Getpid())
	execute(t, admin, "CREATE DATABASE "+name)
	t.Cleanup(func() {
		if _, err := admin.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	address, err := url.Parse(place)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	execute(t, connect(t, address.String()), schema)
	return address.String()
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, text string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), text, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}
