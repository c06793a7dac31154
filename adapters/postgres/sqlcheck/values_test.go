package sqlcheck

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"
	guuid "github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

type jsonDocument struct {
	Words []string      `json:"words"`
	Inner *jsonDocument `json:"inner"` // a sample of it ends
}

type allValues struct {
	Key   guuid.UUID                `db:"key"`
	Note  pgtype.Text               `db:"note"`
	Until pgtype.Timestamptz        `db:"until"`
	Took  pgtype.Interval           `db:"took"`
	Price pgtype.Numeric            `db:"price"`
	Ages  pgtype.Range[pgtype.Int4] `db:"ages"`
	From  netip.Prefix              `db:"source"`
	Doc   jsonDocument              `db:"doc"`
	Attrs map[string]string         `db:"attrs"`
	Names []pgtype.Text             `db:"names"`
}

var pgtypesEcho = New(Def[allValues, allValues]{
	Name: "pgtypes.echo",
	Build: func(p allValues) sq.Sqlizer {
		return sq.Select().Column("?::uuid AS key", p.Key).Column("?::text AS note", p.Note).
			Column("?::timestamptz AS until", p.Until).Column("?::interval AS took", p.Took).
			Column("?::numeric AS price", p.Price).Column("?::int4range AS ages", p.Ages).
			Column("?::cidr AS source", p.From).Column("?::jsonb AS doc", p.Doc).
			Column("?::jsonb AS attrs", p.Attrs).Column("?::text[] AS names", p.Names)
	},
})

func TestValuesOfPgtypeAndJSONComeThroughAQuery(t *testing.T) {
	in := allValues{
		Key: guuid.MustParse("01947d5e-7b7a-7c4e-9b1d-3f2a5c6d7e8f"), Note: pgtype.Text{String: "a", Valid: true},
		Took: pgtype.Interval{Days: 2, Valid: true}, From: netip.MustParsePrefix("10.0.0.0/8"),
		Ages: pgtype.Range[pgtype.Int4]{
			Lower: pgtype.Int4{Int32: 1, Valid: true}, LowerType: pgtype.Inclusive, UpperType: pgtype.Unbounded, Valid: true,
		},
		Doc: jsonDocument{Words: []string{"a"}, Inner: &jsonDocument{}}, Attrs: map[string]string{"a": "b"},
		Names: []pgtype.Text{{String: "x", Valid: true}, {}},
	}
	out, err := pgtypesEcho.One(t.Context(), Pool(open(t)), in)
	if err != nil || !reflect.DeepEqual(in, out) {
		t.Errorf("got  %+v, %v\nwant %+v", out, err, in)
	}
	d, err := pgtypesEcho.definition()
	want := []string{"Key", "Note", "Until", "Took", "Price", "Ages", "From", "Doc", "Attrs", "Names"}
	if err != nil || !slices.Equal(d.Variants[0].Args, want) {
		t.Errorf("got %+v, %v", d.Variants, err)
	}
}

type byKey struct{ Key guuid.UUID }

// squirrel's Eq sends what Value gives; pgx gets the field.
func TestEqTakesATypeWithValue(t *testing.T) {
	q := New(Def[byKey, None]{Name: "values.eq", Build: func(p byKey) sq.Sqlizer { return where(sq.Eq{"id": p.Key}) }})
	text, args, err := q.SQL(byKey{guuid.Max})
	if err != nil || text != "DELETE FROM t WHERE id = $1" || !slices.Equal(args, []any{guuid.Max}) {
		t.Errorf("got %q, %v, %v", text, args, err)
	}
	nullable := func(p struct{ Note pgtype.Text }) sq.Sqlizer { return where(sq.Eq{"note": p.Note}) }
	if err := wrong(nullable)(); err == nil || !strings.Contains(err.Error(), "the text depends on the value of Note") {
		t.Errorf("Eq of what may be NULL: got %v", err)
	}
}

// An embedded value is a column, and its fields are none.
func TestAnEmbeddedValueIsOneColumn(t *testing.T) {
	type row struct {
		pgtype.Text `db:"note"`
	}
	cols, err := columnsOf(reflect.TypeFor[row]())
	if err != nil || len(cols.fields) != 1 || cols.fields[0].name != "note" {
		t.Errorf("got %+v, %v", cols, err)
	}
}
