//sqlcheck:allow tests' databases are made and dropped here, by names that can't be parameters

package pgtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// host makes databases on a server, over one connection. Their names have a number
// on which the connection holds an advisory lock. A number without a lock is that
// of a killed process, whose databases may be dropped.
type host struct {
	base  url.URL
	run   int32
	mu    sync.Mutex
	admin *pgx.Conn
	made  int
}

// lockSpace is the first key of the advisory locks: a number that only Roster uses.
const lockSpace = 0x726f7374

// openHost connects to a server and drops the databases of killed processes.
func openHost(ctx context.Context, address string) (*host, error) {
	base, err := url.Parse(address)
	if err != nil || base.Scheme == "" {
		return nil, errors.New("the server's address is not of the form postgres://user:password@host/database")
	}
	h := &host{base: *base, run: rand.Int32N(1_000_000_000)}
	if err := h.do(ctx, h.sweep); err != nil {
		if h.admin != nil {
			err = errors.Join(err, h.admin.Close(ctx))
		}
		return nil, err
	}
	return h, nil
}

// do runs f with the connection. It connects again if the connection was lost.
func (h *host) do(ctx context.Context, f func(context.Context) error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.admin == nil || h.admin.IsClosed() {
		var err error
		if h.admin, err = pgx.Connect(ctx, h.base.String()); err != nil {
			return err
		}
		if _, err := h.admin.Exec(ctx, "SELECT pg_advisory_lock($1, $2)", lockSpace, h.run); err != nil {
			return err
		}
	}
	return f(ctx)
}

// sweep drops the databases whose number is not locked.
func (h *host) sweep(ctx context.Context) error {
	const free = `
		WITH runs AS MATERIALIZED (
			SELECT DISTINCT substring(datname FROM '^roster_test_([0-9]+)_[0-9]+$')::int AS run
			FROM pg_database WHERE datname ~ '^roster_test_[0-9]{1,9}_[0-9]+$'
		)
		SELECT run FROM runs WHERE pg_try_advisory_lock($1, run)`
	rows, err := h.admin.Query(ctx, free, lockSpace)
	if err != nil {
		return err
	}
	runs, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return err
	}
	for _, run := range runs {
		if err := h.dropRun(ctx, run); err != nil {
			return err
		}
		if _, err := h.admin.Exec(ctx, "SELECT pg_advisory_unlock($1, $2)", lockSpace, run); err != nil {
			return err
		}
	}
	return nil
}

func (h *host) dropRun(ctx context.Context, run int32) error {
	rows, err := h.admin.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", prefix(run))
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := h.admin.Exec(ctx, dropText(name)); err != nil {
			return err
		}
	}
	return nil
}

func prefix(run int32) string { return fmt.Sprintf("roster_test_%d_", run) }

func dropText(name string) string {
	return "DROP DATABASE IF EXISTS " + pgx.Identifier{name}.Sanitize() + " WITH (FORCE)"
}

// create clones a database and returns the clone's name. In memory, FILE_COPY takes
// 12 ms and WAL_LOG 23. There must be no connection to the template.
func (h *host) create(ctx context.Context, template string) (name string, err error) {
	err = h.do(ctx, func(ctx context.Context) error {
		h.made++
		name = fmt.Sprint(prefix(h.run), h.made)
		_, err := h.admin.Exec(ctx, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy",
			pgx.Identifier{name}.Sanitize(), pgx.Identifier{template}.Sanitize()))
		return err
	})
	return name, err
}

// warm makes a database ready to be cloned. The first connection after a change of
// the schema caches parts of the catalog in a file. Clones have that file, too.
func (h *host) warm(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, h.url(name))
	if err != nil {
		return err
	}
	if err := conn.Close(ctx); err != nil {
		return err
	}
	return h.disconnect(ctx, name)
}

// disconnect ends the connections to a database and returns when there are none.
// Without it CREATE DATABASE and DROP DATABASE look for connections every 100 ms,
// and fail after 5 s.
func (h *host) disconnect(ctx context.Context, name string) error {
	const end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'"
	for {
		var left int
		err := h.do(ctx, func(ctx context.Context) error { return h.admin.QueryRow(ctx, end, name).Scan(&left) })
		if err != nil || left == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

func (h *host) drop(ctx context.Context, name string) error {
	if err := h.disconnect(ctx, name); err != nil {
		return err
	}
	return h.do(ctx, func(ctx context.Context) error {
		_, err := h.admin.Exec(ctx, dropText(name))
		return err
	})
}

// url is the address of a database on the host.
func (h *host) url(database string) string {
	address := h.base
	address.Path = "/" + database
	return address.String()
}

// close drops the databases and closes the connection.
func (h *host) close(ctx context.Context) error {
	return h.do(ctx, func(ctx context.Context) error {
		return errors.Join(h.dropRun(ctx, h.run), h.admin.Close(ctx))
	})
}
