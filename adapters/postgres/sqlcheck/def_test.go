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

// wrong is the error of a definition with the parameters P.
func wrong[P any](build func(P) sq.Sqlizer, change ...func(*Def[P, None])) func() error {
	return func() error {
		def := Def[P, None]{Name: "wrong", Build: build}
		for _, c := range change {
			c(&def)
		}
		_, err := define(def)
		return err
	}
}

func enums[P any](field string, values ...string) func(*Def[P, None]) {
	return func(d *Def[P, None]) { d.Enums = map[string][]string{field: values} }
}

// where is a builder with a condition.
func where(condition any, args ...any) sq.Sqlizer {
	return sq.Delete("t").Where(condition, args...)
}

type (
	oneText  struct{ A string }
	oneInt   struct{ A int }
	oneBool  struct{ A bool }
	oneUUID  struct{ A uuid }
	onePtr   struct{ A *string }
	oneSlice struct{ A []int64 }
	oneOpt   struct{ A Opt[string] }
	hidden   struct{ a string }
	nested   struct{ A struct{ B string } }
	ptrPtr   struct{ A **string }
	twice    struct {
		oneText
		Inner struct{}
	}
	clash struct {
		oneText
		oneInt
	}
)

func TestAWrongDefinitionIsRefused(t *testing.T) {
	calls := 0
	tests := map[string]struct {
		define func() error
		want   string
	}{
		"parameters that are no struct":    {wrong(func(string) sq.Sqlizer { return nil }), "string is not a struct"},
		"an unexported field":              {wrong(func(p hidden) sq.Sqlizer { return where("a = ?", p.a) }), "field a of sqlcheck.hidden must be exported"},
		"a struct in a field":              {wrong(func(nested) sq.Sqlizer { return nil }), "type struct { B string } is not supported"},
		"a pointer to a pointer":           {wrong(func(ptrPtr) sq.Sqlizer { return nil }), "type **string is not supported"},
		"a struct in an embedding struct":  {wrong(func(twice) sq.Sqlizer { return nil }), "field Inner"},
		"two fields of one name":           {wrong(func(clash) sq.Sqlizer { return nil }), "sqlcheck.clash has two fields A"},
		"a builder that returns nothing":   {wrong(func(None) sq.Sqlizer { return nil }), "Build returned nil"},
		"a builder that panics":            {wrong(func(p onePtr) sq.Sqlizer { return where("a = ?", *p.A) }), "Build panicked: runtime error: invalid memory address"},
		"a builder that fails":             {wrong(func(None) sq.Sqlizer { return sq.Select() }), "at least one result column"},
		"an argument that is computed":     {wrong(func(p oneText) sq.Sqlizer { return where("a LIKE ?", p.A+"%") }), "argument $1 (string) is not a field of sqlcheck.oneText"},
		"an argument that is converted":    {wrong(func(p oneInt) sq.Sqlizer { return where("a = ?", int64(p.A)) }), "argument $1 (int64) is not a field"},
		"an argument that is a constant":   {wrong(func(p oneText) sq.Sqlizer { return where("a = ? AND b = ?", p.A, "b") }), "argument $2 (string) is not a field"},
		"a constant that is zero":          {wrong(func(p oneText) sq.Sqlizer { return where("a = ? AND b = ?", p.A, "") }), "argument $2 (string) is not a field"},
		"a constant bool":                  {wrong(func(p oneBool) sq.Sqlizer { return where("a = ? AND b = ?", p.A, true) }), "argument $2 (bool) is not a field"},
		"a negated bool":                   {wrong(func(p oneBool) sq.Sqlizer { return where("a = ?", !p.A) }), "argument $1 (bool) is not a field"},
		"a UUID in Eq":                     {wrong(func(p oneUUID) sq.Sqlizer { return where(sq.Eq{"a": p.A}) }), "argument $1 (uint8) is not a field"},
		"a pointer in Eq":                  {wrong(func(p onePtr) sq.Sqlizer { return where(sq.Eq{"a": p.A}) }), "the text depends on the value of A"},
		"a slice in Eq":                    {wrong(func(p oneSlice) sq.Sqlizer { return where(sq.Eq{"a": p.A}) }), `instead of Eq with a slice use "= ANY(?)"`},
		"a subquery in Eq":                 {wrong(func(p oneText) sq.Sqlizer { return where(sq.Eq{"a": where("b = ?", p.A)}) }), "argument $1 (squirrel.DeleteBuilder) is not a field"},
		"a number in LIMIT":                {wrong(func(p oneInt) sq.Sqlizer { return sq.Select("a").From("t").Limit(uint64(p.A)) }), `use Suffix("LIMIT ?", n)`},
		"a value in the text":              {wrong(func(p oneText) sq.Sqlizer { return where("a = '" + p.A + "'") }), "the text depends on the value of A"},
		"a bool that changes the text":     {wrong(func(p oneBool) sq.Sqlizer { return where(fmt.Sprint("a = ", p.A)) }), "the text depends on the value of A"},
		"an optional value in the text":    {wrong(func(p oneOpt) sq.Sqlizer { return where("a = '" + p.A.V + "'") }), "the text depends on the value of A"},
		"a builder that is not pure":       {wrong(func(p None) sq.Sqlizer { calls++; return where(fmt.Sprint("a = ", calls)) }), "the text differs from build to build"},
		"dollar placeholders":              {wrong(func(p oneText) sq.Sqlizer { return sq.Delete("t").Where("a = ?", p.A).PlaceholderFormat(sq.Dollar) }), "numbered placeholder"},
		"a field that is not used":         {wrong(func(p oneText) sq.Sqlizer { return where("a = 1") }), "field A of sqlcheck.oneText is an argument of no variant"},
		"an Opt whose Set is not asked":    {wrong(func(p oneOpt) sq.Sqlizer { return where("a = ?", p.A.V) }), "field A of sqlcheck.oneOpt changes no text"},
		"an Enum that changes nothing":     {wrong(func(p oneText) sq.Sqlizer { return where("a = ?", p.A) }, enums[oneText]("A", "x", "y")), "field A of sqlcheck.oneText changes no text"},
		"an Enum of an unknown field":      {wrong(func(None) sq.Sqlizer { return where("a = 1") }, enums[None]("Sort", "x")), "sqlcheck.None has no field Sort"},
		"an Enum without values":           {wrong(func(oneText) sq.Sqlizer { return nil }, enums[oneText]("A")), "must be some values, each once"},
		"an Enum with a value twice":       {wrong(func(oneText) sq.Sqlizer { return nil }, enums[oneText]("A", "x", "y", "x")), "must be some values, each once"},
		"an Enum of a number":              {wrong(func(oneInt) sq.Sqlizer { return nil }, enums[oneInt]("A", "1")), "only a string or a bool can be enumerated"},
		"an Enum of a bool without values": {wrong(func(oneBool) sq.Sqlizer { return nil }, enums[oneBool]("A", "true")), `Enums of a bool are "false", "true"`},
		"too many variants": {wrong(func(oneText) sq.Sqlizer { return nil }, enums[oneText]("A", "x", "y", "z"),
			func(d *Def[oneText, None]) { d.MaxVariants = 2 }), "3 variants are more than 2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if err := test.define(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
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
