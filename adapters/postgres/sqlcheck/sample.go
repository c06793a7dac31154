package sqlcheck

import (
	"fmt"
	"reflect"
	"time"
)

// sample is parameters that select variant n. In round 0 the other fields are
// zero; in a later round each has a value that no other field of its type has
// in that round, or for bools in all rounds. If only is set, the other fields
// stay zero.
func (ps *params) sample(n, round int, only *param) reflect.Value {
	v := reflect.New(ps.typ).Elem()
	ps.choose(v, n)
	for i, p := range ps.args {
		if round > 0 && !p.enum && (only == nil || only == p) {
			fill(v.FieldByIndex(p.index), seed{(i+1)*ps.rounds() + round, p.code, round})
		}
	}
	return v
}

type seed struct {
	number int // differs from field to field and from round to round
	code   int // of a bool, which has the code's bit of the round
	round  int
}

// fill sets a value that checkValue accepts. Slices differ in length from
// round to round, so that a text that depends on the length shows.
func fill(v reflect.Value, s seed) {
	switch k := v.Kind(); {
	case isTime(v.Type()):
		v.Set(reflect.ValueOf(time.Unix(int64(s.number), 0).UTC()))
	case k == reflect.Bool:
		v.SetBool(s.code>>(s.round-1)&1 == 1)
	case v.CanInt():
		v.SetInt(int64(s.number))
	case v.CanUint():
		v.SetUint(uint64(max(s.number, 0)))
	case v.CanFloat():
		v.SetFloat(float64(s.number))
	case k == reflect.String:
		v.SetString(fmt.Sprint("sample ", s.number))
	case k == reflect.Array:
		for i := range min(v.Len(), 8) {
			v.Index(i).SetUint(uint64(s.number >> (8 * i) & 0xff))
		}
	case k == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), s)
	case k == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), s.round, s.round))
		for i := range v.Len() {
			fill(v.Index(i), s)
		}
	}
}
