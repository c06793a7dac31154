package sqlcheck

import (
	"cmp"
	"fmt"
	"reflect"
	"sync"

	sq "github.com/Masterminds/squirrel"
)

// DefaultMaxVariants bounds a definition that sets no limit of its own. pgx
// keeps 512 prepared statements a connection, so one definition should take
// only a part of them.
const DefaultMaxVariants = 256

// Def defines a query: parameters P, a struct, make a statement whose rows are
// R, a struct with a db:"column" tag on each field, or None.
type Def[P, R any] struct {
	// Name is the query's key: unique, lower case, words parted by dots, like
	// "users.list". Errors and lists call the query by it.
	Name string

	// Build makes the statement with squirrel. It must be pure, hand over
	// fields of P unchanged as arguments, and leave the placeholders as "?"
	// (escaped "??", also within quotes). It runs a few times with samples
	// when a variant is first used, perhaps for several variants at once.
	Build func(P) sq.Sqlizer

	// Enums lists, by field name, the values of those fields that change the
	// text, such as a sort order. The fields are strings, or bools with the
	// values "false" and "true". At run time any other value is an error.
	Enums map[string][]string

	// MaxVariants is how many variants are acceptable; 0 is
	// DefaultMaxVariants.
	MaxVariants int

	// Plan says what the plan may do on large tables, and why.
	Plan Gate
}

// Opt is a parameter that may be absent: a definition has one variant with it
// and one without.
type Opt[T any] struct {
	V   T
	Set bool
}

// Some is an Opt that is present.
func Some[T any](v T) Opt[T] { return Opt[T]{V: v, Set: true} }

func (Opt[T]) optional() {}

// None is the parameters of a query that has none, or the row of a statement
// that returns none.
type None struct{}

// Query is a defined query. It is safe for concurrent use.
type Query[P, R any] struct {
	def   Def[P, R]
	place place
	form  func() (*form, error) // made once
}

// New defines a query and registers it. It is for package-level variables, and
// builds nothing yet, so that a program with many queries starts fast. It
// panics, naming the place of the call, when the name is malformed or taken.
//
// All else that can be wrong with a definition is too many variants, a text
// that depends on a value that is not enumerated, an argument that is not a
// field of P, a field of P without effect, "SELECT *", or a type that is not
// supported. All builds and checks everything, so a test that lists it fails,
// and so do the commands prepare, check and plans. What serves builds a variant
// when that is first used, and checks what it needs to send the right text and
// arguments: a variant that is wrong is never sent, and using it is an error
// that names the place.
func New[P, R any](def Def[P, R]) *Query[P, R] {
	q := newQuery(def, caller())
	if err := registered.add(def.Name, q.place, q.definition); err != nil {
		panic(q.place.accuse(wrap("query", def.Name, err)))
	}
	return q
}

func newQuery[P, R any](def Def[P, R], at place) *Query[P, R] {
	q := &Query[P, R]{def: def, place: at}
	q.form = sync.OnceValues(func() (*form, error) {
		params, err := paramsOf(reflect.TypeFor[P](), def.Enums)
		if err != nil {
			return nil, err
		}
		columns, err := columnsOf(reflect.TypeFor[R]())
		if err != nil {
			return nil, err
		}
		return newForm(def.Name, params, columns, cmp.Or(def.MaxVariants, DefaultMaxVariants), q.build)
	})
	return q
}

// build makes the text and the arguments of parameters. A Build that panics is
// wrong, and no reason for what serves to end.
func (q *Query[P, R]) build(p reflect.Value) (text string, args []any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("Build panicked: %v", cause)
		}
	}()
	return build(q.def.Build(p.Interface().(P)))
}

// definition builds every variant and checks what concerns them all.
func (q *Query[P, R]) definition() (Definition, error) {
	f, err := q.form()
	if err != nil {
		return Definition{}, wrap("query", q.def.Name, err)
	}
	d := Definition{Name: q.def.Name, Source: q.place.String(), Params: f.params.typ, Row: f.columns.typ, Plan: q.def.Plan}
	all, err := f.enumerate()
	for i, v := range all {
		d.Variants = append(d.Variants, Variant{Name: f.params.describe(i), Text: v.text, Args: v.fields()})
	}
	return d, wrap("query", q.def.Name, err)
}

// statement gives the variant that p selects and its arguments. The fields of
// a struct in an interface can be read without a copy, so the arguments cost
// two allocations in all: the interface and the slice.
func (q *Query[P, R]) statement(p P) (*variant, []any, error) {
	f, err := q.form()
	if err != nil {
		return nil, nil, q.place.wrong(err)
	}
	v := reflect.ValueOf(p)
	n, err := f.params.variantOf(v)
	if err != nil {
		return nil, nil, err
	}
	variant := f.variant(n)
	if variant.err != nil {
		return nil, nil, q.place.wrong(variant.err)
	}
	args := make([]any, len(variant.args))
	for i, f := range variant.args {
		args[i] = v.FieldByIndex(f.index).Interface()
	}
	return variant, args, nil
}
