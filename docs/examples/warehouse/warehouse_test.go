package warehouse_test

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/docs/examples/adoption"
	"github.com/roster-directory/roster/docs/examples/warehouse"
	before "github.com/roster-directory/roster/docs/examples/warehouse/before"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main{M: m}.Run()) }

var migrated = adoption.Template("migrations/1_stock.up.sql", "migrations/2_moves.up.sql")

func TestAdoptionTakesFewLines(t *testing.T) { adoption.TakesFewLines(t, "warehouse.go") }

func TestTheServiceIsChecked(t *testing.T) { adoption.IsChecked(t) }

// Both versions do the same. A move is a transaction of a checked statement and one
// that is not.
func TestItemsAreListedAndMoved(t *testing.T) {
	pool := adoption.Pool(t, migrated)
	const insert = "INSERT INTO items (name, price, stock) VALUES ('bolt', 0.25, 10), ('nut', 0.1, 5)"
	if _, err := pool.Exec(t.Context(), insert); err != nil {
		t.Fatal(err)
	}
	now, then := warehouse.New(pool), before.New(pool)
	if err := now.Move(t.Context(), warehouse.Move{ItemID: 1, Quantity: -3, Reason: pgtype.Text{String: "sold", Valid: true}}); err != nil {
		t.Fatal(err)
	}
	if err := then.Move(t.Context(), before.Move{ItemID: 1, Quantity: -3}); err != nil {
		t.Fatal(err)
	}
	if err := now.Move(t.Context(), warehouse.Move{ItemID: 9, Quantity: 1}); err == nil {
		t.Error("an item that isn't there moved")
	}
	items, err := now.Items(t.Context(), warehouse.List{Name: sqlcheck.Some("bolt"), Limit: 9})
	if err != nil || len(items) != 1 || items[0].Stock != 4 || items[0].Note.Valid || !items[0].CountedAt.Valid {
		t.Errorf("got %+v, %v", items, err)
	}
	all, err := now.Items(t.Context(), warehouse.List{Limit: 9})
	old, oldErr := then.Items(t.Context(), before.List{Limit: 9})
	if err != nil || oldErr != nil || len(all) != 2 || len(old) != 2 || all[1].Name != "nut" {
		t.Errorf("got %+v, %v and %+v, %v", all, err, old, oldErr)
	}
}
