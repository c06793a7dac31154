package backup

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/connect"
)

// target is a database, with one connection to it.
type target struct {
	address    string
	pool       *pgxpool.Pool
	connection *pgx.Conn
	release    func()
	version    string
	major      int
}

// open connects to a database. The session has the settings of Roster and no time limits.
func open(ctx context.Context, address string) (*target, error) {
	config, err := connect.Parse(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 1
	connect.Prepare(config, connect.Options{ApplicationName: "roster backup"})
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	connection, err := pool.Acquire(ctx)
	if err != nil {
		pool.Close()
		return nil, err
	}
	t := &target{address: address, pool: pool, connection: connection.Conn(), release: connection.Release}
	t.version, _, _ = strings.Cut(t.connection.PgConn().ParameterStatus("server_version"), " ")
	if t.major, err = strconv.Atoi(leadingDigits(t.version)); err != nil {
		t.close()
		return nil, fmt.Errorf("the server's version is %q: %w", t.version, err)
	}
	return t, nil
}

// leadingDigits is the major version of a version such as 15.18 or 19beta1.
func leadingDigits(version string) string {
	end := strings.IndexFunc(version+".", func(r rune) bool { return r < '0' || r > '9' })
	return version[:end]
}

func (t *target) close() {
	t.release()
	t.pool.Close()
}

// run runs a program of PostgreSQL on the database. The password is in its environment,
// since others can read arguments. Other variables of libpq have no effect.
func (t *target) run(ctx context.Context, program string, in io.Reader, out io.Writer, arguments ...string) error {
	address, password, err := connect.ForPrograms(t.address)
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, program, append(arguments, "--no-password", "--dbname="+address)...)
	command.Env = []string{"LC_ALL=C", "TZ=UTC", "PATH=" + os.Getenv("PATH"), "PGPASSFILE=" + os.DevNull, "PGPASSWORD=" + password}
	command.Stdin, command.Stdout = in, out
	command.WaitDelay = 5 * time.Second
	var problems bytes.Buffer
	command.Stderr = &problems
	if err := runChild(command); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("%s: %w: %s", filepath.Base(program), err, strings.TrimSpace(problems.String()))
	}
	return nil
}

// schema returns the newest migration of the database; 0 if it has none.
func schema(ctx context.Context, tx pgx.Tx) (version int64, err error) {
	var exists bool
	//sqlcheck:allow it reads the catalog
	err = tx.QueryRow(ctx, "SELECT to_regclass('roster.schema_migrations') IS NOT NULL").Scan(&exists)
	if err != nil || !exists {
		return 0, err
	}
	//sqlcheck:allow it is read in the transaction whose snapshot pg_dump shares
	err = tx.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM roster.schema_migrations WHERE is_applied").Scan(&version)
	return version, err
}
