// Package settings declares the settings of Roster. Each is an environment variable
// and a flag; Help describes them.
package settings

import "time"

// Config are the settings of roster serve. The other commands use parts of it.
type Config struct {
	HTTP     HTTP     `group:"HTTP"`
	Token    Token    `group:"Access tokens"`
	Page     Page     `group:"Page"`
	Database Database `group:"Database"`
	Embedded Embedded `group:"Embedded PostgreSQL"`
	Events   Events   `group:"Events"`
	Changes  Changes  `group:"Changes"`
	Webhooks Webhooks `group:"Webhooks"`
}

// Events is the retention of events.
type Events struct {
	Keep int `name:"events-keep" env:"ROSTER_EVENTS_KEEP" default:"0" placeholder:"MONTHS"`
	// DeletedKeep is how long deleted users are kept; 0 keeps them.
	DeletedKeep time.Duration `name:"deleted-keep" env:"ROSTER_DELETED_KEEP" default:"0s" placeholder:"DURATION"`
}

// Changes is the retention of the log of changes.
type Changes struct {
	Keep int `name:"log-keep" env:"ROSTER_LOG_KEEP" default:"0" placeholder:"MONTHS"`
}

// Webhooks are the settings of webhooks.
type Webhooks struct {
	Private bool `name:"webhooks-private" env:"ROSTER_WEBHOOKS_PRIVATE" default:"no"`
}

// HTTP are the settings of the API.
type HTTP struct {
	Addr string `env:"ROSTER_ADDR" placeholder:"HOST:PORT"`
	Port uint16 `env:"PORT" default:"3000"`
	// Auth is the method of authentication: "none" or "token".
	Auth     string   `env:"ROSTER_AUTH" default:"none"`
	Insecure bool     `env:"ROSTER_INSECURE" default:"no"`
	CORS     []string `name:"cors" env:"ROSTER_CORS" placeholder:"ORIGIN"`
	Hosts    []string `env:"ROSTER_HOSTS" placeholder:"NAME"`

	TLSCert string   `name:"tls-cert" env:"ROSTER_TLS_CERT" placeholder:"FILE"`
	TLSKey  string   `name:"tls-key" env:"ROSTER_TLS_KEY" placeholder:"FILE"`
	Proxies []string `env:"ROSTER_PROXIES" placeholder:"NETWORK"`

	Migrate   bool `env:"ROSTER_MIGRATE" default:"yes" negatable:""`
	AnySchema bool `env:"ROSTER_ANY_SCHEMA" default:"no"`

	RequireIfMatch bool   `env:"ROSTER_REQUIRE_IF_MATCH" default:"no"`
	Secret         string `env:"ROSTER_SECRET" placeholder:"TEXT" redact:"all"`

	HeaderTimeout  time.Duration `env:"ROSTER_HEADER_TIMEOUT" default:"5s"`
	ReadTimeout    time.Duration `env:"ROSTER_READ_TIMEOUT" default:"30s"`
	WriteTimeout   time.Duration `env:"ROSTER_WRITE_TIMEOUT" default:"1m"`
	IdleTimeout    time.Duration `env:"ROSTER_IDLE_TIMEOUT" default:"2m"`
	StreamTimeout  time.Duration `env:"ROSTER_STREAM_TIMEOUT" default:"30s"`
	MaxHeaderBytes int           `env:"ROSTER_MAX_HEADER_BYTES" default:"32768"`
	BodyBytes      int64         `env:"ROSTER_BODY_BYTES" default:"0" placeholder:"BYTES"`

	DrainDelay time.Duration `env:"ROSTER_DRAIN_DELAY" default:"5s"`
	Linger     time.Duration `env:"ROSTER_LINGER" default:"5s"`
	Shutdown   time.Duration `env:"ROSTER_SHUTDOWN" default:"25s"`

	Rate      int `env:"ROSTER_RATE" default:"0" placeholder:"UNITS"`
	RateBurst int `env:"ROSTER_RATE_BURST" default:"0" placeholder:"UNITS"`

	AccessLog   bool          `env:"ROSTER_ACCESS_LOG" default:"no"`
	SlowRequest time.Duration `env:"ROSTER_SLOW_REQUEST" default:"1s"`
}

// Database are the settings of the connections to PostgreSQL.
type Database struct {
	URL  string        `name:"database-url" env:"DATABASE_URL" placeholder:"URL" redact:"url"`
	Wait time.Duration `name:"database-wait" env:"ROSTER_DATABASE_WAIT" default:"10s"`

	Coalesce   string `env:"ROSTER_COALESCE" default:"on" placeholder:"ON|OFF"`
	Statements string `env:"ROSTER_STATEMENTS" default:"named" placeholder:"NAMED|DESCRIBED"`
	Processors int    `name:"database-processors" env:"ROSTER_DATABASE_PROCESSORS" placeholder:"NUMBER"`

	MaxConns              int32         `name:"pool-max-conns" env:"ROSTER_POOL_MAX_CONNS" default:"20"`
	MinIdleConns          int32         `name:"pool-min-idle-conns" env:"ROSTER_POOL_MIN_IDLE_CONNS" default:"5"`
	MaxConnIdleTime       time.Duration `name:"pool-idle-time" env:"ROSTER_POOL_IDLE_TIME" default:"10m"`
	MaxConnLifetime       time.Duration `name:"pool-lifetime" env:"ROSTER_POOL_LIFETIME" default:"30m"`
	MaxConnLifetimeJitter time.Duration `name:"pool-lifetime-jitter" env:"ROSTER_POOL_LIFETIME_JITTER" default:"3m"`

	ConnectTimeout           time.Duration `env:"ROSTER_CONNECT_TIMEOUT" default:"5s"`
	StatementTimeout         time.Duration `env:"ROSTER_STATEMENT_TIMEOUT" default:"30s"`
	LockTimeout              time.Duration `env:"ROSTER_LOCK_TIMEOUT" default:"5s"`
	IdleInTransactionTimeout time.Duration `env:"ROSTER_IDLE_IN_TRANSACTION_TIMEOUT" default:"30s"`
	SlowQuery                time.Duration `env:"ROSTER_SLOW_QUERY" default:"500ms"`
}

// Embedded are the settings of the PostgreSQL server that Roster starts if
// DATABASE_URL is not set.
type Embedded struct {
	Data       string `env:"ROSTER_DATA" placeholder:"FOLDER"`
	Cache      string `env:"ROSTER_CACHE" placeholder:"FOLDER"`
	Runtime    string `env:"ROSTER_RUNTIME" placeholder:"FOLDER"`
	Bin        string `name:"pg-bin" env:"ROSTER_PG_BIN" placeholder:"FOLDER"`
	Repository string `name:"pg-repository" env:"ROSTER_PG_REPOSITORY" placeholder:"URL" redact:"url"`
	User       string `name:"pg-user" env:"ROSTER_PG_USER" placeholder:"NAME"`
	Listen     string `name:"pg-listen" env:"ROSTER_PG_LISTEN" placeholder:"HOST:PORT"`
}

// Log are the settings of the log, for all commands.
type Log struct {
	Filter string `name:"log" env:"ROSTER_LOG" default:"info" placeholder:"FILTER"`
	Format string `name:"log-format" env:"ROSTER_LOG_FORMAT" default:"auto"`
}
