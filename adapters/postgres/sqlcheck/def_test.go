package sqlcheck

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"
)

// here is the place that called it, as New notes it.
func here() place { return caller() }

// define defines a query that is not registered, and checks all of it.
func define[P, R any](def Def[P, R]) (*Query[P, R], error) {
	q := newQuery(&def, here())
	_, err := q.definition()
	return q, err
}

func TestTheErrorNamesTheFieldAtFault(t *testing.T) {
	type p struct{ A, B string }
	tests := map[string]struct {
		define func() error
		want   string
	}{
		"a value in the text": {
			wrong(func(p p) sq.Sqlizer { return where("a = ? AND b = '"+p.B+"'", p.A) }),
			"the text depends on the value of B:",
		},
		"an Enum that changes nothing beside one that does": {
			wrong(func(p p) sq.Sqlizer { return where("a = '"+p.A+"' AND b = ?", p.B) }, func(d *Def[p, None]) {
				d.Enums = map[string][]string{"A": {"x", "y"}, "B": {"x", "y"}}
			}),
			"field B of sqlcheck.p changes no text",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if err := test.define(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestTheErrorNamesTheVariant(t *testing.T) {
	err := wrong(func(p oneOpt) sq.Sqlizer {
		if p.A.Set {
			return where("a = ?", p.A.V+"%")
		}
		return where("a = 1")
	})()
	if err == nil || !strings.HasPrefix(err.Error(), `query "wrong": variant "A": argument $1`) {
		t.Errorf("got %v", err)
	}
}

func TestTheDefaultLimitHoldsForManyChoices(t *testing.T) {
	type many struct{ A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X Opt[bool] }
	err := wrong(func(many) sq.Sqlizer { return nil })()
	if err == nil || !strings.Contains(err.Error(), "more than 256") {
		t.Errorf("got %v", err)
	}
}

type badRow struct {
	A string `db:"a"`
	B string `db:"a"`
}

func TestAWrongRowIsRefused(t *testing.T) {
	tests := map[string]struct {
		err  error
		want string
	}{
		"no struct":            {wrongRow[int64](), "rows: int64 is not a struct"},
		"a field without tag":  {wrongRow[oneText](), `field A of sqlcheck.oneText needs a tag db:"column"`},
		"two fields, one name": {wrongRow[badRow](), `fields A and B of sqlcheck.badRow are both column "a"`},
		"an optional field": {wrongRow[struct {
			A Opt[string] `db:"a"`
		}](), "type sqlcheck.Opt[string] is not supported"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
				t.Errorf("got %v, want %s", test.err, test.want)
			}
		})
	}
}

func wrongRow[R any]() error {
	_, err := define(Def[None, R]{Name: "wrong", Build: func(None) sq.Sqlizer { return sq.Select("1 AS a") }})
	return err
}

func TestVariantsAreEveryCombinationOfChoices(t *testing.T) {
	type p struct {
		Since Opt[time.Time]
		Sort  string
		All   bool
	}
	q := newQuery(&Def[p, None]{
		Name:  "variants",
		Enums: map[string][]string{"Sort": {"up", "down"}, "All": {"false", "true"}},
		Build: func(p p) sq.Sqlizer {
			b := sq.Select("a").From("t").OrderBy(p.Sort)
			if p.Since.Set {
				b = b.Where("c >= ? OR d >= ?", p.Since.V, p.Since.V)
			}
			if p.All {
				b = b.Where("e")
			}
			return b
		},
	}, here())
	d, err := q.definition()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range d.Variants {
		got = append(got, fmt.Sprintf("%s: %s %v", v.Name, v.Text, v.Args))
	}
	want := []string{
		"Sort=up: SELECT a FROM t ORDER BY up []",
		"Sort=up All: SELECT a FROM t WHERE e ORDER BY up []",
		"Sort=down: SELECT a FROM t ORDER BY down []",
		"Sort=down All: SELECT a FROM t WHERE e ORDER BY down []",
		"Since Sort=up: SELECT a FROM t WHERE c >= $1 OR d >= $2 ORDER BY up [Since Since]",
		"Since Sort=up All: SELECT a FROM t WHERE c >= $1 OR d >= $2 AND e ORDER BY up [Since Since]",
		"Since Sort=down: SELECT a FROM t WHERE c >= $1 OR d >= $2 ORDER BY down [Since Since]",
		"Since Sort=down All: SELECT a FROM t WHERE c >= $1 OR d >= $2 AND e ORDER BY down [Since Since]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFieldsThatSamplesCannotTellApartAreRefused(t *testing.T) {
	// 257 one-byte fields: the first and the last have the same samples.
	var fields []reflect.StructField
	for i := range 257 {
		fields = append(fields, reflect.StructField{Name: fmt.Sprint("F", i), Type: reflect.TypeFor[uint8]()})
	}
	_, err := newUntyped(&spec{
		name: "many", params: reflect.StructOf(fields), row: reflect.TypeFor[None](), most: 1,
		build: func(p reflect.Value) sq.Sqlizer { return where("a = ?", p.Field(256).Interface()) },
	}).definition()
	if err == nil || !strings.Contains(err.Error(), "argument $1 (uint8) could be F0 or F256") {
		t.Errorf("got %v", err)
	}
}

func TestAnEnumCanBeAnArgumentToo(t *testing.T) {
	type p struct{ A, B string }
	q, err := define(Def[p, None]{
		Name:  "both",
		Enums: map[string][]string{"A": {"x", "y"}, "B": {"x", "y", "z"}},
		Build: func(p p) sq.Sqlizer { return where("a = ? AND b = ? AND "+p.A+p.B, p.A, p.B) },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []p{{"x", "x"}, {"x", "y"}, {"x", "z"}, {"y", "x"}, {"y", "y"}, {"y", "z"}} {
		v, args, err := q.statement(reflect.ValueOf(want))
		if err != nil || len(args) != 2 || args[0] != want.A || args[1] != want.B || !strings.HasSuffix(v.text, want.A+want.B) {
			t.Errorf("%v gives %s, %v, %v", want, v.text, args, err)
		}
	}
}
