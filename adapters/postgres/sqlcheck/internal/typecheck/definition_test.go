package typecheck_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/typecheck"
)

type find struct {
	Customer sqlcheck.Opt[string]
	Since    sqlcheck.Opt[time.Time]
	Min      int64
}

type found struct {
	ID   [16]byte `db:"id"`
	Note string   `db:"note"`
}

func list(column string) func(find) sq.Sqlizer {
	return func(p find) sq.Sqlizer {
		b := sq.Select("id", "note").From("shop.orders").Where("total >= ?", p.Min)
		if p.Customer.Set {
			b = b.Where("customer = ?", p.Customer.V)
		}
		if p.Since.Set {
			b = b.Where(column+" > ?", p.Since.V).Where("note IS NOT NULL")
		}
		return b
	}
}

type copied struct {
	ID       [16]byte  `db:"id"`
	Customer *string   `db:"customer"`
	Total    int64     `db:"total"`
	PlacedAt time.Time `db:"placed_at"`
	Tags     []string  `db:"tags"`
	Weight   float64   `db:"weight"`
}

var (
	_ = sqlcheck.New(sqlcheck.Def[find, found]{Name: "orders.some", Build: list("placed_at")})
	_ = sqlcheck.New(sqlcheck.Def[find, found]{Name: "orders.gone", Build: list("made_at")})
	_ = sqlcheck.NewCopy[copied](sqlcheck.CopyDef{Name: "orders.copied", Table: "shop.orders"})
)

func TestDefinitionsAreChecked(t *testing.T) {
	want := map[string][]string{
		"orders.some": {
			`column "note" can be NULL (shop.orders.note is not declared NOT NULL); field Note is string: make it *string in ["" "Customer"]`,
		},
		"orders.gone": {
			`column "made_at" does not exist in ["Since" "Customer Since"]`,
			`column "note" can be NULL (shop.orders.note is not declared NOT NULL); field Note is string: make it *string in ["" "Customer"]`,
		},
		"orders.copied": {
			`parameter $2 is written to shop.orders.customer, which is NOT NULL; field Customer is *string: make it string in [""]`,
			`parameter $6 is numeric; field Weight is float64, whose values don't all fit: make it string in [""]`,
		},
	}
	d := describe.New(connect(t))
	for def := range sqlcheck.All() {
		t.Run(def.Name, func(t *testing.T) {
			findings, err := typecheck.Definition(t.Context(), d, def)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range findings {
				got = append(got, fmt.Sprintf("%s in %q", f, f.Variants))
				if refused := f.Refused != nil; refused != (f.Fix == "") {
					t.Errorf("%s was refused by the server: %v", f, refused)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want[def.Name]) {
				t.Errorf("got %q", got)
			}
		})
	}
}
