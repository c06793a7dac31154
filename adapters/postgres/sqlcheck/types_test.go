package sqlcheck

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// values has a field of each kind that parameters and rows may have.
type values struct {
	Bool   bool            `db:"a"`
	Int    int             `db:"b"`
	Int16  int16           `db:"c"`
	Int32  *int32          `db:"d"`
	Float  float64         `db:"e"`
	Text   string          `db:"f"`
	Named  status          `db:"g"`
	NoText *string         `db:"h"`
	Bytes  []byte          `db:"i"`
	JSON   json.RawMessage `db:"j"`
	ID     uuid            `db:"k"`
	NoID   *uuid           `db:"l"`
	Time   time.Time       `db:"m"`
	NoTime *time.Time      `db:"n"`
	Texts  []string        `db:"o"`
	Names  []status        `db:"p"`
	IDs    []uuid          `db:"q"`
	Times  []time.Time     `db:"r"`
	Ints   []int64         `db:"s"`
	Nulls  []*string       `db:"t"`
}

var valuesEcho = New(Def[values, values]{
	Name: "values.echo",
	Build: func(v values) sq.Sqlizer {
		return sq.Select().
			Column("?::bool AS a, ?::int8 AS b, ?::int2 AS c, ?::int4 AS d", v.Bool, v.Int, v.Int16, v.Int32).
			Column("?::float8 AS e, ?::text AS f, ?::text AS g, ?::text AS h", v.Float, v.Text, v.Named, v.NoText).
			Column("?::bytea AS i, ?::jsonb AS j, ?::uuid AS k, ?::uuid AS l", v.Bytes, v.JSON, v.ID, v.NoID).
			Column("?::timestamptz AS m, ?::timestamptz AS n, ?::text[] AS o", v.Time, v.NoTime, v.Texts).
			Column("?::text[] AS p, ?::uuid[] AS q, ?::timestamptz[] AS r", v.Names, v.IDs, v.Times).
			Column("?::int8[] AS s, ?::text[] AS t", v.Ints, v.Nulls)
	},
})

func TestValuesOfEveryTypeComeBackAsTheyWent(t *testing.T) {
	text, number, id := `quote " and \ and $1 ?`, int32(-5), uuid{9}
	full := values{
		Bool: true, Int: 1 << 40, Int16: -3, Int32: &number, Float: 1.5, Text: text, Named: "open", NoText: &text,
		Bytes: []byte{0, 1, 255}, JSON: json.RawMessage(`{"a": [1, null]}`), ID: uuid{15: 7}, NoID: &id,
		Time: noon, NoTime: &noon, Texts: []string{"a", "", `{"b,c"}`}, Names: []status{"open", "sent"},
		IDs: []uuid{{1}, {2}}, Times: []time.Time{noon, noon}, Ints: []int64{-1, 0, 1 << 60}, Nulls: []*string{&text, nil},
	}
	empty := values{
		Time: noon, Bytes: []byte{}, JSON: json.RawMessage(`null`), Texts: []string{}, Names: []status{}, IDs: []uuid{},
		Times: []time.Time{}, Ints: []int64{}, Nulls: []*string{},
	}
	null := values{Time: noon} // nil slices and pointers are NULL
	for _, mode := range []pgx.QueryExecMode{
		pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec,
	} {
		t.Run(mode.String(), func(t *testing.T) {
			db := Pool(open(t, func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = mode }))
			for name, want := range map[string]values{"full": full, "empty": empty, "null": null} {
				got, err := valuesEcho.One(t.Context(), db, want)
				if err != nil {
					t.Fatal(name, err)
				}
				got.Time = got.Time.UTC()
				if got.NoTime != nil {
					*got.NoTime = got.NoTime.UTC()
				}
				for i := range got.Times {
					got.Times[i] = got.Times[i].UTC()
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: got  %+v\nwant %+v", name, got, want)
				}
			}
		})
	}
}
