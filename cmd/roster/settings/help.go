package settings

// Help describes each setting, by its variable.
var Help = map[string]string{
	// HTTP
	"ROSTER_ADDR": "Address to listen on. Default: 127.0.0.1 and the port of PORT.",
	"PORT":        "Port to listen on at 127.0.0.1 if ROSTER_ADDR is not set; 0 takes a free port.",
	"ROSTER_AUTH": "Method of authentication: none, with which everybody who reaches the address is an administrator, " +
		"or token: API keys and access tokens.",
	"ROSTER_INSECURE": "Listen beyond the loopback interface without authentication.",
	"ROSTER_TLS_CERT": "File with the TLS certificate and its chain, in PEM; it is read again when it changes.",
	"ROSTER_TLS_KEY":  "File with the private key of the TLS certificate, in PEM.",
	"ROSTER_PROXIES": "Networks of the proxies that speak TLS for Roster, such as 10.1.0.0/16; " +
		"connections from elsewhere, except from this machine, are closed.",
	"ROSTER_CORS": "Origins whose pages may use the API, such as https://app.example.com, besides those on loopback; " +
		"* allows all.",
	"ROSTER_HOSTS":            "Host names, without ports, that requests may address besides those of loopback; * allows all.",
	"ROSTER_MIGRATE":          "Migrate the database's schema before serving.",
	"ROSTER_ANY_SCHEMA":       "Serve even if the schema is not the one that Roster needs; the log says how it differs.",
	"ROSTER_REQUIRE_IF_MATCH": "Refuse to change a user or an organization without If-Match.",
	"ROSTER_SECRET": "Signs and encrypts page cursors; must be equal on all replicas. " +
		"Default: a secret that is kept in the database.",
	"ROSTER_HEADER_TIMEOUT":   "Maximum time to receive the headers of a request.",
	"ROSTER_READ_TIMEOUT":     "Maximum time to receive a whole request.",
	"ROSTER_WRITE_TIMEOUT":    "Maximum time from the headers of a request to the end of its response.",
	"ROSTER_IDLE_TIMEOUT":     "How long a connection without a request is kept open.",
	"ROSTER_STREAM_TIMEOUT":   "Maximum pause of the client in an import or export, and time for a line of an import; the total has no limit.",
	"ROSTER_MAX_HEADER_BYTES": "Maximum size of the headers of a request in bytes.",
	"ROSTER_BODY_BYTES": "Maximum size of all request bodies and responses in progress, of which each counts beyond 64 KiB; " +
		"more requests get 503. 0 is a tenth of the memory limit (the container's, or GOMEMLIMIT), or 256 MiB without one; at least 16 MiB.",
	"ROSTER_RATE": "Units that each caller may spend a second; requests beyond the caller's allowance get 429. " +
		"An operation costs a unit, or its x-cost in the contract. It needs ROSTER_AUTH=token. 0 sets no limit.",
	"ROSTER_RATE_BURST": "Units that a caller may spend at once; it has them again after a pause. 0 is what ROSTER_RATE gives in 10 s.",
	"ROSTER_DRAIN_DELAY": "How long to accept connections after SIGTERM, while /readyz fails, so that balancers notice. " +
		"Unless it is set, there is no delay where nobody has asked for /readyz, " +
		"and never on a socket of systemd. It is part of the time of ROSTER_SHUTDOWN.",
	"ROSTER_LINGER": "How long a connection without a request is kept open after SIGTERM, so that a request that is on its way " +
		"is answered. It is part of the time of ROSTER_SHUTDOWN.",
	"ROSTER_SHUTDOWN":     "Maximum time from SIGTERM or SIGINT to the exit.",
	"ROSTER_ACCESS_LOG":   "Log every request.",
	"ROSTER_SLOW_REQUEST": "Log requests that take longer; 0s logs none.",

	// Access tokens
	"ROSTER_TOKEN_ISSUERS": "OpenID providers whose access tokens are accepted, as their tokens name them in iss. " +
		"Default: none; API keys only.",
	"ROSTER_TOKEN_AUDIENCE": "Audience that access tokens must have in aud.",
	"ROSTER_TOKEN_TYPE": "Type that access tokens must have: at+jwt (RFC 9068), or any, for providers that do not set it; " +
		"ID tokens are refused all the same.",
	"ROSTER_TOKEN_SCOPES": "Rules that give scopes, as in read:scope=directory.read or admin:/realm_access/roles=roster-admin: " +
		"a scope, a claim and a value that it has. More conditions follow after &.",
	"ROSTER_TOKEN_ROLES": "Rules that give roles in organizations, as in admin:groups=/orgs/{organization}/admin; " +
		"{organization} stands for the organization's id.",
	"ROSTER_TOKEN_ORGANIZATION": "Claim with the id of the organization that callers are bound to; tokens without it are refused. " +
		"Default: they are bound to none.",
	"ROSTER_TOKEN_USERS": "Field by which tokens name users: external_id, email or username. Tokens are refused unless the user is active. " +
		"Default: users are not looked up.",
	"ROSTER_TOKEN_USER_CLAIM": "Claim that names the user. Default: sub for external_id, email, or preferred_username for username.",

	// Page
	"ROSTER_ADMIN_CLIENT_ID": "Id by which the page at /admin is a client at the providers of ROSTER_TOKEN_ISSUERS. " +
		"Default: people sign in there with API keys only.",
	"ROSTER_ADMIN_SCOPE": "Scopes that the page asks the provider for, separated by spaces.",

	// Database
	"DATABASE_URL": "PostgreSQL database, such as postgres://user:password@host/database. The PG… variables of libpq have no effect. " +
		"Default: an embedded server that Roster starts.",
	"ROSTER_DATABASE_WAIT": "How long to wait at the start for a database that does not answer.",
	"ROSTER_COALESCE":      "Whether concurrent requests are sent in batches: on, or off to send each alone.",
	"ROSTER_STATEMENTS": "How statements are sent: named, which the server keeps prepared, or described, for PgBouncer before 1.21 in " +
		"transaction mode.",
	"ROSTER_DATABASE_PROCESSORS": "Number of processors of the database's host: so many shared statements run at a time. " +
		"By default those of this host if the database is on it, otherwise no limit.",
	"ROSTER_POOL_MAX_CONNS":              "Maximum number of connections, besides one for /readyz. Each kind of request has a share of them.",
	"ROSTER_POOL_MIN_IDLE_CONNS":         "Number of idle connections to keep ready.",
	"ROSTER_POOL_IDLE_TIME":              "How long more idle connections than that are kept.",
	"ROSTER_POOL_LIFETIME":               "Age at which a connection is replaced.",
	"ROSTER_POOL_LIFETIME_JITTER":        "Maximum random time to add to that age, so that connections are not all replaced at once.",
	"ROSTER_CONNECT_TIMEOUT":             "Maximum time to open a connection.",
	"ROSTER_STATEMENT_TIMEOUT":           "Maximum time of a statement; 0s is no limit.",
	"ROSTER_LOCK_TIMEOUT":                "Maximum time that a statement waits for a lock; 0s is no limit.",
	"ROSTER_IDLE_IN_TRANSACTION_TIMEOUT": "Maximum pause within a transaction; 0s is no limit.",
	"ROSTER_SLOW_QUERY":                  "Log statements that take longer; 0s logs none.",

	// Embedded PostgreSQL
	"ROSTER_DATA":          "Data folder. Default: /var/lib/roster/postgres for root, else roster/postgres in XDG_DATA_HOME.",
	"ROSTER_CACHE":         "Folder for downloaded builds. Default: /var/cache/roster for root, else roster in XDG_CACHE_HOME.",
	"ROSTER_RUNTIME":       "Folder for the socket. Default: /var/run/roster for root, else roster in XDG_RUNTIME_DIR.",
	"ROSTER_PG_BIN":        "Folder of initdb and postgres. Default: an installed build, else a downloaded one.",
	"ROSTER_PG_REPOSITORY": "Maven repository to download PostgreSQL from if none is installed. Default: nothing is downloaded.",
	"ROSTER_PG_USER": "Account that PostgreSQL runs as if Roster runs as root. " +
		"Default: the owner of the data, else roster or postgres.",
	"ROSTER_PG_LISTEN": "Loopback address for the server to listen on besides its socket.",

	// Events
	"ROSTER_DELETED_KEEP": "How long deleted users are kept before they are erased, such as 720h; 0 keeps them.",
	"ROSTER_EVENTS_KEEP":  "How many whole months of events are kept besides the current month; 0 keeps all.",

	// Changes
	"ROSTER_LOG_KEEP": "How many whole months of the log of changes are kept besides the current month; 0 keeps all.",

	// Webhooks
	"ROSTER_WEBHOOKS_PRIVATE": "Whether webhooks may lead to private networks and this host, and without encryption.",

	// Log
	"ROSTER_LOG":        "Levels to log, for all or for a component: off, error, warn, info or debug, as in info,postgres=debug.",
	"ROSTER_LOG_FORMAT": "Format of the log: text, json, or auto, which is text on a terminal and json elsewhere.",
}
