package sqlcheck

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math/bits"
	"reflect"
	"slices"
	"sync/atomic"
)

// variant is one text of a query, and the field behind each argument; or why
// there is none.
type variant struct {
	err  error
	text string
	args []*param
	scan atomic.Pointer[scanPlan] // of the last result
}

func (v *variant) fields() []string {
	var names []string
	for _, a := range v.args {
		names = append(names, a.name)
	}
	return names
}

// builder makes the text and the arguments for a struct of parameters.
type builder func(p reflect.Value) (text string, args []any, err error)

// trace builds a variant once with zero values and several times with samples
// by which the fields differ. The texts must be equal; an argument comes from
// the field that had the argument's value each time.
func trace(ps *params, n int, build builder) (*variant, error) {
	var v *variant
	var samples []reflect.Value
	var builds [][]any
	for round := range ps.rounds() {
		p := ps.sample(n, round, nil)
		text, args, err := build(p)
		if err != nil {
			return nil, err
		}
		if v == nil {
			v = &variant{text: text}
		}
		if text != v.text {
			return nil, textChanger(ps, n, round, v.text, build)
		}
		samples, builds = append(samples, p), append(builds, args)
	}
	for i, arg := range builds[len(builds)-1] {
		sources := ps.sources(samples, builds, i)
		if len(sources) == 0 {
			return nil, ps.noField(i+1, arg)
		}
		if len(sources) > 1 && !sources[0].enum {
			return nil, fmt.Errorf("argument $%d (%T) could be %s or %s: there are too many fields of a small type",
				i+1, arg, sources[0].name, sources[1].name)
		}
		v.args = append(v.args, sources[0])
	}
	return v, nil
}

// sources are the fields that equal argument i in each build: one, unless
// enumerated fields have the same value in this variant.
func (ps *params) sources(samples []reflect.Value, builds [][]any, i int) []*param {
	var equal []*param
	for _, p := range ps.args {
		same := true
		for round, args := range builds {
			field := samples[round].FieldByIndex(p.index).Interface()
			same = same && equals(args[i], field)
		}
		if same {
			equal = append(equal, p)
		}
	}
	return equal
}

// equals reports whether an argument is a field, of equal type, too, or what
// squirrel's Eq makes of one: its Value. pgx gets the field.
func equals(arg, field any) bool {
	if reflect.DeepEqual(arg, field) {
		return true
	}
	v, ok := field.(driver.Valuer)
	if !ok || reflect.ValueOf(field).Kind() == reflect.Pointer {
		return false
	}
	value, err := v.Value()
	return err == nil && value != nil && reflect.DeepEqual(arg, value)
}

// noField says what to write instead of an argument that is no field.
func (ps *params) noField(place int, arg any) error {
	for _, p := range ps.args {
		if _, isByte := arg.(uint8); isByte && p.typ.Kind() == reflect.Array {
			return fmt.Errorf("argument $%d is a byte of field %s of %v, an array that squirrel's Eq takes apart: "+
				"write Where(\"a = ?\", p.%[2]s), or sq.Expr in an And or Or", place, p.name, ps.typ)
		}
	}
	return fmt.Errorf("argument $%d (%T) is not a field of %v: hand fields over unchanged, "+
		"as in Where(\"a = ?\", p.A), and write constants into the text; "+
		"squirrel's Eq unwraps pointers, arrays and slices", place, arg, ps.typ)
}

// textChanger finds the field whose value changed the text.
func textChanger(ps *params, n, round int, text string, build builder) error {
	for _, p := range ps.args {
		changed, _, err := build(ps.sample(n, round, p))
		if err == nil && changed != text {
			return fmt.Errorf("the text depends on the value of %s: %q or %q; pass it as an argument "+
				"(squirrel writes LIMIT and OFFSET into the text: use Suffix(\"LIMIT ?\", n); "+
				"instead of Eq with a slice use \"= ANY(?)\"), make it an Opt, or list it in Enums",
				p.name, text, changed)
		}
	}
	return errors.New("the text differs from build to build: Build must depend on nothing but its parameters")
}

// checkEffects reports a parameter that changes nothing: a filter that filters
// nothing is an error of the definition.
func checkEffects(ps *params, variants []*variant) error {
	for _, p := range ps.args {
		used := slices.ContainsFunc(variants, func(v *variant) bool { return slices.Contains(v.args, p) })
		if !used && !p.enum {
			return fmt.Errorf("field %s of %v is an argument of no variant", p.name, ps.typ)
		}
	}
	stride := len(variants)
	for _, c := range ps.choices {
		size := stride
		stride /= len(c.values)
		changes := false
		for n, v := range variants {
			first := n - n%size + n%stride // the same variant with the choice's first value
			changes = changes || v.text != variants[first].text
		}
		if !changes && len(c.values) > 1 {
			return fmt.Errorf("field %s of %v changes no text: it needs no Opt and no Enums", c.name, ps.typ)
		}
	}
	return nil
}

// rounds is one build with zero values, and two with other values or as many
// as the bools' codes have bits.
func (ps *params) rounds() int { return 1 + max(2, bits.Len(uint(ps.bools))) }
