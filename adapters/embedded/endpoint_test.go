package embedded

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestURLsHaveAllPartsOfTheAddress(t *testing.T) {
	socket := endpoint{socketDir: "/run/a b", port: 5432, password: "p@:/?#"}
	tcp := endpoint{socketDir: "/run", host: "::1", port: 6543, password: "secret"}
	cases := []struct {
		name     string
		endpoint endpoint
		database string
		host     string
	}{
		{"by a socket", socket, "roster", "/run/a b"},
		{"by a socket to an odd name", socket, `a "b"/c?`, "/run/a b"},
		{"by TCP", tcp, "roster", "::1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			config, err := pgx.ParseConfig(c.endpoint.url(c.database))
			if err != nil {
				t.Fatal(err)
			}
			if config.Host != c.host || int(config.Port) != c.endpoint.port ||
				config.Database != c.database || config.User != superuser || config.Password != c.endpoint.password {
				t.Errorf("got %s:%d %q of %s", config.Host, config.Port, config.Database, config.User)
			}
			if config.TLSConfig != nil {
				t.Error("TLS to a server that has none")
			}
		})
	}
}

func TestEachDataFolderHasASocketOfItsOwn(t *testing.T) {
	a, again, b := folderKey("/a"), folderKey("/a"), folderKey("/b")
	if a == b {
		t.Error("two folders share a socket")
	}
	if a != again {
		t.Error("a folder's socket moves")
	}
}
