package typecheck_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/typecheck"
)

type (
	status string
	key    [16]byte
	blob   []byte
	amount int64
)

// candidates are Go types, each with values at its limits.
var candidates = [][]any{
	{true, false},
	{int8(math.MinInt8), int8(math.MaxInt8)},
	{int16(math.MinInt16), int16(math.MaxInt16)},
	{int32(math.MinInt32), int32(math.MaxInt32)},
	{int64(math.MinInt64), int64(math.MaxInt64)},
	{amount(math.MaxInt64)},
	{math.MinInt, math.MaxInt},
	{uint8(math.MaxUint8)},
	{uint16(math.MaxUint16)},
	{uint32(math.MaxUint32)},
	{uint64(math.MaxUint64)},
	{uint(math.MaxUint)},
	{float32(math.MaxFloat32), float32(math.SmallestNonzeroFloat32)},
	{math.MaxFloat64, math.SmallestNonzeroFloat64},
	{"open"},
	{status("open")},
	{key{1}},
	{[16]byte{1, 2}},
	{[]byte("{}")},
	{blob("{}")},
	{json.RawMessage("[1]")},
	{time.Date(2026, 3, 1, 12, 0, 0, 1000, time.UTC)},
	{time.Hour},
	{netip.MustParsePrefix("10.0.0.0/8")},
	{netip.MustParseAddr("10.1.2.3")},
	{[]string{"open"}},
	{[]status{"open"}},
	{[]int64{1}},
	{[]int32{1}},
	{[]key{{1}}},
	{[]time.Time{time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}},
	{[]bool{true}},
}

// exactTypes are the database's types, with values at their limits, and the
// Go types that may hold them as results and that may be their parameters.
var exactTypes = []struct {
	name            string
	limits          []string
	results, params string
}{
	{"bool", []string{"true", "false"}, "bool", "bool"},
	{"int2", []string{"-32768", "32767"}, "int16 int32 int64 amount int", "int8 int16 uint8"},
	{"int4", []string{"-2147483648", "2147483647"}, "int32 int64 amount int", "int8 int16 int32 uint8 uint16"},
	{"int8", []string{"-9223372036854775808", "9223372036854775807"}, "int64 amount", "int8 int16 int32 int64 amount int uint8 uint16 uint32"},
	{"shop.cents", []string{"0", "9223372036854775807"}, "int64 amount", "int8 int16 int32 int64 amount int uint8 uint16 uint32"},
	{"float4", []string{"3.4028235e+38", "NaN"}, "float32 float64", "float32"},
	{"float8", []string{"1.7976931348623157e+308", "-Infinity"}, "float64", "float32 float64"},
	{"numeric", []string{"0.10", "12345678901234567890.123456789", "NaN"}, "string status", "int16 int32 int64 amount int string status"},
	{"text", []string{"", "é"}, "string status", "string status"},
	{"varchar", []string{"x"}, "string status", "string status"},
	{"bpchar", []string{"x "}, "string status", "string status"},
	{"name", []string{"x"}, "string status", "string status"},
	{"shop.status", []string{"open"}, "string status", "string status"},
	{"bytea", []string{`\x`, `\x00ff`}, "[]byte json blob", "[]byte json blob"},
	{"uuid", []string{"00000000-0000-0000-0000-0000000000ff"}, "key [16]byte", "key [16]byte"},
	{"timestamptz", []string{"2026-03-01 12:00:00.000001+00"}, "time", "time"},
	{"timestamp", []string{"2026-03-01 12:00:00.000001"}, "time", ""},
	{"date", []string{"2026-03-01"}, "time", "time"},
	{"interval", []string{"1 mon"}, "", "duration"},
	{"json", []string{`{"a": 1}`, "null"}, "string []byte json", "string []byte json"},
	{"jsonb", []string{`{"a": 1}`, "null"}, "string []byte json", "string []byte json"},
	{"inet", []string{"10.0.0.1/8", "::1/128"}, "prefix", "prefix addr"},
	{"cidr", []string{"10.0.0.0/8"}, "prefix", "prefix"},
	{"oid", []string{"4294967295"}, "uint32", "uint32"},
	{"text[]", []string{"{}", `{"a,b"}`}, "[]string []status", "[]string []status"},
	{"shop.status[]", []string{"{open}"}, "[]string", "[]string"},
	{"shop.cents[]", []string{"{1}"}, "[]int64", "[]int64 []int32"},
	{"shop.ref", []string{"00000000-0000-0000-0000-0000000000ff"}, "key [16]byte", ""},
	{"shop.moment", []string{"2026-03-01 12:00:00+00"}, "time", "time"},
	{"shop.document", []string{"{}"}, "string []byte json", "string json"},
	{"shop.flag", []string{"true"}, "bool", "bool"},
	{"shop.words", []string{"{a}"}, "[]string []status", "[]string"},
	{"int8[]", []string{"{1}"}, "[]int64", "[]int64 []int32"},
	{"int4[]", []string{"{1}"}, "[]int64 []int32", "[]int32"},
	{"uuid[]", []string{"{00000000-0000-0000-0000-0000000000ff}"}, "[]key", "[]key"},
	{"bool[]", []string{"{t}"}, "[]bool", "[]bool"},
	{"timestamptz[]", []string{"{2026-03-01 12:00:00+00}"}, "[]time", "[]time"},
	{"time", []string{"12:00"}, "", ""},
	{"point", []string{"(1,2)"}, "", ""},
	{"int4range", []string{"[1,2)"}, "", ""},
}

// short is a type's name as exactTypes has it.
func short(t reflect.Type) string {
	if t.Kind() == reflect.Slice && t != reflect.TypeFor[json.RawMessage]() && t != reflect.TypeFor[[]byte]() && t != reflect.TypeFor[blob]() {
		return "[]" + short(t.Elem())
	}
	name := strings.ToLower(t.String()[strings.LastIndex(t.String(), ".")+1:])
	return map[string]string{"rawmessage": "json", "[]uint8": "[]byte", "[16]uint8": "[16]byte"}[name] +
		strings.NewReplacer("rawmessage", "", "[]uint8", "", "[16]uint8", "").Replace(name)
}

func TestResultsThatAreAcceptedHoldEveryValue(t *testing.T) {
	conn := connect(t)
	d := describe.New(conn)
	for _, e := range exactTypes {
		t.Run(e.name, func(t *testing.T) {
			s, err := d.Statement(t.Context(), fmt.Sprintf("SELECT '%s'::%s AS v", e.limits[0], e.name))
			if err != nil {
				t.Fatal(err)
			}
			for _, values := range candidates {
				typ := reflect.TypeOf(values[0])
				row := reflect.StructOf([]reflect.StructField{{Name: "V", Type: typ, Tag: `db:"v"`}})
				accepted := len(typecheck.Row(s.Columns, row)) == 0
				if want := strings.Contains(" "+e.results+" ", " "+short(typ)+" "); accepted != want {
					t.Errorf("%v is accepted: %v", typ, accepted)
				}
				if accepted {
					returns(t, conn, e.name, e.limits, typ)
				}
			}
		})
	}
}

// returns checks that values of a type of the database come through a Go type
// unchanged.
func returns(t *testing.T, conn *pgx.Conn, name string, limits []string, typ reflect.Type) {
	t.Helper()
	for _, limit := range limits {
		v := reflect.New(typ)
		if err := conn.QueryRow(t.Context(), fmt.Sprintf("SELECT '%s'::%s", limit, name)).Scan(v.Interface()); err != nil {
			t.Errorf("%s into %v: %v", limit, typ, err)
			continue
		}
		var same bool
		text := fmt.Sprintf("SELECT $1::%s::text = '%s'::%s::text", sendable(name), limit, name)
		if err := conn.QueryRow(t.Context(), text, v.Elem().Interface()).Scan(&same); err != nil || !same {
			t.Errorf("%s came through %v as %v, %v", limit, typ, v.Elem(), err)
		}
	}
}

// sendable is a type that pgx knows for one that it doesn't.
func sendable(name string) string {
	known := map[string]string{"shop.ref": "uuid", "shop.document": "jsonb", "shop.words": "text[]"}
	if to, ok := known[name]; ok {
		return to
	}
	return name
}

func TestParametersThatAreAcceptedFit(t *testing.T) {
	conn := connect(t)
	d := describe.New(conn)
	for _, e := range exactTypes {
		t.Run(e.name, func(t *testing.T) {
			s, err := d.Statement(t.Context(), fmt.Sprintf("SELECT $1::%s AS v", e.name))
			if err != nil {
				t.Fatal(err)
			}
			for _, values := range candidates {
				typ := reflect.TypeOf(values[0])
				accepted := len(typecheck.Params(s.Params, []typecheck.Arg{{Field: "V", Type: typ}})) == 0
				if want := strings.Contains(" "+e.params+" ", " "+short(typ)+" "); accepted != want {
					t.Errorf("%v is accepted: %v", typ, accepted)
				}
				if accepted && e.name != "numeric" {
					fit(t, conn, e.name, e.limits[0], values)
				}
			}
		})
	}
}

// fit checks that the database takes values of a Go type.
func fit(t *testing.T, conn *pgx.Conn, name, limit string, values []any) {
	t.Helper()
	for _, v := range values {
		if text, ok := v.(string); ok && text != limit {
			v = limit
		}
		if _, ok := v.(status); ok {
			v = status(limit)
		}
		var text *string
		if err := conn.QueryRow(t.Context(), fmt.Sprintf("SELECT $1::%s::text", name), v).Scan(&text); err != nil || text == nil {
			if name == "shop.cents" && reflect.ValueOf(v).CanInt() && reflect.ValueOf(v).Int() < 0 {
				continue // the domain's own rule
			}
			t.Errorf("%v (%T): %v", v, v, err)
		}
	}
}
