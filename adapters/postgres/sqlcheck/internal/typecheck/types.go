package typecheck

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
)

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
)

const (
	void      = 2278
	timestamp = pgtype.TimestampOID
)

var numbers = []uint32{
	pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.Float4OID, pgtype.Float8OID, pgtype.NumericOID, pgtype.OIDOID,
}

// form is a set of Go types that hold a value alike, such as all whose
// underlying type is int64.
type form struct {
	name string // of one of them
	is   func(reflect.Type) bool
}

func of(kind reflect.Kind) form {
	return form{kind.String(), func(t reflect.Type) bool { return t.Kind() == kind && t != durationType }}
}

func exactly[T any]() form {
	want := reflect.TypeFor[T]()
	name := strings.ReplaceAll(want.String(), "github.com/jackc/pgx/v5/", "") // of the type of a range
	return form{name, func(t reflect.Type) bool { return t == want }}
}

var (
	bytes = form{"[]byte", isBytes}
	uuid  = form{"[16]byte", func(t reflect.Type) bool {
		return t.Kind() == reflect.Array && t.Len() == 16 && t.Elem().Kind() == reflect.Uint8
	}}
	// pgx decodes JSON into any other type, instead of keeping its text.
	documents = []form{exactly[json.RawMessage](), exactly[[]byte](), exactly[string]()}
	text      = of(reflect.String)
	instant   = exactly[time.Time]()
	prefix    = exactly[netip.Prefix]()
)

func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}

// exact are the forms that hold a type's values and whose values the type
// holds.
var exact = map[uint32][]form{
	pgtype.BoolOID:        {of(reflect.Bool)},
	pgtype.Int2OID:        {of(reflect.Int16)},
	pgtype.Int4OID:        {of(reflect.Int32)},
	pgtype.Int8OID:        {of(reflect.Int64)},
	pgtype.Float4OID:      {of(reflect.Float32)},
	pgtype.Float8OID:      {of(reflect.Float64)},
	pgtype.NumericOID:     {text},
	pgtype.TextOID:        {text},
	pgtype.VarcharOID:     {text},
	pgtype.BPCharOID:      {text},
	pgtype.NameOID:        {text},
	pgtype.ByteaOID:       {bytes},
	pgtype.UUIDOID:        {uuid},
	pgtype.TimestamptzOID: {instant},
	pgtype.DateOID:        {instant},
	pgtype.JSONOID:        documents,
	pgtype.JSONBOID:       documents,
	pgtype.InetOID:        {prefix},
	pgtype.CIDROID:        {prefix},
	pgtype.OIDOID:         {of(reflect.Uint32)},
}

// wider are further forms that hold a type's values.
var wider = map[uint32][]form{
	pgtype.Int2OID:      {of(reflect.Int32), of(reflect.Int64), of(reflect.Int)},
	pgtype.Int4OID:      {of(reflect.Int64), of(reflect.Int)}, // an int has at least 32 bits
	pgtype.Float4OID:    {of(reflect.Float64)},
	pgtype.TimestampOID: {instant},
}

// narrower are further forms whose values a type holds.
var narrower = map[uint32][]form{
	pgtype.Int2OID: {of(reflect.Int8), of(reflect.Uint8)},
	pgtype.Int4OID: {of(reflect.Int16), of(reflect.Int8), of(reflect.Uint16), of(reflect.Uint8)},
	pgtype.Int8OID: {
		of(reflect.Int), of(reflect.Int32), of(reflect.Int16), of(reflect.Int8),
		of(reflect.Uint32), of(reflect.Uint16), of(reflect.Uint8),
	},
	pgtype.NumericOID:  {of(reflect.Int64), of(reflect.Int), of(reflect.Int32), of(reflect.Int16)},
	pgtype.Float8OID:   {of(reflect.Float32)},
	pgtype.InetOID:     {exactly[netip.Addr]()},
	pgtype.IntervalOID: {exactly[time.Duration]()},
}

// resultsOf gives the forms that hold every value of a type, the plainest
// first.
func resultsOf(t describe.Type) []form { return formsOf(t, wider) }

// paramsOf gives the forms of which a type holds every value.
func paramsOf(t describe.Type) []form { return formsOf(t, narrower) }

func formsOf(t describe.Type, further map[uint32][]form) []form {
	switch t = t.Plain(); {
	case t.Element != nil:
		var arrays []form
		for _, element := range formsOf(*t.Element, further) {
			arrays = append(arrays, arrayOf(element))
		}
		return arrays
	case t.Kind == 'e', t.Name == "citext":
		return []form{text, nullText}
	}
	return slices.Concat(exact[t.OID], ofPgtype[t.OID], further[t.OID])
}

// arrayOf is the form of slices, whose elements may be pointers.
func arrayOf(element form) form {
	return form{"[]" + element.name, func(t reflect.Type) bool {
		if t.Kind() != reflect.Slice || isBytes(t) {
			return false
		}
		e := t.Elem()
		return element.is(e) || e.Kind() == reflect.Pointer && element.is(e.Elem())
	}}
}

func fits(forms []form, t reflect.Type) bool {
	return slices.ContainsFunc(forms, func(f form) bool { return f.is(t) })
}
