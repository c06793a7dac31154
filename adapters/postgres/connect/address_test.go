package connect

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// target is what a config connects to.
type target struct {
	host, database, user, password string
	port                           uint16
	others                         []string
	encrypted                      bool
	parameters                     map[string]string
}

func targetOf(c *pgx.ConnConfig) target {
	t := target{
		host: c.Host, port: c.Port, database: c.Database, user: c.User, password: c.Password,
		encrypted: c.TLSConfig != nil, parameters: c.RuntimeParams,
	}
	for _, other := range c.Fallbacks {
		t.others = append(t.others, other.Host)
	}
	return t
}

var addresses = []string{
	"postgres://u:p@h:1/d", "postgresql://u@h/d?sslmode=disable", "postgres://u:p%40%25%2f@h1:1,h2:2/d?sslmode=disable",
	"postgres://u@[::1]:5433/d", "postgres://u@/d?host=/run/pg&port=6", "postgres://u@h", "postgres://u@h?application_name=a%20b",
	"postgres://h/d?user=u&password=p", "postgres://u@h/d?ssl=true", "postgres://u@h1,h2/d?target_session_attrs=read-write",
	`host=h port=1 dbname=d user=u password='it\'s'`, "host=h user=u password=a\\ b sslmode=require", "user=u  host = h",
	"postgres://u@%2Frun%2Fpg/d", "postgres://u@h/d?default_query_exec_mode=exec",
}

func TestAnAddressMeansWhatItMeansToTheDriver(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	for _, address := range addresses {
		want, err := pgx.ParseConfig(address)
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		want.RuntimeParams["timezone"] = "UTC"
		got, err := Parse(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if got, want := targetOf(got.ConnConfig), targetOf(want); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, not %+v", address, got, want)
		}
		if got.ConnConfig.DefaultQueryExecMode != want.DefaultQueryExecMode {
			t.Errorf("%s has another way to send queries", address)
		}
	}
}

func TestNeitherVariablesNorFilesChangeAnAddress(t *testing.T) {
	short := []string{"postgres://h/d", "host=h", "postgres:///", "dbname=d"}
	home := t.TempDir()
	t.Setenv("HOME", home)
	before := map[string]target{}
	for _, address := range append(short, addresses...) {
		c, err := Parse(address)
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		before[address] = targetOf(c.ConnConfig)
	}
	for _, file := range []string{
		".pgpass", ".pg_service.conf", ".postgresql/root.crt", ".postgresql/postgresql.crt", ".postgresql/postgresql.key",
	} {
		path := filepath.Join(home, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("*:*:*:*:secret"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range Variables() {
		if name != "PGSERVICE" {
			t.Setenv(name, "7") // most are refused by the driver if it reads them
		}
	}
	for address, want := range before {
		c, err := Parse(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if got := targetOf(c.ConnConfig); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, and as %+v without variables", address, got, want)
		}
	}
}

func TestAServiceIsNamed(t *testing.T) {
	t.Setenv("PGSERVICE", "none")
	wantError(t, "postgres://u@h/d", "PGSERVICE", "unset it")
}

func TestEveryParameterThatIsNotTakenIsNamedWithWhatToDo(t *testing.T) {
	t.Parallel()
	for address, parts := range map[string][]string{
		"postgres://u@h/d?schema=public&pgbouncer=true&connection_limit=5": {"schema (remove", "pgbouncer (remove", "ROSTER_POOL_MAX_CONNS"},
		"host=h user=u schema=public pool_max_conns=5":                     {"schema (remove", "ROSTER_POOL_MAX_CONNS"},
		"postgres://u@h/d?statement_timeout=1&lock_timeout=1":              {"ROSTER_STATEMENT_TIMEOUT", "ROSTER_LOCK_TIMEOUT"},
		"postgres://u@h/d?sslmode=no-verify&foo=1":                         {"foo (remove", "sslmode=require"},
		"postgres://u@h/d?sslmode=mars":                                    {"disable, allow, prefer, require, verify-ca, verify-full"},
		"postgres://u@h/d?options=-c%20search_path%3Dx&work_mem=1":         {"options (remove", "work_mem (remove", "ALTER ROLE"},
		"postgres://u@h/d?service=x":                                       {"service (write"},
		"postgres://u@h/d?ssl=1":                                           {"ssl (write sslmode=require"},
		"postgres://u@h/d?target_session_attrs=x":                          {"target_session_attrs"},
		"postgres://u@h/d?schema":                                          {"schema=VALUE"},
		"postgres://u:50%@h/d":                                             {"%25"},
		"postgres://u:p@h:80d/d":                                           {"port"},
		"roster":                                                           {"postgres://user:password@host/database"},
		"host='h":                                                          {"quote"},
	} {
		wantError(t, address, parts...)
	}
}

func wantError(t *testing.T, address string, parts ...string) {
	t.Helper()
	_, err := Parse(address)
	if err == nil {
		t.Errorf("%s is taken", address)
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %q is not in: %v", address, part, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%s: the error has several lines: %v", address, err)
	}
}

func TestAnErrorHoldsNoPassword(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"postgres://u:s3cret@h:x/d", "postgres://u:s3cret@h/d?sslmode=bad", "postgres://u:s3cret%@h/d", "host=h user=u password=s3cret port=x",
		"host=h user=u password='s3 cret' require_auth=bad",
	} {
		if _, err := Parse(address); err == nil || strings.Contains(err.Error(), "s3") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
