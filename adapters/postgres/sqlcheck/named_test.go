package sqlcheck

import (
	"slices"
	"strings"
	"testing"
	"time"
)

type paidOrders struct {
	Customer string
	Min      int64 `db:"at_least"`
	PaidAt   *time.Time
}

var (
	ordersPaid = Text[paidOrders, orderRow]("orders.paid", `
		SELECT id, status FROM shop.orders
		WHERE customer = @customer AND total >= @at_least AND (@paid_at::timestamptz IS NULL OR paid_at = @paid_at)
		ORDER BY total LIMIT 10 -- the @cheapest`)
	ordersTagged = Text[struct{ Tags []string }, orderRow]("orders.tagged", "SELECT id, status FROM shop.orders WHERE tags @> @tags")
	ordersWipe   = New(Def[None, None]{Name: "orders.wipe", Text: "DELETE FROM shop.orders"})
)

func TestATextHasNamedParameters(t *testing.T) {
	db := Pool(open(t))
	add(t, db, anOrder(1), anOrder(2), anOrder(3))
	rows, err := ordersPaid.All(t.Context(), db, paidOrders{Customer: "ada", Min: 2})
	if err != nil || len(rows) != 2 || rows[0].ID != (uuid{15: 2}) {
		t.Errorf("got %v, %v", rows, err)
	}
	if rows, err := ordersPaid.All(t.Context(), db, paidOrders{Customer: "ada", PaidAt: &noon}); err != nil || len(rows) != 0 {
		t.Errorf("got %v, %v", rows, err)
	}
	if rows, err := ordersTagged.All(t.Context(), db, struct{ Tags []string }{[]string{"b"}}); err != nil || len(rows) != 3 {
		t.Errorf("got %v, %v", rows, err)
	}
	if n, err := ordersWipe.Exec(t.Context(), db, None{}); err != nil || n != 3 {
		t.Errorf("deleted %d, %v", n, err)
	}
}

func TestATextIsListedWithTheFieldsOfItsParameters(t *testing.T) {
	d, err := ordersPaid.definition()
	if err != nil {
		t.Fatal(err)
	}
	v := d.Variants[0]
	if len(d.Variants) != 1 || v.Name != "" || !slices.Equal(v.Args, []string{"Customer", "Min", "PaidAt"}) {
		t.Errorf("got %+v", d.Variants)
	}
	if strings.Contains(v.Text, "@customer") || !strings.Contains(v.Text, "customer = $1 AND total >= $2 AND ($3::timestamptz IS NULL") {
		t.Errorf("it sends %s", v.Text)
	}
	if !strings.Contains(d.Source, "named_test.go:") {
		t.Errorf("it is at %s", d.Source)
	}
}

// text is the error of a text with parameters P.
func text[P any](sql string, change ...func(*Def[P, None])) func() error {
	return wrong(nil, append(change, func(d *Def[P, None]) { d.Text = sql })...)
}

func TestAWrongTextSaysWhatToWrite(t *testing.T) {
	type similar struct {
		UserID int64
		UserId int64
	}
	for name, test := range map[string]struct {
		define func() error
		want   string
	}{
		"an unknown parameter":   {text[oneText]("DELETE FROM t WHERE a = @b"), "parameter @b is no field of sqlcheck.oneText, which has @A"},
		"no fields":              {text[None]("DELETE FROM t WHERE a = @b"), "which has none"},
		"two fields":             {text[similar]("DELETE FROM t WHERE a = @user_id"), "could be UserID or UserId of sqlcheck.similar: give"},
		"a field without effect": {text[oneText]("DELETE FROM t"), "field A of sqlcheck.oneText is an argument of no variant"},
		"a number":               {text[oneText]("DELETE FROM t WHERE a = $1"), `a numbered placeholder: name it, as in @id in "DELETE`},
		"every column":           {text[None]("SELECT * FROM t"), "name the columns"},
		"an Opt":                 {text[oneOpt]("DELETE FROM t WHERE a = @a"), "field A of sqlcheck.oneOpt chooses between texts, and Text"},
		"an enum":                {text("DELETE FROM t WHERE a = @a", enums[oneText]("A", "x", "y")), "chooses between texts"},
		"neither":                {wrong[None](nil), "it has neither Build nor Text"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := test.define(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
