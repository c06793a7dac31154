package connect

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Pooling is how a pooler between Roster and PostgreSQL lends its connections.
type Pooling int

// Unknown is before the first connection, and without a pooler.
const (
	Unknown Pooling = iota
	PerSession
	PerTransaction
)

// Pooling returns what the connections have found.
func (s *Sessions) Pooling() Pooling { return Pooling(s.pooling.Load()) }

// beginPooled states the settings of a session behind a pooler that lends its
// connections for a session. One that lends them for a transaction would give the
// settings to others: then the role must have them.
func (s *Sessions) beginPooled(ctx context.Context, c *pgx.Conn, found foundSession) error {
	pooling, err := s.find(ctx, c)
	if err != nil {
		return fmt.Errorf("the pooler before PostgreSQL: %w", err)
	}
	if pooling == PerSession {
		_, err := s.state(ctx, c.PgConn(), always)
		return err
	}
	if len(found.differing) == 0 || s.options.AnySettings {
		return nil
	}
	role := pgx.Identifier{c.Config().User}.Sanitize()
	return fmt.Errorf("the pooler before PostgreSQL lends its connections for a transaction, which loses the settings of a session: "+
		"set pool_mode = session for this database, or state them in its connect_query (docs/operations.md, PgBouncer); "+
		"or run ALTER ROLE %s SET %s; and reconnect the pooler",
		role, strings.Join(found.differing, "; ALTER ROLE "+role+" SET "))
}

// find finds out how the pooler lends its connections, once. begin lets no other
// connection of the pool be made meanwhile.
func (s *Sessions) find(ctx context.Context, conn *pgx.Conn) (Pooling, error) {
	if pooling := s.Pooling(); pooling != Unknown {
		return pooling, nil
	}
	c, config := conn.PgConn(), conn.Config()
	mine := server{c: c, name: ""}
	if config.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		mine.name = "roster_probe"
		//sqlcheck:allow it asks the pooler, not Roster's tables
		if _, err := c.Prepare(ctx, mine.name, serverProcess, nil); err != nil {
			return Unknown, prepareError(err)
		}
		defer func() { _ = c.Deallocate(context.WithoutCancel(ctx), mine.name) }() // an error: it is prepared elsewhere
	}
	shared, err := mine.isShared(ctx, &config.Config)
	if err != nil {
		return Unknown, err
	}
	found := PerSession
	if shared {
		found = PerTransaction
	}
	s.pooling.Store(int32(found))
	return found, nil
}

// probes is how often isShared tries. A pooler may have several idle connections, and
// lend another one each time.
const probes = 8

const serverProcess = "SELECT pg_catalog.pg_backend_pid()"

// server asks for the process at the server that a client of a pooler has.
type server struct {
	c    *pgconn.PgConn
	name string // of a prepared statement; empty to prepare none
}

func (s server) process(ctx context.Context) (string, error) {
	var result *pgconn.Result
	if s.name == "" {
		//sqlcheck:allow it asks the pooler, not Roster's tables
		result = s.c.ExecParams(ctx, serverProcess, nil, nil, nil, []int16{0}).Read()
	} else {
		//sqlcheck:allow it asks the pooler, not Roster's tables
		result = s.c.ExecPrepared(ctx, s.name, nil, nil, []int16{0}).Read()
	}
	if result.Err != nil {
		return "", prepareError(result.Err)
	}
	return string(result.Rows[0][0]), nil
}

// isShared reports whether another client gets the server's process of this one, which
// is idle. In session mode it keeps its process. If the other has it, this one gets
// another, which shows whether the pooler knows prepared statements there.
func (s server) isShared(ctx context.Context, config *pgconn.Config) (bool, error) {
	mine, err := s.process(ctx)
	if err != nil {
		return false, err
	}
	c, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		// In session mode this client may have the pooler's last connection.
		return false, ignoreBusy(err)
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	other := server{c: c}
	for range probes {
		//sqlcheck:allow it asks the pooler, not Roster's tables
		if err := c.Exec(ctx, "BEGIN").Close(); err != nil {
			return false, statementMode(err)
		}
		others, err := other.process(ctx)
		if err != nil {
			return false, err
		}
		now, err := s.process(ctx)
		if err != nil || now != mine || others == mine {
			return true, err
		}
		//sqlcheck:allow it asks the pooler, not Roster's tables
		if err := c.Exec(ctx, "ROLLBACK").Close(); err != nil {
			return false, err
		}
	}
	return false, nil
}

// statementMode explains that a pooler refuses transactions.
func statementMode(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return fmt.Errorf("it refuses transactions: set pool_mode = session or transaction: %w", pg)
	}
	return ignoreBusy(err)
}

// ignoreBusy returns nil for an error that says that the pooler has no connection
// for another client.
func ignoreBusy(err error) error {
	if Transient(err) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// prepareError explains that a pooler forgets prepared statements.
func prepareError(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && (pg.Code == "26000" || pg.Code == "42P05") {
		return fmt.Errorf("it lends its connections for a transaction and does not know prepared statements: "+
			"set ROSTER_STATEMENTS=described, or max_prepared_statements (PgBouncer 1.21 or later), or pool_mode = session: %w", pg)
	}
	return err
}
