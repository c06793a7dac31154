package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Config says where the database is and how its connections are kept.
type Config struct {
	// URL is a PostgreSQL URL or keyword string. Settings in it other than
	// application_name give way to the fields below.
	URL string

	// MaxConns is the most connections, MinIdleConns how many of them wait for
	// the next request.
	MaxConns, MinIdleConns int32
	// MaxConnIdleTime is how long a connection beyond MinIdleConns is kept unused.
	MaxConnIdleTime time.Duration
	// MaxConnLifetime is the age at which a connection is replaced, some time
	// up to MaxConnLifetimeJitter later, so that not all are at once.
	MaxConnLifetime, MaxConnLifetimeJitter time.Duration
	// ConnectTimeout is how long the making of a connection may take.
	ConnectTimeout time.Duration

	// The database ends what takes longer than these; 0 is no limit.
	StatementTimeout, LockTimeout, IdleInTransactionTimeout time.Duration

	// SlowQuery is how long a statement may take before it is logged; 0 logs none.
	SlowQuery time.Duration

	// Coalesce is whether concurrent requests share statements, where that
	// gives the same answers.
	Coalesce bool

	// OnUnregistered is called with each text that goes to the database past
	// sqlcheck, before it is sent. Nil logs it, once a minute at most.
	OnUnregistered func(ctx context.Context, text string)
}

func (c Config) validate() error {
	var faults []error
	refuse := func(bad bool, text string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf(text, args...))
		}
	}
	refuse(c.URL == "", "the database's address is empty: send a URL such as postgres://user:password@host/database")
	refuse(c.MaxConns < 1, "at most %d connections: allow one or more", c.MaxConns)
	refuse(c.MinIdleConns < 0 || c.MinIdleConns > c.MaxConns, "%d idle connections: keep 0 to %d, which is the most connections", c.MinIdleConns, c.MaxConns)
	for _, span := range []struct {
		name  string
		value time.Duration
		least time.Duration
	}{
		{"idle time of a connection", c.MaxConnIdleTime, time.Millisecond},
		{"lifetime of a connection", c.MaxConnLifetime, time.Millisecond},
		{"jitter of the lifetime", c.MaxConnLifetimeJitter, 0},
		{"connect timeout", c.ConnectTimeout, time.Millisecond},
		{"statement timeout", c.StatementTimeout, 0},
		{"lock timeout", c.LockTimeout, 0},
		{"idle-in-transaction timeout", c.IdleInTransactionTimeout, 0},
		{"limit of slow queries", c.SlowQuery, 0},
	} {
		refuse(span.value < span.least, "the %s is %s: let it be %s or more", span.name, span.value, span.least)
	}
	return errors.Join(faults...)
}

func (c Config) pool(logger *slog.Logger) (*pgxpool.Config, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	pool, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("the database's address: %w", err)
	}
	pool.MaxConns, pool.MinConns, pool.MinIdleConns = c.MaxConns, 0, c.MinIdleConns
	pool.MaxConnIdleTime = c.MaxConnIdleTime
	pool.MaxConnLifetime, pool.MaxConnLifetimeJitter = c.MaxConnLifetime, c.MaxConnLifetimeJitter
	pool.ShouldPing = suspicious
	pool.ConnConfig.ConnectTimeout = c.ConnectTimeout
	pool.ConnConfig.Tracer = c.tracer(logger)
	c.settings(pool.ConnConfig.RuntimeParams)
	return pool, nil
}

func (c Config) tracer(logger *slog.Logger) pgx.QueryTracer {
	onUnregistered := c.OnUnregistered
	if onUnregistered == nil {
		onUnregistered = sqlcheck.LogUnknown(logger, time.Minute)
	}
	registered := sqlcheck.NewTracer(onUnregistered)
	if c.SlowQuery == 0 {
		return registered
	}
	return multitracer.New(registered, newSlowLog(c.SlowQuery, logger))
}

// settings are sent with the start of each connection, so that they cost no
// round trip. The rules of memberships count on the isolation level.
func (c Config) settings(params map[string]string) {
	// To compile a statement takes longer than any of these is worth.
	params["jit"] = "off"
	// Of most statements a plan takes longer to make than to run, and those for
	// any values are the ones that are checked.
	params["plan_cache_mode"] = "force_generic_plan"
	if params["application_name"] == "" {
		params["application_name"] = "roster"
	}
	params["timezone"] = "UTC"
	params["default_transaction_isolation"] = "read committed"
	params["statement_timeout"] = milliseconds(c.StatementTimeout)
	params["lock_timeout"] = milliseconds(c.LockTimeout)
	params["idle_in_transaction_session_timeout"] = milliseconds(c.IdleInTransactionTimeout)
}

// milliseconds rounds up, since 0 would be no limit.
func milliseconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Millisecond-1)/time.Millisecond), 10)
}
