package ledger_test

import (
	"os"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/docs/examples/adoption"
	"github.com/roster-directory/roster/docs/examples/ledger"
	before "github.com/roster-directory/roster/docs/examples/ledger/before"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main{M: m}.Run()) }

var dumped = adoption.Template("schema.sql")

func TestAdoptionTakesFewLines(t *testing.T) { adoption.TakesFewLines(t, "ledger.go") }

func TestTheServiceIsChecked(t *testing.T) { adoption.IsChecked(t) }

// Both versions do the same.
func TestEntriesMakeBalances(t *testing.T) {
	pool := adoption.Pool(t, dumped)
	now, then := ledger.New(pool), before.New(pool)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, cents := range []int64{500, -200} {
		if err := now.Book(t.Context(), ledger.Entry{Account: "cash", Cents: cents, BookedAt: noon}); err != nil {
			t.Fatal(err)
		}
	}
	if err := then.Book(t.Context(), before.Entry{Account: "cash", Cents: 7, BookedAt: noon.Add(-time.Hour)}); err != nil {
		t.Fatal(err)
	}
	balances, err := now.Balances(t.Context(), noon)
	if err != nil || len(balances) != 1 || balances[0] != (ledger.Balance{Account: "cash", Cents: 300, Entries: 2}) {
		t.Errorf("got %+v, %v", balances, err)
	}
	old, err := then.Balances(t.Context(), noon.Add(-time.Hour))
	if err != nil || len(old) != 1 || old[0].Cents != 307 {
		t.Errorf("got %+v, %v", old, err)
	}
}
