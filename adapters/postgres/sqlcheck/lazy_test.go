package sqlcheck

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	sq "github.com/Masterminds/squirrel"
)

// counted is a definition of 64 variants that notes what it builds.
func counted() (def Def[listOrders, order], builds func() []listOrders) {
	var mu sync.Mutex
	var all []listOrders
	def = ordersDef
	def.Build = func(p listOrders) sq.Sqlizer {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, p)
		return ordersDef.Build(p)
	}
	return def, func() []listOrders {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

func TestAVariantIsBuiltWhenItIsFirstUsed(t *testing.T) {
	def, builds := counted()
	q := newQuery(&def, here())
	if n := len(builds()); n != 0 {
		t.Fatalf("%d builds before any use", n)
	}
	first, _, err := q.statement(reflect.ValueOf(threeFilters))
	if err != nil {
		t.Fatal(err)
	}
	used := len(builds())
	for _, p := range builds() {
		if !p.Customer.Set || !p.Status.Set || !p.Since.Set || p.IDs.Set || p.Sort != "newest" {
			t.Errorf("built %+v, which is another variant", p)
		}
	}
	again, _, err := q.statement(reflect.ValueOf(threeFilters))
	if err != nil || again != first || used == 0 || len(builds()) != used {
		t.Errorf("%d builds at first and %d in all, %v", used, len(builds()), err)
	}
	if _, err := q.definition(); err != nil || len(builds()) != 64*used {
		t.Errorf("%d builds of 64 variants, %v", len(builds()), err)
	}
}

func TestAVariantMayBeFirstUsedByManyAtOnce(t *testing.T) {
	def, _ := counted()
	q := newQuery(&def, here())
	texts := make([][]string, 16)
	var all sync.WaitGroup
	for i := range texts {
		all.Go(func() {
			for n := range 4 {
				p := listOrders{Sort: "total", Min: int64(i), Unpaid: n%2 == 1}
				if n > 1 {
					p.Customer = Some("ada")
				}
				v, args, err := q.statement(reflect.ValueOf(p))
				if err != nil || args[0] != p.Min {
					t.Errorf("%v, %v", args, err)
					return
				}
				if name, ok := NameOf(v.text); !ok || name != "orders.list" {
					t.Errorf("%q is sent while its name is %q", v.text, name)
				}
				texts[i] = append(texts[i], v.text)
			}
		})
	}
	all.Wait()
	for _, got := range texts {
		if !slices.Equal(got, texts[0]) {
			t.Errorf("got %q and %q", got, texts[0])
		}
	}
}

type wrongIf struct {
	A Opt[string]
	B string
}

// wrongWithA has one variant that is right, and one that is wrong.
func wrongWithA(build func(p wrongIf) sq.Sqlizer) *Query[wrongIf, None] {
	return newQuery(&Def[wrongIf, None]{Name: "half.wrong", Build: func(p wrongIf) sq.Sqlizer {
		if p.A.Set {
			return build(p)
		}
		return where("FALSE AND customer = ?", p.B)
	}}, here())
}

func TestAWrongVariantIsAnErrorOfItsUse(t *testing.T) {
	db := Pool(open(t))
	var none []string
	for name, test := range map[string]struct {
		build func(p wrongIf) sq.Sqlizer
		want  string
	}{
		"an argument that is no field": {
			func(p wrongIf) sq.Sqlizer { return where("a = ?", p.A.V+p.B) },
			`variant "A": argument $1 (string) is not a field`,
		},
		"a value in the text": {
			func(p wrongIf) sq.Sqlizer { return where("a = '" + p.B + "'") },
			`variant "A": the text depends on the value of B`,
		},
		"a panic": {
			func(wrongIf) sq.Sqlizer { return where(none[0]) },
			`variant "A": Build panicked: runtime error: index out of range`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			q := wrongWithA(test.build)
			for range 2 { // it is remembered
				_, err := q.Exec(t.Context(), db, wrongIf{A: Some("a")})
				blames(t, err, `query "half.wrong": its definition at `, "lazy_test.go:", test.want)
			}
			var b Batch
			q.Queue(&b, wrongIf{A: Some("a")})
			blames(t, b.Send(t.Context(), db), `query "half.wrong": its definition at `, test.want)
		})
	}
}

func TestTheOtherVariantsOfAWrongDefinitionServe(t *testing.T) {
	q := newQuery(&Def[wrongIf, orderRow]{Name: "half.right", Build: func(p wrongIf) sq.Sqlizer {
		if p.A.Set {
			return sq.Select("id").From("t").Where("a = ?", p.A.V+"%")
		}
		return sq.Select("id", "status").From("shop.orders").Where("customer = ?", p.B)
	}}, here())
	db := Pool(open(t))
	add(t, db, anOrder(1))
	if rows, err := q.All(t.Context(), db, wrongIf{B: "ada"}); err != nil || len(rows) != 1 {
		t.Errorf("got %v, %v", rows, err)
	}
	if _, err := q.definition(); err == nil {
		t.Error("and all of it is right")
	}
}

func TestTypesThatAreWrongAreErrorsOfTheirUse(t *testing.T) {
	db := Pool(open(t))
	many := newQuery(&Def[oneText, None]{
		Name: "too.many", MaxVariants: 1, Enums: map[string][]string{"A": {"x", "y"}}, Build: func(oneText) sq.Sqlizer { return nil },
	}, here())
	row := newQuery(&Def[None, oneText]{Name: "no.tag", Build: func(None) sq.Sqlizer { return nil }}, here())
	_, err := many.Exec(t.Context(), db, oneText{"x"})
	blames(t, err, `query "too.many": its definition at `, "lazy_test.go:", "2 variants are more than 1")
	_, err = row.All(t.Context(), db, None{})
	blames(t, err, `query "no.tag": its definition at `, "lazy_test.go:", "needs a tag")
	copied := newCopy[orderRow](CopyDef{"no.schema", "orders"}, here())
	_, err = copied.Send(t.Context(), db, func(func(orderRow, error) bool) { t.Error("the rows are read") })
	blames(t, err, `copy "no.schema": its definition at `, "lazy_test.go:", `table "orders" must be named with its schema`)
}

func blames(t *testing.T, err error, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
}

func TestATextHasANameOnceItIsUsed(t *testing.T) {
	q := newQuery(&Def[oneText, None]{Name: "named.late", Build: func(p oneText) sq.Sqlizer { return where("named_late = ?", p.A) }}, here())
	c := newCopy[orderRow](CopyDef{"copied.late", "shop.late"}, here())
	const text, copied = "DELETE FROM t WHERE named_late = $1", `copy "shop"."late" ( "id", "status" ) from stdin binary;`
	var seen []string
	tracer := NewTracer(func(_ context.Context, text string) { seen = append(seen, text) })
	for _, s := range []string{text, copied} {
		if name, ok := NameOf(s); ok {
			t.Errorf("%q is of %q before it was used", s, name)
		}
		tracer.see(t.Context(), s)
	}
	if _, _, err := q.statement(reflect.ValueOf(oneText{})); err != nil {
		t.Fatal(err)
	}
	if _, err := c.target(); err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]string{text: "named.late", copied: "copied.late"} {
		if name, ok := NameOf(s); !ok || name != want {
			t.Errorf("%q is of %q", s, name)
		}
		tracer.see(t.Context(), s)
	}
	if want := []string{text, copied}; !slices.Equal(seen, want) || tracer.Unknown() != 2 {
		t.Errorf("the tracer saw %q, want %q", seen, want)
	}
}
