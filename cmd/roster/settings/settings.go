// Package settings holds all that Roster can be told from outside: each setting
// is an environment variable and a flag, and is documented where it is declared.
package settings

import "time"

// Config is everything that roster serve heeds. The other commands heed the
// part that concerns them.
type Config struct {
	HTTP     HTTP     `embed:"" group:"HTTP"`
	Database Database `embed:"" group:"Database"`
	Embedded Embedded `embed:"" group:"Embedded PostgreSQL"`
	Events   Events   `embed:"" group:"Events"`
}

// Events is how long events are kept.
type Events struct {
	Keep int `name:"events-keep" env:"ROSTER_EVENTS_KEEP" default:"0" placeholder:"MONTHS" help:"For how many whole months events are kept, beside the present one; 0 is for ever."`
}

// HTTP is how the API is served.
type HTTP struct {
	Addr string `env:"ROSTER_ADDR" placeholder:"HOST:PORT" help:"Address to listen on. Unless it is set: 127.0.0.1 and the port that PORT gives."`
	Port uint16 `env:"PORT" default:"3000" help:"Port to listen on at 127.0.0.1 where no address is set; 0 takes a free one."`
	// Auth is "none": no other way of telling who asks exists yet.
	Auth     string   `env:"ROSTER_AUTH" default:"none" help:"Who may ask: none makes everybody who reaches the address an administrator."`
	Insecure bool     `env:"ROSTER_INSECURE" default:"no" help:"Listen beyond the loopback interface without authentication."`
	CORS     []string `name:"cors" env:"ROSTER_CORS" placeholder:"ORIGIN" help:"Origins, such as https://app.example.com, whose pages may use the API beside those on loopback; * is any."`
	Hosts    []string `env:"ROSTER_HOSTS" placeholder:"NAME" help:"Names under which the API may be addressed beside those of loopback; * is any."`

	Migrate bool `env:"ROSTER_MIGRATE" default:"yes" negatable:"" help:"Bring the database's schema up to date before serving."`

	RequireIfMatch bool   `env:"ROSTER_REQUIRE_IF_MATCH" default:"no" help:"Refuse to change a user or an organization without If-Match."`
	Secret         string `env:"ROSTER_SECRET" placeholder:"TEXT" redact:"all" help:"Seals cursors; the same for every replica. Unless it is set: a secret that the database keeps."`

	HeaderTimeout  time.Duration `env:"ROSTER_HEADER_TIMEOUT" default:"5s" help:"Longest wait for a request's headers."`
	ReadTimeout    time.Duration `env:"ROSTER_READ_TIMEOUT" default:"30s" help:"Longest wait for a whole request."`
	WriteTimeout   time.Duration `env:"ROSTER_WRITE_TIMEOUT" default:"1m" help:"Longest time from a request's headers to the end of its answer."`
	IdleTimeout    time.Duration `env:"ROSTER_IDLE_TIMEOUT" default:"2m" help:"How long a connection without a request is kept."`
	StreamTimeout  time.Duration `env:"ROSTER_STREAM_TIMEOUT" default:"30s" help:"Longest pause of a client in an import or export, which may take as long as it goes on."`
	MaxHeaderBytes int           `env:"ROSTER_MAX_HEADER_BYTES" default:"32768" help:"Most bytes of a request's headers."`

	DrainDelay time.Duration `env:"ROSTER_DRAIN_DELAY" default:"0s" help:"How long to serve on, while /readyz fails, before no more connections are taken. Part of the shutdown time."`
	Shutdown   time.Duration `env:"ROSTER_SHUTDOWN" default:"10s" help:"Longest time from SIGTERM or SIGINT to the end."`

	AccessLog   bool          `env:"ROSTER_ACCESS_LOG" default:"no" help:"Log every request."`
	SlowRequest time.Duration `env:"ROSTER_SLOW_REQUEST" default:"1s" help:"Log requests that take longer; 0s logs none."`
}

// Database is where the directory is kept, and how it is reached.
type Database struct {
	URL  string        `name:"database-url" env:"DATABASE_URL" placeholder:"URL" redact:"url" help:"PostgreSQL to use, such as postgres://user:password@host/database. Unless it is set: a server that Roster starts for itself."`
	Wait time.Duration `name:"database-wait" env:"ROSTER_DATABASE_WAIT" default:"10s" help:"How long to wait at the start for a database that does not answer."`

	Coalesce string `env:"ROSTER_COALESCE" default:"on" placeholder:"ON|OFF" help:"Whether concurrent requests share statements: on, or off, which has each sent by itself."`

	MaxConns              int32         `name:"pool-max-conns" env:"ROSTER_POOL_MAX_CONNS" default:"20" help:"Most connections."`
	MinIdleConns          int32         `name:"pool-min-idle-conns" env:"ROSTER_POOL_MIN_IDLE_CONNS" default:"5" help:"Unused connections to keep for the next request."`
	MaxConnIdleTime       time.Duration `name:"pool-idle-time" env:"ROSTER_POOL_IDLE_TIME" default:"10m" help:"How long other unused connections are kept."`
	MaxConnLifetime       time.Duration `name:"pool-lifetime" env:"ROSTER_POOL_LIFETIME" default:"30m" help:"Age at which a connection is replaced."`
	MaxConnLifetimeJitter time.Duration `name:"pool-lifetime-jitter" env:"ROSTER_POOL_LIFETIME_JITTER" default:"3m" help:"Most that is added to that age at random, so that not all are replaced at once."`

	ConnectTimeout           time.Duration `env:"ROSTER_CONNECT_TIMEOUT" default:"5s" help:"Longest time to make a connection."`
	StatementTimeout         time.Duration `env:"ROSTER_STATEMENT_TIMEOUT" default:"30s" help:"Longest time for a statement; 0s is no limit."`
	LockTimeout              time.Duration `env:"ROSTER_LOCK_TIMEOUT" default:"5s" help:"Longest time that a statement waits for a lock; 0s is no limit."`
	IdleInTransactionTimeout time.Duration `env:"ROSTER_IDLE_IN_TRANSACTION_TIMEOUT" default:"30s" help:"Longest pause within a transaction; 0s is no limit."`
	SlowQuery                time.Duration `env:"ROSTER_SLOW_QUERY" default:"500ms" help:"Log statements that take longer; 0s logs none."`
}

// Embedded is the PostgreSQL server that Roster starts for itself where no
// DATABASE_URL is set.
type Embedded struct {
	Data       string `env:"ROSTER_DATA" placeholder:"FOLDER" help:"Folder of the data; /var/lib/roster/postgres for root, else roster/postgres in XDG_DATA_HOME."`
	Cache      string `env:"ROSTER_CACHE" placeholder:"FOLDER" help:"Folder of downloaded builds; /var/cache/roster for root, else roster in XDG_CACHE_HOME."`
	Runtime    string `env:"ROSTER_RUNTIME" placeholder:"FOLDER" help:"Folder of the socket; /var/run/roster for root, else roster in XDG_RUNTIME_DIR."`
	Bin        string `name:"pg-bin" env:"ROSTER_PG_BIN" placeholder:"FOLDER" help:"Folder of initdb and postgres. Unless it is set: PATH and the usual places, else a download."`
	Repository string `name:"pg-repository" env:"ROSTER_PG_REPOSITORY" placeholder:"URL" redact:"url" help:"Maven repository to download PostgreSQL from."`
	Listen     string `name:"pg-listen" env:"ROSTER_PG_LISTEN" placeholder:"HOST:PORT" help:"Loopback address for the server to listen on beside its socket."`
}

// Log is what is logged, and how. All commands heed it.
type Log struct {
	Filter string `name:"log" env:"ROSTER_LOG" default:"info" placeholder:"FILTER" help:"Levels to log, for all or a component: off, error, warn, info or debug, as in info,postgres=debug."`
	Format string `name:"log-format" env:"ROSTER_LOG_FORMAT" default:"auto" help:"Form of the log: text, json, or auto, which is text on a terminal and json elsewhere."`
}
