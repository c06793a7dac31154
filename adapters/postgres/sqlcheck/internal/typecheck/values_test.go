package typecheck_test

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/typecheck"
)

// money is a service's own type, of cents.
type money struct{ cents int64 }

func (m *money) Scan(from any) error {
	cents, ok := from.(int64)
	if !ok {
		return fmt.Errorf("%T is not money", from)
	}
	m.cents = cents
	return nil
}

func (m money) Value() (driver.Value, error) { return m.cents, nil }

// level is an enumeration of a service: it refuses other texts.
type level string

func (l *level) Scan(from any) error {
	if from != "high" && from != "low" {
		return fmt.Errorf("%v is no level", from)
	}
	*l = level(from.(string)) //nolint:forcetypeassert // it is one of the two
	return nil
}

func (l level) Value() (driver.Value, error) { return string(l), nil }

type details struct {
	Weight int      `json:"weight"`
	Tags   []string `json:"tags"`
}

// valueTypes are types of the database with values at their edges, and Go types that
// hold them. The second list holds NULL, too; the third does not fit.
var valueTypes = []struct {
	name         string
	limits       []string
	fits, orNull []any
	refused      []any
}{
	{"boolean", []string{"t", "f"}, nil, []any{pgtype.Bool{}, sql.NullBool{}}, []any{pgtype.Int2{}, money{}}},
	{"smallint", []string{"-32768", "32767"}, []any{money{}}, []any{pgtype.Int2{}, sql.NullInt16{}, sql.NullInt64{}}, []any{pgtype.Bool{}}},
	{
		"integer",
		[]string{"-2147483648", "2147483647"},
		[]any{money{}},
		[]any{pgtype.Int4{}, sql.NullInt32{}},
		[]any{pgtype.Int2{}, sql.NullInt16{}},
	},
	{
		"bigint",
		[]string{"-9223372036854775808", "9223372036854775807"},
		[]any{money{}},
		[]any{pgtype.Int8{}, sql.NullInt64{}},
		[]any{pgtype.Int4{}, sql.NullInt32{}, sql.NullFloat64{}},
	},
	{"real", []string{"1.5"}, nil, []any{pgtype.Float4{}}, []any{pgtype.Int8{}, sql.NullInt64{}}},
	{"double precision", []string{"0.1", "Infinity"}, nil, []any{pgtype.Float8{}, sql.NullFloat64{}}, []any{pgtype.Float4{}}},
	{"numeric", []string{"12345678901234567890.123", "NaN"}, nil, []any{pgtype.Numeric{}}, []any{pgtype.Float8{}, sql.NullFloat64{}, money{}}},
	{
		"text",
		[]string{"high"},
		[]any{level("")},
		[]any{pgtype.Text{}, sql.NullString{}},
		[]any{pgtype.Int8{}, details{}, money{}, sql.NullInt64{}, sql.NullTime{}},
	},
	{"varchar(9)", []string{"low"}, []any{level("")}, []any{pgtype.Text{}, sql.NullString{}}, nil},
	{"uuid", []string{"01947d5e-7b7a-7c4e-9b1d-3f2a5c6d7e8f"}, []any{uuid.UUID{}}, []any{pgtype.UUID{}, uuid.NullUUID{}}, []any{money{}}},
	{"date", []string{"2026-02-28", "infinity"}, nil, []any{pgtype.Date{}}, []any{pgtype.Timestamptz{}}},
	{"timestamptz", []string{"2026-02-28 01:02:03.000004+00", "-infinity"}, nil, []any{pgtype.Timestamptz{}}, []any{pgtype.Date{}}},
	{"timestamptz", []string{"2026-02-28 01:02:03.000004+00"}, nil, []any{sql.NullTime{}}, []any{sql.NullString{}}},
	{"timestamp", []string{"2026-02-28 01:02:03.000004"}, nil, []any{pgtype.Timestamp{}}, []any{pgtype.Timestamptz{}}},
	{"time", []string{"01:02:03.000004"}, nil, []any{pgtype.Time{}}, []any{time.Duration(0)}},
	{"interval", []string{"1 mon 2 days 03:04:05.000006"}, nil, []any{pgtype.Interval{}}, []any{""}},
	{"macaddr", []string{"08:00:2b:01:02:03"}, nil, []any{net.HardwareAddr{}}, []any{""}},
	{"bit varying", []string{"10110"}, nil, []any{pgtype.Bits{}}, []any{""}},
	{"point", []string{"(1,2.5)"}, nil, []any{pgtype.Point{}}, []any{""}},
	{"xid8", []string{"18446744073709551615"}, []any{uint64(0)}, []any{pgtype.Uint64{}}, []any{int64(0), uint32(0)}},
	{"int4range", []string{"[1,5)", "empty", "(,)"}, nil, []any{pgtype.Range[pgtype.Int4]{}}, []any{pgtype.Range[pgtype.Int8]{}}},
	{"int8range", []string{"[1,5)"}, nil, []any{pgtype.Range[pgtype.Int8]{}}, []any{""}},
	{"numrange", []string{"[1.5,2.5)"}, nil, []any{pgtype.Range[pgtype.Numeric]{}}, []any{""}},
	{"daterange", []string{"[2026-01-01,2026-02-01)"}, nil, []any{pgtype.Range[pgtype.Date]{}}, []any{pgtype.Date{}}},
	{"tstzrange", []string{"[2026-01-01 00:00:00+00,)"}, nil, []any{pgtype.Range[pgtype.Timestamptz]{}}, []any{""}},
	{"int4multirange", []string{"{[1,2),[5,7)}"}, nil, []any{pgtype.Multirange[pgtype.Range[pgtype.Int4]]{}}, []any{""}},
	{"text[]", []string{"{a,NULL}"}, nil, []any{[]pgtype.Text{}}, []any{[]pgtype.Int8{}}},
	{"jsonb", []string{`{"tags": ["a"], "weight": 2}`}, []any{details{}}, []any{map[string]any{}, &details{}}, []any{money{}, pgtype.Text{}}},
	{"jsonb", []string{`[{"tags": null, "weight": 2}]`}, nil, []any{[]details{}}, []any{0}},
	{"shop.status", []string{"open", "paid"}, nil, []any{pgtype.Text{}}, []any{pgtype.Int8{}, money{}, sql.NullTime{}}},
	{"shop.cents", []string{"5"}, []any{money{}}, []any{pgtype.Int8{}}, []any{pgtype.Int4{}}},
}

// What the check accepts, pgx reads and sends unchanged; NULL, too, where it says so.
func TestValuesOfOwnTypesAndOfPgxAreChecked(t *testing.T) {
	conn := connect(t)
	d := describe.New(conn)
	for _, e := range valueTypes {
		t.Run(e.name, func(t *testing.T) {
			for kind, values := range map[string][]any{"refused": e.refused, "fits": e.fits, "or null": e.orNull} {
				for _, v := range values {
					typ := reflect.TypeOf(v)
					if got := accepts(t, d, "'"+e.limits[0]+"'::"+e.name, typ); got != (kind != "refused") {
						t.Errorf("%v is accepted: %v", typ, got)
					}
					if got := accepts(t, d, "nullif('"+e.limits[0]+"', '')::"+e.name, typ); got != (kind == "or null") {
						t.Errorf("%v is accepted where it can be NULL: %v", typ, got)
					}
					if kind == "or null" {
						into := reflect.New(typ)
						if err := conn.QueryRow(t.Context(), "SELECT NULL::"+e.name).Scan(into.Interface()); err != nil {
							t.Errorf("NULL into %v: %v", typ, err)
						}
					}
					if kind != "refused" {
						returns(t, conn, e.name, e.limits, typ)
					}
				}
			}
		})
	}
}

// accepts reports whether a Go type is fine as the result and as the parameter of an
// expression's type.
func accepts(t *testing.T, d *describe.Describer, expression string, typ reflect.Type) bool {
	t.Helper()
	s, err := d.Statement(t.Context(), "SELECT "+expression+" AS v")
	if err != nil {
		t.Fatal(err)
	}
	row := reflect.StructOf([]reflect.StructField{{Name: "V", Type: typ, Tag: `db:"v"`}})
	if len(typecheck.Row(s.Columns, row)) > 0 {
		return false
	}
	name := expression[strings.LastIndex(expression, "::")+2:]
	if s, err = d.Statement(t.Context(), "SELECT $1::"+name+" AS v"); err != nil {
		t.Fatal(err)
	}
	return len(typecheck.Params(s.Params, []typecheck.Arg{{Field: "V", Type: typ}})) == 0
}

func TestANullableTypeIsRefusedWhereNullIs(t *testing.T) {
	d := describe.New(connect(t))
	s, err := d.Statement(t.Context(), "UPDATE shop.orders SET customer = $1")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, typecheck.Params(s.Params, []typecheck.Arg{{Field: "C", Type: reflect.TypeFor[sql.NullString]()}}), []string{
		"parameter $1 is written to shop.orders.customer, which is NOT NULL; field C is sql.NullString: make it string",
	})
	equal(t, typecheck.Params(s.Params, []typecheck.Arg{{Field: "C", Type: reflect.TypeFor[level]()}}), nil)
}
