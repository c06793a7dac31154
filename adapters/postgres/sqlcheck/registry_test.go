package sqlcheck

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"
)

func find(t *testing.T, name string) Definition {
	t.Helper()
	for d := range All() {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("%s is not registered", name)
	return Definition{}
}

func TestAllListsDefinitionsByName(t *testing.T) {
	var names []string
	for d := range All() {
		names = append(names, d.Name)
		if !regexp.MustCompile(`_test\.go:[0-9]+$`).MatchString(d.Source) {
			t.Errorf("%s is defined at %s", d.Name, d.Source)
		}
		if len(d.Variants) == 0 {
			t.Errorf("%s has no variants", d.Name)
		}
	}
	if !slices.IsSorted(names) || !slices.Contains(names, "orders.list") || !slices.Contains(names, "orders.copy") {
		t.Errorf("got %v", names)
	}
	for range All() {
		break // a caller may stop early
	}
}

func TestADefinitionTellsWhatAQueryIs(t *testing.T) {
	d := find(t, "orders.delete")
	if d.Params != reflect.TypeFor[orderID]() || d.Row != reflect.TypeFor[None]() {
		t.Errorf("parameters %v, row %v", d.Params, d.Row)
	}
	want := []Variant{{Text: "DELETE FROM shop.orders WHERE id = $1", Args: []string{"ID"}}}
	if !reflect.DeepEqual(d.Variants, want) {
		t.Errorf("got %+v, want %+v", d.Variants, want)
	}
	if got := len(find(t, "orders.list").Variants); got != 64 {
		t.Errorf("%d variants, want 2 for each of 6 choices: 64", got)
	}
}

func deleting(name, table string) *Query[orderID, None] {
	return New(Def[orderID, None]{Name: name, Build: func(p orderID) sq.Sqlizer { return sq.Delete(table).Where("id = ?", p.ID) }})
}

var (
	alikeOrders = deleting("alike.orders", "shop.orders")
	alikeOthers = deleting("alike.others", "shop.others")
)

func TestDefinitionsOfOneFunctionAreAtTheirVariables(t *testing.T) {
	line := func(d Definition) int {
		n, err := strconv.Atoi(d.Source[strings.LastIndex(d.Source, ":")+1:])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	first, second := find(t, alikeOrders.name), find(t, alikeOthers.name)
	if line(second) != line(first)+1 {
		t.Errorf("they are at %s and %s", first.Source, second.Source)
	}
}

func TestADefinitionTellsWhatACopyIs(t *testing.T) {
	d := find(t, "orders.copy")
	if d.Params != reflect.TypeFor[None]() || d.Row != reflect.TypeFor[order]() {
		t.Errorf("parameters %v, row %v", d.Params, d.Row)
	}
	want := `copy "shop"."orders" ( "id", "customer", "status", "total", "placed_at", "paid_at", "tags" ) from stdin binary;`
	if len(d.Variants) != 1 || d.Variants[0].Text != want {
		t.Errorf("got %+v, want %s", d.Variants, want)
	}
}

// message is what f panics with.
func message(f func()) (text string) {
	defer func() { text, _ = recover().(string) }()
	f()
	return ""
}

func TestAWrongNamePanicsAtItsPlace(t *testing.T) {
	named := func(name string) func() {
		return func() {
			New(Def[None, None]{Name: name, Build: func(None) sq.Sqlizer { return sq.Delete("t") }})
		}
	}
	tests := map[string]struct {
		define func()
		want   string
	}{
		"a taken name":          {named("orders.list"), `query "orders.list": the name is taken by `},
		"a copy with that name": {func() { NewCopy[orderRow](CopyDef{"orders.list", "a.b"}) }, `copy "orders.list": the name is taken by `},
		"no name":               {named(""), `query "": a name is lower-case words parted by dots`},
		"an upper-case name":    {named("Orders"), "lower-case words"},
		"a path in a name":      {named("../orders"), "lower-case words"},
		"an empty word":         {named("orders."), "lower-case words"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			accused(t, message(test.define), test.want)
		})
	}
}

func TestAWrongDefinitionPanicsAtItsPlaceWhenItIsListed(t *testing.T) {
	nothing := Def[None, None]{Name: "x", Build: func(None) sq.Sqlizer { return nil }}
	tests := map[string]struct {
		add  func(r *registry) error
		want string
	}{
		"a query": {func(r *registry) error {
			q := newQuery(&nothing, here())
			return r.add("x", q.place, q.definition)
		}, `query "x": Build returned nil`},
		"a copy": {func(r *registry) error {
			c := newCopy[orderRow](CopyDef{"x", "b"}, here())
			return r.add("x", c.place, c.definition)
		}, `copy "x": table "b" must be named with its schema`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var r registry
			if err := test.add(&r); err != nil {
				t.Fatal(err)
			}
			accused(t, message(func() {
				for range r.all() {
				}
			}), test.want)
		})
	}
}

// accused wants a panic that names a place in this file.
func accused(t *testing.T, got, want string) {
	t.Helper()
	place, rest, _ := strings.Cut(got, ": ")
	if !regexp.MustCompile(`registry_test\.go:[0-9]+$`).MatchString(place) || !strings.Contains(rest, want) {
		t.Errorf("panicked with %q, want %s", got, want)
	}
}
