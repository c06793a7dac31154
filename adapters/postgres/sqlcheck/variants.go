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
	var wrong []error
	for i := range builds[len(builds)-1] {
		sources := ps.sources(samples, builds, i)
		switch {
		case len(sources) == 0:
			wrong = append(wrong, ps.noField(builds, i))
			continue
		case len(sources) > 1 && !sources[0].enum:
			wrong = append(wrong, fmt.Errorf("argument $%d (%T) could be %s or %s: there are too many fields of a small type",
				i+1, builds[0][i], sources[0].name, sources[1].name))
		}
		v.args = append(v.args, sources[0])
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
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

// checkEffects reports a parameter that changes nothing: a filter that filters
// nothing is an error of the definition.
func checkEffects(ps *params, variants []*variant) error {
	var wrong []error
	for _, p := range ps.args {
		used := slices.ContainsFunc(variants, func(v *variant) bool { return slices.Contains(v.args, p) })
		if !used && !p.enum {
			wrong = append(wrong, fmt.Errorf("field %s of %v is an argument of no variant", p.name, ps.typ))
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
			wrong = append(wrong, fmt.Errorf("field %s of %v changes no text: it needs no Opt and no Enums", c.name, ps.typ))
		}
	}
	return errors.Join(wrong...)
}

// rounds is one build with zero values, and two with other values or as many
// as the bools' codes have bits.
func (ps *params) rounds() int { return 1 + max(2, bits.Len(uint(ps.bools))) }
