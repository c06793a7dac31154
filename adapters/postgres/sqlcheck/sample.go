package sqlcheck

import (
	"database/sql"
	"encoding/binary"
	"fmt"
	"math/big"
	"net/netip"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
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
			fill(v.FieldByIndex(p.index), seed{number: (i+1)*ps.rounds() + round, code: p.code, round: round})
		}
	}
	return v
}

// deepest bounds the samples of types that refer to themselves.
const deepest = 6

type seed struct {
	number int // differs from field to field and from round to round
	code   int // of a bool, which has the code's bit of the round
	round  int
	depth  int
}

// fill sets a value that checkValue accepts. Slices differ in length from
// round to round, so that a text that depends on the length shows.
func fill(v reflect.Value, s seed) {
	if s.depth++; s.depth > deepest {
		return
	}
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
	case v.Type() == reflect.TypeFor[netip.Addr]():
		v.Set(reflect.ValueOf(sampleAddr(s)))
	case v.Type() == reflect.TypeFor[netip.Prefix]():
		v.Set(reflect.ValueOf(netip.PrefixFrom(sampleAddr(s), 128)))
	case v.Type() == reflect.TypeFor[*big.Int]():
		v.Set(reflect.ValueOf(big.NewInt(int64(s.number))))
	case k == reflect.Array:
		for i := range min(v.Len(), 8) {
			fill(v.Index(i), seed{s.number >> (8 * i) & 0xff, s.code, s.round, s.depth})
		}
	case k == reflect.Struct:
		fillStruct(v, s)
	case k == reflect.Map:
		fillMap(v, s)
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

func sampleAddr(s seed) netip.Addr {
	a := [16]byte{0x20}
	binary.BigEndian.PutUint64(a[8:], uint64(max(s.number, 0)))
	return netip.AddrFrom16(a)
}

// fillStruct fills the exported fields. Bools are true, as Valid has to be for a value
// that is not NULL. A struct without such fields may read a text.
func fillStruct(v reflect.Value, s seed) {
	filled := false
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case !f.IsExported() || f.Type == reflect.TypeFor[pgtype.InfinityModifier]():
		case f.Type.Kind() == reflect.Bool:
			v.Field(i).SetBool(true)
		default:
			fill(v.Field(i), s)
			filled = true
		}
	}
	if reads, ok := v.Addr().Interface().(sql.Scanner); ok && !filled {
		defer func() { _ = recover() }() // it stays zero, which serves while no other field has the type
		if err := reads.Scan(fmt.Sprint(s.number)); err != nil {
			v.SetZero()
		}
	}
}

func fillMap(v reflect.Value, s seed) {
	key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	fill(key, s)
	fill(value, s)
	v.Set(reflect.MakeMap(v.Type()))
	v.SetMapIndex(key, value)
}
