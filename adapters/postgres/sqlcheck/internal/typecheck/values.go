package typecheck

import (
	"math"
	"net"
	"reflect"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/gotype"
)

// xid8 has a codec of pgx and no constant.
const xid8 = 5069

// ofPgtype are the types of pgtype, and the like, that hold exactly the values of a
// type of the database, NULL included where they have Valid.
var ofPgtype = map[uint32][]form{
	pgtype.BoolOID:           {exactly[pgtype.Bool]()},
	pgtype.Int2OID:           {exactly[pgtype.Int2]()},
	pgtype.Int4OID:           {exactly[pgtype.Int4]()},
	pgtype.Int8OID:           {exactly[pgtype.Int8]()},
	pgtype.Float4OID:         {exactly[pgtype.Float4]()},
	pgtype.Float8OID:         {exactly[pgtype.Float8]()},
	pgtype.NumericOID:        {exactly[pgtype.Numeric]()},
	pgtype.UUIDOID:           {exactly[pgtype.UUID]()},
	pgtype.DateOID:           {exactly[pgtype.Date]()},
	pgtype.TimestampOID:      {exactly[pgtype.Timestamp]()},
	pgtype.TimestamptzOID:    {exactly[pgtype.Timestamptz]()},
	pgtype.TimeOID:           {exactly[pgtype.Time]()},
	pgtype.IntervalOID:       {exactly[pgtype.Interval]()},
	pgtype.MacaddrOID:        {exactly[net.HardwareAddr]()},
	pgtype.BitOID:            {exactly[pgtype.Bits]()},
	pgtype.VarbitOID:         {exactly[pgtype.Bits]()},
	pgtype.PointOID:          {exactly[pgtype.Point]()},
	pgtype.BoxOID:            {exactly[pgtype.Box]()},
	pgtype.LsegOID:           {exactly[pgtype.Lseg]()},
	pgtype.LineOID:           {exactly[pgtype.Line]()},
	pgtype.PathOID:           {exactly[pgtype.Path]()},
	pgtype.PolygonOID:        {exactly[pgtype.Polygon]()},
	pgtype.CircleOID:         {exactly[pgtype.Circle]()},
	pgtype.TIDOID:            {exactly[pgtype.TID]()},
	pgtype.XIDOID:            {exactly[pgtype.Uint32](), of(reflect.Uint32)},
	xid8:                     {of(reflect.Uint64), exactly[pgtype.Uint64]()},
	pgtype.Int4rangeOID:      {exactly[pgtype.Range[pgtype.Int4]]()},
	pgtype.Int8rangeOID:      {exactly[pgtype.Range[pgtype.Int8]]()},
	pgtype.NumrangeOID:       {exactly[pgtype.Range[pgtype.Numeric]]()},
	pgtype.DaterangeOID:      {exactly[pgtype.Range[pgtype.Date]]()},
	pgtype.TsrangeOID:        {exactly[pgtype.Range[pgtype.Timestamp]]()},
	pgtype.TstzrangeOID:      {exactly[pgtype.Range[pgtype.Timestamptz]]()},
	pgtype.Int4multirangeOID: {exactly[pgtype.Multirange[pgtype.Range[pgtype.Int4]]]()},
	pgtype.Int8multirangeOID: {exactly[pgtype.Multirange[pgtype.Range[pgtype.Int8]]]()},
	pgtype.TextOID:           {nullText},
	pgtype.VarcharOID:        {nullText},
	pgtype.BPCharOID:         {nullText},
	pgtype.NameOID:           {nullText},
	pgtype.JSONOID:           {document},
	pgtype.JSONBOID:          {document},
}

var (
	nullText = exactly[pgtype.Text]()
	document = form{"a struct", isDocument}
)

// isDocument reports whether pgx makes JSON of a type, and the type of JSON: a struct, a
// map, or a list of such. What the JSON holds is not looked at.
func isDocument(t reflect.Type) bool {
	for t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 {
		t = t.Elem()
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Map || t.Kind() == reflect.Struct && !gotype.IsValue(t)
}

// samples are values at the edges of a type of the database, as pgx gives them to
// Scan. A type that holds all of them, and gives them back, holds the type's values.
var samples = map[uint32][]any{
	pgtype.BoolOID:        {true, false},
	pgtype.Int2OID:        {int64(math.MaxInt16), int64(math.MinInt16)},
	pgtype.Int4OID:        {int64(math.MaxInt32), int64(math.MinInt32)},
	pgtype.Int8OID:        {int64(math.MaxInt64), int64(math.MinInt64)},
	pgtype.Float4OID:      {float64(1.5)},
	pgtype.Float8OID:      {0.1, math.MaxFloat64},
	pgtype.NumericOID:     {"12345678901234567890.123"},
	pgtype.ByteaOID:       {[]byte{0, 255}},
	pgtype.UUIDOID:        {"01947d5e-7b7a-7c4e-9b1d-3f2a5c6d7e8f"},
	pgtype.DateOID:        {time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC)},
	pgtype.TimestamptzOID: {time.Date(2026, 2, 28, 1, 2, 3, 4000, time.UTC)},
}

// own is whether a type with Scan and Value fits a type of the database. Of texts
// that one refuses, such as those of an enumeration, it decides itself.
func own(t describe.Type, goType reflect.Type) (fits bool) {
	if !gotype.Scans(goType) || !gotype.Values(goType) || goType.PkgPath() == reflect.TypeFor[pgtype.Text]().PkgPath() {
		return false
	}
	plain := t.Plain()
	switch {
	case plain.Kind == 'e', slices.Contains(texts, plain.OID):
		return readsText(goType)
	case plain.OID == pgtype.JSONOID, plain.OID == pgtype.JSONBOID:
		return readsAny(goType, []byte("{}"), []byte("[]"), []byte("1"), []byte(`"a"`), "{}", "[]", "1", `"a"`)
	}
	for _, sample := range samples[plain.OID] {
		if back, err := gotype.Scan(goType, sample); err != nil || !same(sample, back) {
			return false
		}
	}
	return true
}

var texts = []uint32{pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID, pgtype.NameOID}

// readsText reports whether a type is for texts: it gives one back or, if it refuses
// that, as an enumeration does, it refuses values of other types, too.
func readsText(goType reflect.Type) bool {
	const sample = "a 'text'"
	if back, err := gotype.Scan(goType, sample); err == nil {
		return same(sample, back)
	}
	return !readsAny(goType, int64(1), 1.5, true, time.Unix(1, 0))
}

func readsAny(goType reflect.Type, values ...any) bool {
	return slices.ContainsFunc(values, func(v any) bool {
		_, err := gotype.Scan(goType, v)
		return err == nil
	})
}

// same reports whether a value came back.
func same(sample, back any) bool {
	switch v := sample.(type) {
	case time.Time:
		b, ok := back.(time.Time)
		return ok && v.Equal(b)
	case []byte:
		b, ok := back.([]byte)
		return ok && string(v) == string(b)
	}
	return sample == back
}
