package embedded

import (
	"strings"
	"testing"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	durable, volatile := in(folder(t)), in(folder(t))
	durable.Volatile = false
	durable.Settings = map[string]string{
		"shared_buffers": "24MB", "listen_addresses": "*", "port": "1", "timezone": "Asia/Tokyo",
	}
	cases := []struct {
		name string
		o    Options
		want map[string]string
	}{
		{"a server is durable and obeys its settings but for where it listens", durable, map[string]string{
			"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on",
			"shared_buffers": "24MB", "listen_addresses": "", "port": "5432", "timezone": "Asia/Tokyo",
		}},
		{"a volatile server is not", volatile, map[string]string{
			"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "timezone": "UTC",
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			connection := connected(t, started(t, c.o).URL("postgres"))
			for name, want := range c.want {
				if got := value(t, connection, "SHOW "+name); got != want {
					t.Errorf("%s is %q, not %q", name, got, want)
				}
			}
		})
	}
}

func TestTextIsUTF8SortedByCodePoint(t *testing.T) {
	t.Parallel()
	connection := connected(t, started(t, in(folder(t))).URL("postgres"))
	if got := value(t, connection, "SHOW server_encoding"); got != "UTF8" {
		t.Errorf("the encoding is %s", got)
	}
	const sorted = "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['é','a','B']) x"
	if got := value(t, connection, sorted); got != "Baé" {
		t.Errorf("sorted as %s", got)
	}
}

func TestErrorsOfClientsAreNotLogged(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	server := started(t, o)
	connection := connected(t, server.URL("postgres"))
	if _, err := connection.Exec(t.Context(), "SELECT 'ada@example.com'::int"); err == nil {
		t.Fatal("no error to log")
	}
	stop(t, server)
	if log := tail(server.process.log); len(log) == 0 || strings.Contains(log, "ada@example.com") {
		t.Errorf("the log is %q", log)
	}
}
