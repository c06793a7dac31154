package connect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// startup are the settings that a connection states when it begins. Poolers keep
// them for each client.
var startup = map[string]string{
	"client_encoding": "UTF8", "timezone": "UTC", "datestyle": "ISO, MDY", "standard_conforming_strings": "on",
}

// common are the settings that every session states after its connection is made.
// The first ones decide what statements mean, the others which of them fail.
var common = map[string]string{
	"search_path": "pg_catalog", "intervalstyle": "postgres", "bytea_output": "hex", "extra_float_digits": "1",
	"array_nulls": "on", "transform_null_equals": "off", "gin_fuzzy_search_limit": "0",
	// The rules of memberships rely on it.
	"default_transaction_isolation": "read committed", "default_transaction_deferrable": "off",
	"row_security": "on", "exit_on_error": "off", "client_min_messages": "notice", "idle_session_timeout": "0",
	// Compiling one of Roster's statements takes longer than it saves.
	"jit": "off",
	// Planning most statements takes longer than running them, and the plans for
	// any values are the ones that are checked.
	"plan_cache_mode": "force_generic_plan",
}

// Options are what the sessions of a pool have in common.
type Options struct {
	// ApplicationName is the one of an address that names none.
	ApplicationName string
	// The database ends a statement, a wait for a lock and an idle transaction after
	// these times. 0 is no limit.
	StatementTimeout, LockTimeout, IdleInTransactionTimeout time.Duration
	// ConnectTimeout is how long making a connection may take, and how long stating
	// the settings. 0 is no limit.
	ConnectTimeout time.Duration
	// AnySettings takes a pooler that lends connections for a transaction, even though
	// sessions have other settings then.
	AnySettings bool
}

// Sessions are the sessions of a pool.
type Sessions struct {
	options       Options
	names, values []string

	first   sync.Mutex   // held while the first connection begins
	started atomic.Bool  // whether one has
	pooling atomic.Int32 // a Pooling

	generation  atomic.Int64 // of the connections that are used
	began       time.Time    // of the monotonic clock, which does not jump
	refusedSeen atomic.Int64 // when a write was last refused, in nanoseconds since began
}

// Prepare makes the connections of a pool state their settings. Hooks that the
// config has already still run.
func Prepare(config *pgxpool.Config, options Options) *Sessions {
	s := &Sessions{options: options, began: time.Now()}
	s.refusedSeen.Store(-int64(minRenewal))
	settings := maps.Clone(common)
	settings["statement_timeout"] = milliseconds(options.StatementTimeout)
	settings["lock_timeout"] = milliseconds(options.LockTimeout)
	settings["idle_in_transaction_session_timeout"] = milliseconds(options.IdleInTransactionTimeout)
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		s.names, s.values = append(s.names, name), append(s.values, settings[name])
	}
	config.ConnConfig.ConnectTimeout = options.ConnectTimeout
	parameters := config.ConnConfig.RuntimeParams
	maps.Copy(parameters, startup)
	if parameters["application_name"] == "" {
		parameters["application_name"] = options.ApplicationName
	}
	s.hook(config)
	return s
}

func (s *Sessions) hook(config *pgxpool.Config) {
	onError, after, prepare := config.ConnConfig.OnPgError, config.AfterConnect, config.PrepareConn
	config.ConnConfig.OnPgError = func(c *pgconn.PgConn, err *pgconn.PgError) bool {
		s.noticeRefusal(err.Code)
		return onError == nil || onError(c, err)
	}
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		if err := s.begin(ctx, c); err != nil || after == nil {
			return err
		}
		return after(ctx, c)
	}
	config.PrepareConn = func(ctx context.Context, c *pgx.Conn) (bool, error) {
		if !s.current(c) || prepare == nil {
			return s.current(c), nil
		}
		return prepare(ctx, c)
	}
}

// Prepared returns an error that names a setting of a pool which Prepare was not
// called for.
func Prepared(config *pgxpool.Config) error {
	for name, value := range startup {
		if set := config.ConnConfig.RuntimeParams[name]; set != value {
			return fmt.Errorf("the pool's connections have %s = %q, not %q", name, set, value)
		}
	}
	if config.AfterConnect == nil || config.PrepareConn == nil {
		return fmt.Errorf("the pool's config has no AfterConnect or PrepareConn, which state the settings of sessions")
	}
	return nil
}

// begin checks a new connection and states the settings of its session.
func (s *Sessions) begin(ctx context.Context, c *pgx.Conn) error {
	if s.options.ConnectTimeout > 0 {
		limited, cancel := context.WithTimeout(ctx, s.options.ConnectTimeout)
		defer cancel()
		ctx = limited
	}
	if !s.started.Load() {
		s.first.Lock()
		if s.started.Load() {
			s.first.Unlock()
		} else {
			defer s.first.Unlock()
		}
	}
	c.PgConn().CustomData()[generationKey] = s.generation.Load()
	if encoding := c.PgConn().ParameterStatus("server_encoding"); encoding != "UTF8" {
		return fmt.Errorf("the database's encoding is %s, and Roster needs UTF8: "+
			"make the database with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0", encoding)
	}
	found, err := s.state(ctx, c.PgConn(), onlyDirectly)
	for range maxTimeouts {
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != queryCanceled {
			break
		}
		found, err = s.state(ctx, c.PgConn(), onlyDirectly)
	}
	if err != nil {
		return fmt.Errorf("stating the settings of the session: %w", err)
	}
	if found.replication != "origin" {
		return fmt.Errorf("session_replication_role is %s, which turns Roster's triggers off: "+
			"run ALTER ROLE … RESET session_replication_role, or ALTER DATABASE … RESET session_replication_role", found.replication)
	}
	if !found.direct {
		err = s.beginPooled(ctx, c, found)
	}
	s.started.Store(s.started.Load() || err == nil)
	return err
}

// A default of statement_timeout may be too short even for stating another one. Then
// that is repeated.
const (
	maxTimeouts   = 20
	queryCanceled = "57014"
)

// onlyDirectly and always are when state keeps the settings for the whole session.
const (
	onlyDirectly = "f"
	always       = "t"
)

// statement returns the text that states settings. For each it returns the value before
// and after. Behind a pooler the process at the server is another than that of the
// connection, and the session may be shared with others: then the values end with the
// statement. It reads few catalogs, which a new connection has not cached.
func statement(names, values []string) string {
	var text strings.Builder
	text.WriteString("SELECT pg_catalog.pg_backend_pid() = $1::bigint, pg_catalog.current_setting('session_replication_role')")
	for i, name := range names {
		fmt.Fprintf(&text, ", pg_catalog.current_setting('%[1]s'), "+
			"pg_catalog.set_config('%[1]s', '%[2]s', NOT ($2::boolean OR pg_catalog.pg_backend_pid() = $1::bigint))", name, values[i])
	}
	return text.String()
}

// foundSession is what a session had before state.
type foundSession struct {
	direct      bool
	replication string
	differing   []string // settings that had another value
}

// state states the settings of a session, in one round trip.
func (s *Sessions) state(ctx context.Context, c *pgconn.PgConn, keep string) (found foundSession, err error) {
	names, values := s.names, s.values
	if major(c) >= 17 {
		names, values = append(slices.Clone(names), "transaction_timeout"), append(slices.Clone(values), "0")
	}
	process := strconv.AppendUint(nil, uint64(c.PID()), 10)
	//sqlcheck:allow it is sent before the connection is the pool's, without preparing it
	result := c.ExecParams(ctx, statement(names, values), [][]byte{process, []byte(keep)}, nil, nil, nil).Read()
	for _, row := range result.Rows {
		found.direct, found.replication = string(row[0]) == "t", string(row[1])
		for i, name := range names {
			if before, after := row[2+2*i], row[3+2*i]; string(before) != string(after) {
				found.differing = append(found.differing, fmt.Sprintf("%s = '%s'", name, values[i]))
			}
		}
	}
	return found, result.Err
}

// major is the server's major version; 0 if it says none.
func major(c *pgconn.PgConn) int {
	version := c.ParameterStatus("server_version")
	end := 0
	for end < len(version) && version[end] >= '0' && version[end] <= '9' {
		end++
	}
	number, _ := strconv.Atoi(version[:end])
	return number
}

// milliseconds rounds up, since 0 is no limit.
func milliseconds(d time.Duration) string {
	return strconv.FormatInt(int64((max(d, 0)+time.Millisecond-1)/time.Millisecond), 10)
}
