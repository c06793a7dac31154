package sqlcheck

import (
	"fmt"
	"reflect"

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
	// (escaped "??", also within quotes). It runs only within New.
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

// Query is a checked query. It is safe for concurrent use.
type Query[P, R any] struct {
	name     string
	params   params
	columns  columns
	variants []*variant
	plan     Gate
}

// New defines a query and registers it. It is for package-level variables: it
// panics, naming the place of the call, when the definition is wrong: a name
// that is malformed or taken, too many variants, a text that depends on a
// value that is not enumerated, an argument that is not a field of P, a field
// of P without effect, "SELECT *", or a type that is not supported.
func New[P, R any](def Def[P, R]) *Query[P, R] {
	at := caller()
	q, err := define(def)
	if err == nil {
		err = registered.add(q.definition(at))
	}
	if err != nil {
		panic(fmt.Sprintf("%s: query %q: %v", at, def.Name, err))
	}
	return q
}

func define[P, R any](def Def[P, R]) (*Query[P, R], error) {
	if def.MaxVariants == 0 {
		def.MaxVariants = DefaultMaxVariants
	}
	columns, err := columnsOf(reflect.TypeFor[R]())
	if err != nil {
		return nil, err
	}
	params, err := paramsOf(reflect.TypeFor[P](), def.Enums)
	if err != nil {
		return nil, err
	}
	if n := params.variants(); n > def.MaxVariants {
		return nil, fmt.Errorf("%d variants are more than %d: take optional or enumerated fields away, "+
			"split the query, or raise MaxVariants", n, def.MaxVariants)
	}
	variants, err := enumerate(&params, func(p reflect.Value) (string, []any, error) {
		return build(def.Build(p.Interface().(P)))
	})
	if err != nil {
		return nil, err
	}
	return &Query[P, R]{def.Name, params, columns, variants, def.Plan}, nil
}

func (q *Query[P, R]) definition(at string) Definition {
	d := Definition{Name: q.name, Source: at, Params: reflect.TypeFor[P](), Row: reflect.TypeFor[R](), Plan: q.plan}
	for i, v := range q.variants {
		d.Variants = append(d.Variants, Variant{Name: q.params.describe(i), Text: v.text, Args: v.fields()})
	}
	return d
}

// statement gives the variant that p selects and its arguments. The fields of
// a struct in an interface can be read without a copy, so the arguments cost
// two allocations in all: the interface and the slice.
func (q *Query[P, R]) statement(p P) (*variant, []any, error) {
	v := reflect.ValueOf(p)
	n, err := q.params.variantOf(v)
	if err != nil {
		return nil, nil, err
	}
	variant := q.variants[n]
	args := make([]any, len(variant.args))
	for i, f := range variant.args {
		args[i] = v.FieldByIndex(f.index).Interface()
	}
	return variant, args, nil
}
