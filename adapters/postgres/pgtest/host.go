//sqlcheck:allow tests' databases are made and dropped here, by names that can't be parameters

package pgtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"

	"github.com/jackc/pgx/v5"
)

// host is a server to make databases on, by one connection. Its databases are
// named by a number that the connection holds an advisory lock on, so that
// those of a process that was killed are told from those in use.
type host struct {
	base  url.URL
	run   int32
	mu    sync.Mutex
	admin *pgx.Conn
	made  int
}

// lockSpace is the first key of the advisory locks: any number of Roster's own.
const lockSpace = 0x726f7374

// openHost connects to a server and drops what killed processes left on it.
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

// do runs f with the connection, which is made anew if it was lost.
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

// sweep drops the databases whose number nobody holds.
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

// create makes a database like another and returns its name. FILE_COPY took 11 ms
// where WAL_LOG took 17, in memory.
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

func (h *host) drop(ctx context.Context, name string) error {
	return h.do(ctx, func(ctx context.Context) error {
		_, err := h.admin.Exec(ctx, dropText(name))
		return err
	})
}

// url returns the address of a database on the host.
func (h *host) url(database string) string {
	address := h.base
	address.Path = "/" + database
	return address.String()
}

// close drops all that was made and leaves the server.
func (h *host) close(ctx context.Context) error {
	return h.do(ctx, func(ctx context.Context) error {
		return errors.Join(h.dropRun(ctx, h.run), h.admin.Close(ctx))
	})
}
