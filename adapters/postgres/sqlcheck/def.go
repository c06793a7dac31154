package sqlcheck

import (
	"reflect"

	sq "github.com/Masterminds/squirrel"
)

// defaultMaxVariants bounds a definition that sets no limit of its own. pgx
// keeps 512 prepared statements a connection, so one definition should take
// only a part of them.
const defaultMaxVariants = 256

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

	// Text is the statement, instead of Build. It names fields of P, as in @id, and
	// has one variant. See the function Text.
	Text string

	// Enums lists, by field name, the values of those fields that change the
	// text, such as a sort order. The fields are strings, or bools with the
	// values "false" and "true". At run time any other value is an error.
	Enums map[string][]string

	// MaxVariants is how many variants are acceptable; 0 is 256.
	MaxVariants int

	// Replan has the server make a plan for the values of each call, which
	// costs it a fraction of a millisecond, instead of one for all values. It
	// is for filters whose best plan depends on how much they let pass. In a
	// transaction the statements that follow are planned so, too. In a Batch it
	// has no effect.
	Replan bool

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
type Query[P, R any] struct{ *untyped }

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
	q := newQuery(&def, caller())
	register("query", def.Name, q.place, q.definition)
	return q
}

func newQuery[P, R any](def *Def[P, R], at place) *Query[P, R] {
	s := &spec{
		name: def.Name, place: at, params: reflect.TypeFor[P](), row: reflect.TypeFor[R](),
		enums: def.Enums, most: def.MaxVariants, plan: def.Plan, replan: def.Replan, text: def.Text,
	}
	if build := def.Build; build != nil { // so that the rest of def is not kept
		s.build = func(p reflect.Value) sq.Sqlizer { return build(p.Interface().(P)) }
	}
	return &Query[P, R]{newUntyped(s)}
}
