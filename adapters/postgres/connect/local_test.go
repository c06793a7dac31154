package connect_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/connect"
)

func TestADatabaseOnThisHostIsKnownByItsAddress(t *testing.T) {
	for address, want := range map[string]bool{
		"postgres:///roster?host=/run/postgresql": true,
		"postgres://localhost/roster":             true,
		"postgres://127.0.0.1:5433/roster":        true,
		"postgres://[::1]/roster":                 true,
		"postgres://10.0.0.5/roster":              false,
		"postgres://db.example.com/roster":        false,
		"postgres://localhost.example.com/roster": false,
	} {
		config, err := connect.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := connect.Local(config.ConnConfig); got != want {
			t.Errorf("%s is on this host: %t", address, got)
		}
	}
}
