package settings

import (
	"strings"
	"testing"
	"time"
)

// valid returns valid settings.
func valid() *Config {
	return &Config{
		HTTP: HTTP{
			Port: 3000, Auth: "none", HeaderTimeout: time.Second, ReadTimeout: time.Second, WriteTimeout: time.Second,
			IdleTimeout: time.Second, StreamTimeout: time.Second, MaxHeaderBytes: 4096, Shutdown: 10 * time.Second,
		},
		Database: Database{
			Coalesce: "on", Statements: "named", MaxConns: 20, MinIdleConns: 5,
			MaxConnIdleTime: time.Second, MaxConnLifetime: time.Second, ConnectTimeout: time.Second,
		},
	}
}

func TestValidSettingsPass(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"the minimum":               func(*Config) {},
		"another loopback address":  func(c *Config) { c.HTTP.Addr = "127.8.8.8:80" },
		"loopback of IPv6":          func(c *Config) { c.HTTP.Addr = "[::1]:80" },
		"localhost":                 func(c *Config) { c.HTTP.Addr = "LocalHost:0" },
		"any address with INSECURE": func(c *Config) { c.HTTP.Addr, c.HTTP.Insecure = ":3000", true },
		"a URL":                     func(c *Config) { c.Database.URL = "postgresql://u@/d?host=/run" },
		"a keyword string":          func(c *Config) { c.Database.URL = "host=/run user=u" },
		"a server that listens":     func(c *Config) { c.Embedded.Listen = "127.0.0.1:0" },
		"without batches":           func(c *Config) { c.Database.Coalesce = "off" },
		"without named statements":  func(c *Config) { c.Database.Statements = "described" },
		"origins and hosts":         func(c *Config) { c.HTTP.CORS, c.HTTP.Hosts = []string{"https://A.example:443/"}, []string{"*", "::1"} },
		"as many idle as there are": func(c *Config) { c.Database.MinIdleConns = 20 },
	} {
		c := valid()
		change(c)
		if err := c.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInvalidSettingsAreNamedWithTheFix(t *testing.T) {
	for want, change := range map[string]func(*Config){
		`ROSTER_ADDR is ":3000": everybody who reaches it would be an administrator`: func(c *Config) {
			c.HTTP.Addr = ":3000"
		},
		`ROSTER_ADDR is "10.0.0.1:3000": everybody`:                              func(c *Config) { c.HTTP.Addr = "10.0.0.1:3000" },
		`ROSTER_ADDR is "localhost.evil.example:3000": everybody`:                func(c *Config) { c.HTTP.Addr = "localhost.evil.example:3000" },
		`ROSTER_ADDR is "3000": write host and port`:                             func(c *Config) { c.HTTP.Addr = "3000" },
		`ROSTER_ADDR is "127.0.0.1:http": end it with a port`:                    func(c *Config) { c.HTTP.Addr = "127.0.0.1:http" },
		`ROSTER_AUTH is "jwt": set none`:                                         func(c *Config) { c.HTTP.Auth = "jwt" },
		`ROSTER_HEADER_TIMEOUT is 0s: set more than 0`:                           func(c *Config) { c.HTTP.HeaderTimeout = 0 },
		`ROSTER_READ_TIMEOUT is -1ns`:                                            func(c *Config) { c.HTTP.ReadTimeout = -1 },
		`ROSTER_WRITE_TIMEOUT is 0s`:                                             func(c *Config) { c.HTTP.WriteTimeout = 0 },
		`ROSTER_STREAM_TIMEOUT is 0s`:                                            func(c *Config) { c.HTTP.StreamTimeout = 0 },
		`ROSTER_IDLE_TIMEOUT is 0s`:                                              func(c *Config) { c.HTTP.IdleTimeout = 0 },
		`ROSTER_SHUTDOWN is 0s`:                                                  func(c *Config) { c.HTTP.Shutdown = 0 },
		`ROSTER_DRAIN_DELAY is -1ns: set 0s or more`:                             func(c *Config) { c.HTTP.DrainDelay = -1 },
		`ROSTER_DRAIN_DELAY is 10s: set less than ROSTER_SHUTDOWN, which is 10s`: func(c *Config) { c.HTTP.DrainDelay = 10 * time.Second },
		`ROSTER_SLOW_REQUEST is -1ns`:                                            func(c *Config) { c.HTTP.SlowRequest = -1 },
		`ROSTER_MAX_HEADER_BYTES is 4095: set 4096 or more`:                      func(c *Config) { c.HTTP.MaxHeaderBytes = 4095 },
		`ROSTER_BODY_BYTES is 16777215: set 16777216 or more`:                    func(c *Config) { c.HTTP.BodyBytes = 16<<20 - 1 },
		`ROSTER_BODY_BYTES is -1: set 16777216 or more`:                          func(c *Config) { c.HTTP.BodyBytes = -1 },
		`ROSTER_DATABASE_WAIT is -1ns`:                                           func(c *Config) { c.Database.Wait = -1 },
		`ROSTER_DATABASE_PROCESSORS is -1: set 1 or more`:                        func(c *Config) { c.Database.Processors = -1 },
		`ROSTER_POOL_MAX_CONNS is 0: set 1 or more`:                              func(c *Config) { c.Database.MaxConns = 0 },
		`ROSTER_POOL_MIN_IDLE_CONNS is 21: set 0 to 20`:                          func(c *Config) { c.Database.MinIdleConns = 21 },
		`ROSTER_POOL_MIN_IDLE_CONNS is -1`:                                       func(c *Config) { c.Database.MinIdleConns = -1 },
		`ROSTER_POOL_IDLE_TIME is 0s`:                                            func(c *Config) { c.Database.MaxConnIdleTime = 0 },
		`ROSTER_POOL_LIFETIME is 0s`:                                             func(c *Config) { c.Database.MaxConnLifetime = 0 },
		`ROSTER_STATEMENTS is "no": set named or described`:                      func(c *Config) { c.Database.Statements = "no" },
		`ROSTER_COALESCE is "yes": set on or off`:                                func(c *Config) { c.Database.Coalesce = "yes" },
		`ROSTER_POOL_LIFETIME_JITTER is -1ns`:                                    func(c *Config) { c.Database.MaxConnLifetimeJitter = -1 },
		`ROSTER_CONNECT_TIMEOUT is 0s`:                                           func(c *Config) { c.Database.ConnectTimeout = 0 },
		`ROSTER_STATEMENT_TIMEOUT is -1ns`:                                       func(c *Config) { c.Database.StatementTimeout = -1 },
		`ROSTER_LOCK_TIMEOUT is -1ns`:                                            func(c *Config) { c.Database.LockTimeout = -1 },
		`ROSTER_IDLE_IN_TRANSACTION_TIMEOUT is -1ns`:                             func(c *Config) { c.Database.IdleInTransactionTimeout = -1 },
		`ROSTER_SLOW_QUERY is -1ns`:                                              func(c *Config) { c.Database.SlowQuery = -1 },
		`DATABASE_URL is http://db: write it as in postgres://`:                  func(c *Config) { c.Database.URL = "http://db" },
		`DATABASE_URL is roster: write it as in postgres://`:                     func(c *Config) { c.Database.URL = "roster" },
		`DATABASE_URL is postgres://xxxxx@db:80d/roster`: func(c *Config) {
			c.Database.URL = "postgres://u:p@db:80d/roster"
		},
		`ROSTER_PG_LISTEN is "0.0.0.0:5432": write a loopback address`: func(c *Config) { c.Embedded.Listen = "0.0.0.0:5432" },
		`ROSTER_EVENTS_KEEP is -1: set 0 to 1200`:                      func(c *Config) { c.Events.Keep = -1 },
		`ROSTER_EVENTS_KEEP is 1201: set 0 to 1200`:                    func(c *Config) { c.Events.Keep = 1201 },
		`ROSTER_PG_LISTEN is "5432": write a loopback address`:         func(c *Config) { c.Embedded.Listen = "5432" },
		`ROSTER_CORS: "https://*.example.com" has an asterisk, and only a single *`: func(c *Config) {
			c.HTTP.CORS = []string{"https://app.example.com", "https://*.example.com"}
		},
		`ROSTER_HOSTS: "roster.example.com:443" has a port; write only the host`: func(c *Config) {
			c.HTTP.Hosts = []string{"Roster.example.com.", "roster.example.com:443"}
		},
	} {
		c := valid()
		change(c)
		if err := c.Check(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("the error is %v, not %s", err, want)
		}
	}
}

func TestAllInvalidSettingsAreNamedAtOnce(t *testing.T) {
	c := valid()
	c.HTTP.Auth, c.Database.MaxConns, c.Embedded.Listen = "", 0, "x"
	for _, name := range []string{"ROSTER_AUTH", "ROSTER_POOL_MAX_CONNS", "ROSTER_PG_LISTEN"} {
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not in %v", name, err)
		}
	}
}

func TestThePortIsThatOfTheDefaultAddress(t *testing.T) {
	if got := (&HTTP{Port: 8080}).Address(); got != "127.0.0.1:8080" {
		t.Errorf("got %s", got)
	}
	if got := (&HTTP{Port: 8080, Addr: "[::1]:9"}).Address(); got != "[::1]:9" {
		t.Errorf("got %s", got)
	}
}

func TestPasswordsAreRedacted(t *testing.T) {
	for address, want := range map[string]string{
		"":                                       "",
		"postgres://u@db/roster":                 "postgres://u@db/roster",
		"postgres://u:s3cret@db:5432/roster?a=b": "postgres://u:xxxxx@db:5432/roster?a=b",
		"postgres://u:s3%40cret@db/roster":       "postgres://u:xxxxx@db/roster",
		"postgres://db/roster?user=u&password=s3cret&sslmode=disable": "postgres://db/roster?user=u&password=xxxxx&sslmode=disable",
		"postgres://db/roster?sslpassword=s3cret":                     "postgres://db/roster?sslpassword=xxxxx",
		"host=db password=s3cret user=u":                              "host=db password=xxxxx user=u",
		`host=db password = 's3 \' cret' user=u`:                      `host=db password = xxxxx user=u`,
		"postgres://u:s3cret@db:port/roster":                          "postgres://xxxxx@db:port/roster",
		"postgres://u:s3/cret@db/roster":                              "postgres://xxxxx@db/roster",
		"postgres://u:s3@cret#x@db/%zz":                               "postgres://xxxxx@db/%zz",
	} {
		if got := Redact(address); got != want {
			t.Errorf("%s is shown as %s, not %s", address, got, want)
		}
		if strings.Contains(Redact(address), "cret") {
			t.Errorf("the password is in %s", Redact(address))
		}
	}
}
