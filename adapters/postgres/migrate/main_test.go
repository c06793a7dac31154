package migrate_test

import (
	"log/slog"
	"testing"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

var empty pgtest.Template

var migratedOnce = pgtest.NewTemplate(migrate.Up)

func migrator(t *testing.T, url string) *migrate.Migrator {
	t.Helper()
	m, err := migrate.New(url, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// migrated returns the address of a new database with the whole schema.
func migrated(t *testing.T) string {
	t.Helper()
	return migratedOnce.Database(t)
}
