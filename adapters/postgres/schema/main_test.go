package schema_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

var migrated = pgtest.NewTemplate(migrate.Up)

// database is a migrated database, and the role whose rights are looked at.
type database struct {
	url  string
	conn *pgx.Conn
	pool *pgxpool.Pool
	role string
}

func open(t *testing.T) *database {
	t.Helper()
	return at(t, migrated.Database(t))
}

func at(t *testing.T, url string) *database {
	t.Helper()
	settings, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	settings.MaxConns = 1
	settings.ConnConfig.RuntimeParams["search_path"] = "roster, public" // Verify must not depend on it
	pool, err := pgxpool.NewWithConfig(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return &database{url: url, conn: pgtest.Connect(t, url), pool: pool}
}

func (d *database) verify(t *testing.T) []schema.Difference {
	t.Helper()
	report, err := schema.Verify(t.Context(), sqlcheck.Pool(d.pool), d.role)
	if err != nil {
		t.Fatal(err)
	}
	return report.Differences
}

// fix runs the statements of all differences, and returns what differs then.
func (d *database) fix(t *testing.T, found []schema.Difference) []schema.Difference {
	t.Helper()
	for _, difference := range found {
		if len(difference.Fix) == 0 {
			t.Errorf("%s: no statement removes it", difference)
		}
		for _, statement := range difference.Fix {
			if _, err := d.conn.Exec(t.Context(), statement, pgx.QueryExecModeSimpleProtocol); err != nil {
				t.Fatalf("%s: %s: %v", difference, statement, err)
			}
		}
	}
	return d.verify(t)
}

// list shows differences in a failure.
func list(found []schema.Difference) string {
	var lines []string
	for _, d := range found {
		lines = append(lines, string(d.Severity)+": "+d.String()+"; "+strings.Join(d.Fix, " "))
	}
	return strings.Join(lines, "\n")
}
