package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/connect"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Config says where the database is and how its connections are used. Zero
// values are the defaults that each field names, so that URL is enough.
type Config struct {
	// URL is a PostgreSQL URL or keyword string with the parameters of a connection.
	// Settings of a session are refused, but for application_name. The variables and
	// files of libpq have no effect. On ignores it.
	URL string

	// MaxConns is the most connections: 20, besides one that only Ready uses. Each class
	// of requests has a share of them. MinIdleConns is how many of them wait
	// for the next request: 0.
	MaxConns, MinIdleConns int32
	// MaxConnIdleTime is how long a connection beyond MinIdleConns is kept unused:
	// 10 minutes.
	MaxConnIdleTime time.Duration
	// MaxConnLifetime is the age at which a connection is replaced: 30 minutes. Up
	// to MaxConnLifetimeJitter is added at random, so that not all are replaced at
	// once: 3 minutes; less than 0 adds nothing.
	MaxConnLifetime, MaxConnLifetimeJitter time.Duration
	// ConnectTimeout is how long making a connection may take: 5 seconds.
	ConnectTimeout time.Duration

	// The database ends a statement after StatementTimeout, 30 seconds; a wait for
	// a lock after LockTimeout, 5 seconds; and a transaction that does nothing after
	// IdleInTransactionTimeout, 30 seconds. Less than 0 is no limit.
	StatementTimeout, LockTimeout, IdleInTransactionTimeout time.Duration

	// BatchTimeout is how long a batch of requests may take, and a search with its
	// waiting: 50 seconds, or an hour where statements have no limit. It is best more
	// than StatementTimeout, and less than what a server allows for a response.
	BatchTimeout time.Duration
	// QueueTimeout is how long a request waits for a connection: 5 seconds, and a second
	// at most for exports, imports, counts and requests that wait for a lock. Then it is
	// refused. Less than 0 is no limit.
	QueueTimeout time.Duration
	// ReadyTimeout is how long Ready waits for the database: 1 second. Less than 0 is no
	// limit.
	ReadyTimeout time.Duration

	// Processors are those of the database's host. At most so many of the batches that
	// merge requests run at a time, two at least: more would take turns there, and merge
	// less. 0 stands for the processors of this program if the database is on the same
	// host, and otherwise for no limit. Less than 0 is no limit.
	Processors int
	// NoBatching makes each request send a statement of its own. Otherwise concurrent
	// requests share statements, where that gives the same answers.
	NoBatching bool

	// Described keeps no statements prepared at the server: each is parsed and planned
	// whenever it is sent. Poolers that lend connections for a transaction and do not
	// follow prepared statements need it, as PgBouncer before 1.21.
	Described bool

	// Logger logs slow statements and unknown ones. Nil logs none.
	Logger *slog.Logger
	// SlowQuery is how long a statement may take before it is logged: 500
	// milliseconds. Less than 0 logs none.
	SlowQuery time.Duration
	// OnUnregistered is called with each text that goes to the database past
	// sqlcheck, before it is sent. Nil logs it, once a minute at most.
	OnUnregistered func(ctx context.Context, text string)
	// Tracer, unless nil, traces every statement.
	Tracer pgx.QueryTracer
}

// withDefaults replaces zero values.
func (c Config) withDefaults() Config {
	c.MaxConns = cmp.Or(c.MaxConns, 20)
	c.MaxConnIdleTime = cmp.Or(c.MaxConnIdleTime, 10*time.Minute)
	c.MaxConnLifetime = cmp.Or(c.MaxConnLifetime, 30*time.Minute)
	c.MaxConnLifetimeJitter = cmp.Or(c.MaxConnLifetimeJitter, 3*time.Minute)
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, 5*time.Second)
	c.StatementTimeout = cmp.Or(c.StatementTimeout, 30*time.Second)
	c.LockTimeout = cmp.Or(c.LockTimeout, 5*time.Second)
	c.IdleInTransactionTimeout = cmp.Or(c.IdleInTransactionTimeout, 30*time.Second)
	if c.BatchTimeout == 0 && c.StatementTimeout < 0 {
		c.BatchTimeout = time.Hour
	}
	c.BatchTimeout = cmp.Or(c.BatchTimeout, 50*time.Second)
	c.QueueTimeout = cmp.Or(c.QueueTimeout, database.DefaultQueueTimeout)
	c.ReadyTimeout = cmp.Or(c.ReadyTimeout, time.Second)
	c.SlowQuery = cmp.Or(c.SlowQuery, 500*time.Millisecond)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// check returns what is wrong with a config that has its defaults.
func (c Config) check() error {
	var faults []error
	refuse := func(bad bool, text string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf(text, args...))
		}
	}
	refuse(c.MaxConns < 1, "at most %d connections: allow one or more", c.MaxConns)
	refuse(c.MinIdleConns < 0 || c.MinIdleConns > c.MaxConns,
		"%d idle connections: keep 0 to %d, which is the most connections", c.MinIdleConns, c.MaxConns)
	for _, span := range []struct {
		name  string
		value time.Duration
	}{
		{"idle time of a connection", c.MaxConnIdleTime},
		{"lifetime of a connection", c.MaxConnLifetime},
		{"connect timeout", c.ConnectTimeout},
	} {
		refuse(span.value < 0, "the %s is %s: let it be more than 0", span.name, span.value)
	}
	return errors.Join(faults...)
}

// Settings prepares the config of an importer's own pool for On. Each connection
// states the session settings that Roster relies on. Limits, tracers and timeouts
// that the pool has already are replaced; its hooks still run.
func Settings(pool *pgxpool.Config, config Config) error {
	config = config.withDefaults()
	if err := config.check(); err != nil {
		return err
	}
	pool.MaxConns, pool.MinConns, pool.MinIdleConns = config.MaxConns, 0, config.MinIdleConns
	pool.MaxConnIdleTime = config.MaxConnIdleTime
	pool.MaxConnLifetime, pool.MaxConnLifetimeJitter = config.MaxConnLifetime, max(config.MaxConnLifetimeJitter, 0)
	pool.ShouldPing = suspicious
	pool.ConnConfig.Tracer = config.tracer()
	if config.Described {
		pool.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	connect.Prepare(pool, connect.Options{
		ApplicationName: "roster", ConnectTimeout: config.ConnectTimeout,
		StatementTimeout: config.StatementTimeout, LockTimeout: config.LockTimeout,
		IdleInTransactionTimeout: config.IdleInTransactionTimeout,
	})
	return nil
}

func (c Config) tracer() pgx.QueryTracer {
	onUnregistered := c.OnUnregistered
	if onUnregistered == nil {
		onUnregistered = sqlcheck.LogUnknown(c.Logger, time.Minute)
	}
	tracers := []pgx.QueryTracer{sqlcheck.NewTracer(onUnregistered)}
	if c.SlowQuery > 0 {
		tracers = append(tracers, newSlowLog(c.SlowQuery, c.Logger))
	}
	if c.Tracer != nil {
		tracers = append(tracers, c.Tracer)
	}
	if len(tracers) == 1 {
		return tracers[0]
	}
	return multitracer.New(tracers...)
}
