package pgtest

import (
	"testing"

	"github.com/roster-directory/roster/adapters/embedded"
)

func TestAServerStopsAndStarts(t *testing.T) {
	cases := map[string]string{"by its socket": "", "by TCP": "127.0.0.1:0"}
	for name, listen := range cases {
		t.Run(name, func(t *testing.T) {
			server := StartServer(t, func(o *embedded.Options) { o.Listen = listen })
			url := server.URL("roster")
			Execute(t, Connect(t, url), "CREATE TABLE kept ()")
			server.Stop()
			server.Stop() // already is
			if answers(t, url) {
				t.Error("a stopped server answers")
			}
			contains(t, failure(t, func(t testing.TB) { (&Server{t: t}).URL("roster") }), "stopped")
			server.Start()
			server.Start() // already is
			if server.URL("roster") != url {
				t.Errorf("the address was %s and is %s", url, server.URL("roster"))
			}
			Execute(t, Connect(t, url), "TABLE kept")
		})
	}
}

func TestAServersOptionsMayBeChanged(t *testing.T) {
	server := StartServer(t, func(o *embedded.Options) { o.Settings["max_connections"] = "7" })
	if n := Scalar[int](t, Connect(t, server.URL("postgres")), "SELECT current_setting('max_connections')::int"); n != 7 {
		t.Errorf("%d connections", n)
	}
}

func TestAServerIsNotTheSharedOne(t *testing.T) {
	own := Connect(t, StartServer(t).URL("postgres"))
	common := Connect(t, new(Template).Database(t))
	const identity = "SELECT (system_identifier % 1000000007)::int FROM pg_control_system()"
	if Scalar[int](t, own, identity) == Scalar[int](t, common, identity) {
		t.Error("they are one")
	}
}

func TestAServerThatCannotStartFailsTheTest(t *testing.T) {
	words := failure(t, func(t testing.TB) {
		StartServer(t, func(o *embedded.Options) { o.Settings = map[string]string{"fsync": "perhaps"} })
	})
	contains(t, words, "PostgreSQL of the test's own", "fsync")
}
