package tool

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// fill migrates the shop's own database and gives it 20,000 customers.
func (s *shop) fill() {
	s.t.Helper()
	up, _, _ := strings.Cut(readFile(s.t, s.path("migrations/00001_shop.sql")), "-- +goose Down")
	s.execute(up, `INSERT INTO shop.customers (id, email) SELECT gen_random_uuid(), 'a' || n FROM generate_series(1, 20000) n`, "ANALYZE")
}

func (s *shop) execute(statements ...string) {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.database)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, text := range statements {
		if _, err := conn.Exec(s.t.Context(), text, pgx.QueryExecModeSimpleProtocol); err != nil {
			s.t.Fatal(err)
		}
	}
}

func TestPlansAreComparedWithTheGateAndTheSnapshots(t *testing.T) {
	s := prepared(t)
	s.fill()
	s.expect("plans", findings,
		`store/customers.go:22: query "customers.find" (4 of 4 variants): reads all 20000 rows of shop.customers for (customers.email = $1)`,
		`query "customers.find" (2 of 4 variants): sorts about 20000 rows, of shop.customers, by customers.`,
		`snapshots/customers.visit.json: query "customers.visit": a plan is not in the snapshot: `+
			`if it is a good plan, run sqlcheck plans -accept`)
	s.replace("store/customers.go", "\tBuild: func(p find)", `	Plan: sqlcheck.Gate{
		Whole: map[string]string{"shop.customers": "all are shown"},
		Sort:  map[string]string{"shop.customers": "all are shown"},
	},
	Build: func(p find)`)
	s.expect("-accept plans", allWell)
	s.expect("plans", allWell)
	s.expect("check", allWell)
	s.expect("prepare", allWell)
	s.expect("plans", allWell)
	s.execute("CREATE INDEX customers_email ON shop.customers (email)", "CREATE INDEX customers_note ON shop.customers (note)")
	s.expect("plans", findings,
		"/migrations: no query uses the index shop.customers_note of shop.customers: drop it",
		`query "customers.find": the plan of "Email Sort=visits" changed`,
		"-   Seq Scan on shop.customers",
		"+ Index Scan using customers_email on shop.customers")
}

func TestPlansAreComparedOnTheMajorVersionOfTheSnapshotsOnly(t *testing.T) {
	s := prepared(t)
	s.fill()
	s.execute("CREATE INDEX customers_email ON shop.customers (email)")
	s.replace("store/customers.go", "\tBuild: func(p find)", `	Plan: sqlcheck.Gate{
		Whole: map[string]string{"shop.customers": "all are shown"},
		Sort:  map[string]string{"shop.customers": "all are shown"},
	},
	Build: func(p find)`)
	s.expect("-accept plans", allWell)
	s.execute("DROP INDEX shop.customers_email")
	s.expect("plans", findings, `the plan of "Sort=email" changed`)
	file := s.path("store/snapshots/_schema.json")
	text := regexp.MustCompile(`"postgres": "\d+"`).ReplaceAllString(readFile(t, file), `"postgres": "14"`)
	s.write("store/snapshots/_schema.json", text)
	s.expect("plans", allWell, "not compared with the snapshots, which are of PostgreSQL 14: this server is ")
	s.expect("-accept plans", failed, "accept plans on 14, or run sqlcheck prepare on ")
}

const filler = `package main

import (
	"context"
	"os"

	"github.com/jackc/pgx/v5"
)

func main() {
	conn, err := pgx.Connect(context.Background(), os.Getenv("DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	const text = "INSERT INTO shop.%s (id, email) SELECT gen_random_uuid(), 'a' || n FROM generate_series(1, 20000) n"
	if _, err := conn.Exec(context.Background(), text); err != nil {
		panic(err)
	}
}
`

func TestPlansFillADatabaseOfTheirOwn(t *testing.T) {
	s := prepared(t)
	s.database = ""
	s.replace("store/sqlcheck.json", "{", `{"fill": ["go", "run", "fill.go"], `)
	s.write("store/fill.go", "//go:build ignore\n\n"+fmt.Sprintf(filler, "customers"))
	s.expect("plans", findings, `query "customers.find" (4 of 4 variants): reads all 20000 rows of shop.customers`)
	s.write("store/fill.go", "//go:build ignore\n\n"+fmt.Sprintf(filler, "clients"))
	s.expect("plans", failed, "go run fill.go: exit status 1", `relation "shop.clients" does not exist`)
}

func TestPlansAreNotCheckedBeforeTheQueriesArePrepared(t *testing.T) {
	const later = "sqlcheck: plans can't be checked before the queries are prepared: run sqlcheck prepare\n"
	s := prepared(t)
	s.fill()
	database := s.database
	s.database = ""
	s.replace("store/sqlcheck.json", "{", `{"fill": ["go", "run", "fill.go"], `)
	s.write("store/fill.go", "//go:build ignore\n\n"+fmt.Sprintf(filler, "customers"))
	s.migrate("00002_rename.sql", "ALTER TABLE shop.customers RENAME COLUMN email TO address")
	if got := s.fails("plans"); got != later {
		t.Errorf("where nothing fills the database: printed %s", got)
	}
	s.database = database
	s.expect("prepare", findings)
	s.execute("ALTER TABLE shop.customers RENAME COLUMN email TO address")
	s.expect("plans", findings, `customers.go:22: query "customers.find": PostgreSQL refuses it: ERROR: column "email" does not exist`,
		"run sqlcheck prepare, which says why")
	s.replace("store/customers.go", "Email  string", "Address string", `"email"`, `"address"`, `"email = ?"`, `"address = ?"`)
	s.expect("prepare", allWell)
	s.database = ""
	s.expect("plans", failed, "go run fill.go: exit status 1", `column "email" of relation "customers" does not exist`)
}

func TestPlansWantADatabase(t *testing.T) {
	var out, errs bytes.Buffer
	if got := Main(t.Context(), []string{"plans", "testdata/shop/store"}, &out, &errs, start); got != failed {
		t.Errorf("exit status %d", got)
	}
	has(t, "plans", errs.String(), "name a command that fills one under \"fill\" in testdata/shop/store/sqlcheck.json")
}
