package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/embedded/scratch"
	"github.com/roster-directory/roster/adapters/embedded/watchdog"
)

// poolerVariable is the pool_mode of a PgBouncer that tests use the database through:
// session or transaction. Without it there is none.
const poolerVariable = "ROSTER_TEST_PGBOUNCER"

// Transactional reports whether tests use the database through a pooler that lends
// its connections for a transaction.
func Transactional() bool { return os.Getenv(poolerVariable) == "transaction" }

// Pooled returns the address of a database through PgBouncer, if ROSTER_TEST_PGBOUNCER
// says so; else the address itself. It is for what is tested: a test's own connections
// need none.
func Pooled(t testing.TB, address string) string {
	t.Helper()
	mode := os.Getenv(poolerVariable)
	if mode == "" || address == "" {
		return address
	}
	pooled, err := poolers.through(t.Context(), address, mode)
	if err != nil {
		t.Fatalf("PgBouncer before the tests' PostgreSQL: %v", err)
	}
	return pooled
}

// poolers has the pooler of this process, before the shared server.
var poolers lazyPooler

type lazyPooler struct {
	mu    sync.Mutex
	files *scratch.Folder
	dog   *watchdog.Watchdog
	query url.Values // where it listens
}

func (p *lazyPooler) through(ctx context.Context, address, mode string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	target, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	if p.files == nil {
		if err := p.start(ctx, target, mode); err != nil {
			return "", err
		}
	}
	target.Host, target.RawQuery = "", p.query.Encode()
	return target.String(), nil
}

// runPooler runs PgBouncer until this process has ended, then removes its folder.
const runPooler = `
"$1" $2 "$3/pgbouncer.ini" >/dev/null 2>"$3/errors" &
read -r _
kill $! 2>/dev/null
wait
rm -rf "$3"`

func (p *lazyPooler) start(ctx context.Context, target *url.URL, mode string) error {
	program, err := pgbouncer()
	if err != nil {
		return err
	}
	settings, err := poolerFile(target, mode)
	if err != nil {
		return err
	}
	if p.files, err = scratch.New(); err != nil {
		return err
	}
	if err := os.Chmod(p.files.Path, 0o777); err != nil { // PgBouncer runs as another user and makes its socket here
		return err
	}
	settings += "unix_socket_dir = " + p.files.Path + "\nlogfile = " + filepath.Join(p.files.Path, "log") + "\n"
	if err := os.WriteFile(filepath.Join(p.files.Path, "pgbouncer.ini"), []byte(settings), 0o644); err != nil {
		return err
	}
	as := ""
	if os.Geteuid() == 0 {
		as = "--user=postgres" // PgBouncer refuses root
	}
	if p.dog, err = watchdog.Start(runPooler, program, as, p.files.Path); err != nil {
		return err
	}
	p.query = url.Values{"host": {p.files.Path}, "port": {"6432"}}
	return p.await(ctx, target.Path)
}

// await waits until PgBouncer takes connections.
func (p *lazyPooler) await(ctx context.Context, database string) error {
	address := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: database, RawQuery: p.query.Encode()}
	for {
		conn, err := pgx.Connect(ctx, address.String())
		if err == nil {
			return conn.Close(ctx)
		}
		said, _ := os.ReadFile(filepath.Join(p.files.Path, "errors"))
		if log, _ := os.ReadFile(filepath.Join(p.files.Path, "log")); ctx.Err() != nil || strings.Contains(string(said)+string(log), "FATAL") {
			return fmt.Errorf("%w; it says: %s%s", err, said, log)
		}
	}
}

func (p *lazyPooler) stop() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.files == nil {
		return nil
	}
	p.dog.End()
	return p.files.Remove()
}

// pgbouncer finds the program, which packages put where only root looks.
func pgbouncer() (string, error) {
	if path, err := exec.LookPath("pgbouncer"); err == nil {
		return path, nil
	}
	const packaged = "/usr/sbin/pgbouncer"
	if _, err := os.Stat(packaged); err != nil {
		return "", errors.New("it is not installed: install your system's package pgbouncer")
	}
	return packaged, nil
}

var (
	recipe       = regexp.MustCompile("(?s)```ini\n(\\[databases\\].*?)```")
	connectQuery = regexp.MustCompile(`connect_query='[^']*'`)
	milliseconds = regexp.MustCompile(`timeout = \d+`)
)

// poolerFile is the file of docs/operations.md, with the server of the tests and
// without time limits.
func poolerFile(target *url.URL, mode string) (string, error) {
	text, err := operations()
	if err != nil {
		return "", err
	}
	found := recipe.FindStringSubmatch(text)
	if found == nil {
		return "", errors.New("docs/operations.md has no pgbouncer.ini")
	}
	_, settings, _ := strings.Cut(found[1], "[pgbouncer]")
	query := milliseconds.ReplaceAllString(connectQuery.FindString(found[1]), "timeout = 0")
	if query == "" || settings == "" {
		return "", errors.New("pgbouncer.ini in docs/operations.md has no connect_query or no section pgbouncer")
	}
	password, _ := target.User.Password()
	return fmt.Sprintf(`[databases]
* = host=%s port=%s user=%s password=%s %s

[pgbouncer]%s
pool_mode = %s
auth_type = any
listen_addr =
max_client_conn = 1000
query_wait_timeout = 0
`, target.Query().Get("host"), target.Query().Get("port"), target.User.Username(), password, query,
		strings.Replace(settings, "auth_file", ";auth_file", 1), mode), nil
}

// operations is the text of docs/operations.md, in a folder above.
func operations() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		text, err := os.ReadFile(filepath.Join(dir, "docs", "operations.md"))
		if err == nil || dir == filepath.Dir(dir) {
			return string(text), err
		}
	}
	return "", err
}
