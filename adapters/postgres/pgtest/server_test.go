package pgtest

import (
	"testing"

	"github.com/roster-directory/roster/adapters/embedded"
)

func TestAServerStopsAndStarts(t *testing.T) {
	t.Parallel()
	cases := map[string]string{"by its socket": "", "by TCP": "127.0.0.1:0"}
	for name, listen := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := StartServer(t, func(o *embedded.Options) { o.Listen = listen })
			url := server.URL("roster")
			Execute(t, Connect(t, url), "CREATE TABLE kept ()")
			server.Stop()
			server.Stop() // it is stopped already
			if accepts(t, url) {
				t.Error("a stopped server accepts connections")
			}
			contains(t, failure(t, func(t testing.TB) { (&Server{t: t}).URL("roster") }), "stopped")
			server.Start()
			server.Start() // it runs already
			if server.URL("roster") != url {
				t.Errorf("the address was %s and is %s", url, server.URL("roster"))
			}
			Execute(t, Connect(t, url), "TABLE kept")
		})
	}
}

func TestAServerOfATestsOwn(t *testing.T) {
	t.Parallel()
	own := Connect(t, StartServer(t, func(o *embedded.Options) { o.Settings["max_connections"] = "7" }).URL("postgres"))
	t.Run("has the options that the test changes", func(t *testing.T) {
		if n := Scalar[int](t, own, "SELECT current_setting('max_connections')::int"); n != 7 {
			t.Errorf("%d connections", n)
		}
	})
	t.Run("is not the shared one", func(t *testing.T) {
		sharedOne := Connect(t, new(Template).Database(t))
		const identity = "SELECT (system_identifier % 1000000007)::int FROM pg_control_system()"
		if Scalar[int](t, own, identity) == Scalar[int](t, sharedOne, identity) {
			t.Error("both tests use one server")
		}
	})
}

func TestAServerThatCannotStartFailsTheTest(t *testing.T) {
	t.Parallel()
	message := failure(t, func(t testing.TB) {
		StartServer(t, func(o *embedded.Options) { o.Settings = map[string]string{"fsync": "perhaps"} })
	})
	contains(t, message, "PostgreSQL of the test's own", "fsync")
}
