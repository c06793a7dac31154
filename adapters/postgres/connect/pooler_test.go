package connect_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/connect"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// through opens a pool on an address of a pooler.
func through(t *testing.T, address string, options connect.Options) (*pgxpool.Pool, *connect.Sessions) {
	t.Helper()
	config, err := connect.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 4
	sessions := connect.Prepare(config, options)
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool, sessions
}

func setting(t *testing.T, pool *pgxpool.Pool, name string) string {
	t.Helper()
	var value string
	if err := pool.QueryRow(t.Context(), "SELECT pg_catalog.current_setting($1)", name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestWithoutAPoolerNothingIsProbed(t *testing.T) {
	t.Parallel()
	pool, sessions := through(t, empty.Database(t), connect.Options{})
	if got := setting(t, pool, "jit"); got != "off" || sessions.Pooling() != connect.Unknown {
		t.Errorf("jit is %s, and the pooling %v", got, sessions.Pooling())
	}
}

func TestAPoolerOfSessionsNeedsNothing(t *testing.T) {
	t.Parallel()
	pool, sessions := through(t, startPooler(t, empty.Database(t), false), connect.Options{})
	for range 10 {
		if got := setting(t, pool, "jit"); got != "off" {
			t.Errorf("jit is %s", got)
		}
	}
	if got := sessions.Pooling(); got != connect.PerSession {
		t.Errorf("the pooling is %v", got)
	}
}

func TestAPoolerOfTransactionsMustKnowPreparedStatements(t *testing.T) {
	t.Parallel()
	pool, _ := through(t, startPooler(t, empty.Database(t), true), connect.Options{})
	err := pool.Ping(t.Context())
	if err == nil || !strings.Contains(err.Error(), "ROSTER_STATEMENTS=described") || connect.Transient(err) {
		t.Error(err)
	}
}

func TestBehindAPoolerOfTransactionsTheRoleHasTheSettings(t *testing.T) {
	t.Parallel()
	server := empty.Database(t)
	conn := pgtest.Connect(t, server)
	address := startPooler(t, server, true) + "&default_query_exec_mode=cache_describe"
	pool, sessions := through(t, address, connect.Options{})
	err := pool.Ping(t.Context())
	if err == nil || !strings.Contains(err.Error(), "pool_mode = session") || connect.Transient(err) {
		t.Fatal(err)
	}
	if got := sessions.Pooling(); got != connect.PerTransaction {
		t.Errorf("the pooling is %v", got)
	}
	open, _ := through(t, address, connect.Options{AnySettings: true})
	if got := setting(t, open, "plan_cache_mode"); got != "auto" {
		t.Errorf("a setting of a session is left to other clients: plan_cache_mode is %s", got)
	}
	open.Close()

	// What the error says to run, for the test's database instead of everybody's role.
	_, list, _ := strings.Cut(err.Error(), "or run ")
	list, _, _ = strings.Cut(list, "; and reconnect")
	for statement := range strings.SplitSeq(list, "; ") {
		_, assignment, found := strings.Cut(statement, " SET ")
		if !found {
			t.Fatalf("%q is no statement", statement)
		}
		pgtest.Execute(t, conn, "ALTER DATABASE "+conn.Config().Database+" SET "+assignment)
	}
	again, _ := through(t, startPooler(t, server, true)+"&default_query_exec_mode=cache_describe", connect.Options{})
	for range 10 {
		if got := setting(t, again, "plan_cache_mode"); got != "force_generic_plan" {
			t.Errorf("plan_cache_mode is %s", got)
		}
	}
}
