package typecheck_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/typecheck"
)

type base struct {
	ID [16]byte `db:"id"`
}

type order struct {
	base
	Customer string  `db:"customer"`
	Note     *string `db:"note"`
}

// rowCases are statements, structs, and what is wrong between them.
var rowCases = []struct {
	name, text string
	row        any
	want       []string
}{
	{"what agrees has no findings", "SELECT id, customer, note FROM shop.orders", order{}, nil},
	{"a pointer for what is never NULL is fine", "SELECT customer FROM shop.orders", struct {
		C *string `db:"customer"`
	}{}, nil},
	{"slices hold NULL", "SELECT details, tags FROM shop.orders", struct {
		D json.RawMessage `db:"details"`
		T []string        `db:"tags"`
	}{}, nil},
	{"a function that returns nothing needs no field", "SELECT pg_advisory_xact_lock(1)", struct{}{}, nil},
	{"NULL into a value", "SELECT max(placed_at) AS last FROM shop.orders", struct {
		Last time.Time `db:"last"`
	}{}, []string{`column "last" can be NULL (max() over no rows); field Last is time.Time: make it *time.Time`}},
	{"a nullable column", "SELECT note FROM shop.orders", struct {
		N string `db:"note"`
	}{}, []string{`column "note" can be NULL (shop.orders.note is not declared NOT NULL); field N is string: make it *string`}},
	{"the far side of an outer join", "SELECT b.customer FROM shop.orders o LEFT JOIN shop.orders b ON b.id = o.id", struct {
		N string `db:"customer"`
	}{}, []string{`column "customer" can be NULL (the LEFT JOIN may find no row of shop.orders b); field N is string: make it *string`}},
	{"a domain that is too wide", "SELECT total FROM shop.orders", struct {
		T int32 `db:"total"`
	}{}, []string{`column "total" is bigint; field T is int32, which doesn't hold them all: make it int64`}},
	{"a nullable number as a float", "SELECT weight FROM shop.orders", struct {
		W float64 `db:"weight"`
	}{}, []string{`column "weight" is numeric; field W is float64, which doesn't hold them all: make it *string`}},
	{"text into a number", "SELECT customer FROM shop.orders", struct {
		C int `db:"customer"`
	}{}, []string{`column "customer" is text; field C is int: make it string`}},
	{"a type without a Go type", "SELECT took FROM shop.orders", struct {
		T time.Duration `db:"took"`
	}{}, []string{`column "took" is interval; field T is time.Duration: make it pgtype.Interval`}},
	{"an array that pgx doesn't know", "SELECT array[status] AS s FROM shop.orders", struct {
		S []status `db:"s"`
	}{}, []string{`column "s" is shop.status[], which pgx can't read into field S, []typecheck_test.status: make it []string`}},
	{"a column without a field, and the reverse", "SELECT id, customer, status FROM shop.orders", order{}, []string{
		`column "status" has no field in typecheck_test.order: add one of type string with the tag db:"status", or don't select it`,
		`field Note of typecheck_test.order has no column "note" in the result: select it, or remove the field`,
	}},
	{"a column without a Go type or a field", "SELECT took FROM shop.orders", struct{}{}, []string{
		`column "took" has no field in struct {}: add one of type pgtype.Interval with the tag db:"took", or don't select it`,
	}},
	{"a type that no Go type holds", "SELECT '<a/>'::xml AS x", struct {
		X string `db:"x"`
	}{}, []string{`column "x" is xml, which no Go type holds exactly: select x::text, and make field X a string`}},
	{"a column that comes twice", "SELECT id, customer, note, id FROM shop.orders", order{}, []string{
		`column "id" comes twice: give one of them another name with AS`,
	}},
}

func TestRowsAreChecked(t *testing.T) {
	d := describe.New(connect(t))
	for _, c := range rowCases {
		t.Run(c.name, func(t *testing.T) {
			s, err := d.Statement(t.Context(), c.text)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, typecheck.Row(s.Columns, reflect.TypeOf(c.row)), c.want)
		})
	}
}

func equal(t *testing.T, findings []typecheck.Finding, want []string) {
	t.Helper()
	var got []string
	for _, f := range findings {
		got = append(got, f.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestParametersAreChecked(t *testing.T) {
	const insert = "INSERT INTO shop.orders (id, customer, total, placed_at, local_at, took, note, status) "
	cases := []struct {
		name, text string
		params     any
		want       []string
	}{
		{"what fits has no findings", "SELECT 1 FROM shop.orders WHERE id = $1 AND note = $2", struct {
			ID   [16]byte
			Note *string
		}{}, nil},
		{"nil into what is NOT NULL", insert + "VALUES ($1, $2, 1, now(), NULL, NULL, $3, 'open')", struct {
			ID   [16]byte
			Name *string
			Note *string
		}{}, []string{`parameter $2 is written to shop.orders.customer, which is NOT NULL; field Name is *string: make it string`}},
		{"too wide a number", "SELECT 1 FROM shop.orders WHERE extract(epoch FROM placed_at)::int = $1", struct {
			N int64
		}{}, []string{
			`parameter $1 is integer; field N is int64, whose values don't all fit: ` +
				`make it int32, or write $1::bigint where it is only compared`,
		}},
		{"a number for a text", "SELECT 1 FROM shop.orders WHERE customer = $1", struct {
			N int64
		}{}, []string{`parameter $1 is text; field N is int64: make it string`}},
		{"a time that loses its zone", "SELECT 1 FROM shop.orders WHERE local_at > $1", struct {
			At time.Time
		}{}, []string{`parameter $1 is timestamp without time zone, which would lose the zone of field At: write $1::timestamptz`}},
		{"a type without a Go type", "SELECT 1 FROM shop.orders WHERE int4range(1, 2) = $1", struct {
			R string
		}{}, []string{`parameter $1 is int4range; field R is string: make it pgtype.Range[pgtype.Int4]`}},
		{"a domain that pgx doesn't know", "SELECT $1::shop.ref AS r", struct {
			R [16]byte
		}{}, []string{`parameter $1 is shop.ref, which pgx can't make of field R, [16]uint8: write $1::uuid`}},
		{"an array that pgx doesn't know", "SELECT 1 FROM shop.orders WHERE status = ANY ($1)", struct {
			S []status
		}{}, []string{`parameter $1 is shop.status[], which pgx can't make of field S, []typecheck_test.status: make it []string`}},
		{"fewer placeholders than arguments", "SELECT 1 FROM shop.orders WHERE customer = $1", struct {
			A, B string
		}{}, []string{`the statement has 1 parameters for 2 arguments: use each placeholder once`}},
	}
	d := describe.New(connect(t))
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := d.Statement(t.Context(), c.text)
			if err != nil {
				t.Fatal(err)
			}
			typ := reflect.TypeOf(c.params)
			var names []string
			for _, f := range reflect.VisibleFields(typ) {
				names = append(names, f.Name)
			}
			args, err := typecheck.Args(typ, names)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, typecheck.Params(s.Params, args), c.want)
		})
	}
}

func TestArgumentsAreFound(t *testing.T) {
	type params struct {
		base
		Name sqlcheck.Opt[*string]
		Tags sqlcheck.Opt[[]string]
		Refs []*int64
	}
	args, err := typecheck.Args(reflect.TypeFor[params](), []string{"Refs", "Name", "ID", "Tags"})
	if err != nil {
		t.Fatal(err)
	}
	want := []typecheck.Arg{
		{Field: "Refs", Type: reflect.TypeFor[[]*int64]()},
		{Field: "Name", Type: reflect.TypeFor[*string]()},
		{Field: "ID", Type: reflect.TypeFor[[16]byte]()},
		{Field: "Tags", Type: reflect.TypeFor[[]string]()},
	}
	if !slices.Equal(args, want) {
		t.Errorf("got %v", args)
	}
	values := []describe.Values{{}, {}, {NotNull: true}, {ElementsNotNull: true}}
	for i, a := range args {
		if a.Values() != values[i] {
			t.Errorf("%s: %+v", a.Field, a.Values())
		}
	}
	if _, err := typecheck.Args(reflect.TypeFor[params](), []string{"Nmae"}); err == nil {
		t.Error("a field that is not there was found")
	}
}

// The exception for slices rests on this.
func TestSlicesReadNullAsNil(t *testing.T) {
	conn := connect(t)
	for text, to := range map[string]any{
		"SELECT NULL::bytea":   &[]byte{1},
		"SELECT NULL::text[]":  &[]string{"a"},
		"SELECT NULL::jsonb":   &json.RawMessage{1},
		"SELECT NULL::json":    &[]byte{1},
		"SELECT (NULL)::bytea": &blob{1},
	} {
		if err := conn.QueryRow(t.Context(), text).Scan(to); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if v := reflect.ValueOf(to).Elem(); !v.IsNil() {
			t.Errorf("%s into %T: %v", text, to, v)
		}
	}
}
