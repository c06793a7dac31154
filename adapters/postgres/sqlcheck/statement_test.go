package sqlcheck

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"
	"pgregory.net/rapid"
)

// everything has a field of each kind that parameters may have.
type everything struct {
	Bool, Other bool
	Maybe       *bool
	Int         int
	Int16       int16
	Int64       int64
	Duration    time.Duration
	Uint8       uint8
	Uint32      uint32
	Float       float64
	Text        string
	Named       status
	NoText      *string
	Bytes       []byte
	JSON        json.RawMessage
	ID          uuid
	Time        time.Time
	NoTime      *time.Time
	Texts       []string
	NoTexts     []*string
	IDs         []uuid
	Times       []time.Time
	Blobs       [][]byte
	Bools       []bool
	page
	Opt     Opt[float64]
	OptBool Opt[bool]
	Flag    bool
	Sort    status
}

type page struct{ Limit, Offset int64 }

func buildEverything(p everything) sq.Sqlizer {
	b := sq.Select("1 AS one").From("t").
		Where("a = ? AND b = ? AND c = ?", p.Bool, p.Other, p.Maybe).
		Where(sq.Or{sq.Eq{"d": p.Int}, sq.Gt{"e": p.Int16}, sq.Expr("f IN (?)", sq.Select("x").From("u").Where("y = ?", p.Int64))}).
		Where("h = ? AND i = ? AND j = ? AND k = ?", p.Duration, p.Uint8, p.Uint32, p.Float).
		Where("l = ? AND m = ? AND n = ? AND o = ?", p.Text, p.Named, p.NoText, p.Bytes).
		Where("q ?? 'a' AND p = ? AND r = ? AND s = ? AND t = ?", p.JSON, p.ID, p.Time, p.NoTime).
		Where("u = ? AND v = ? AND w = ? AND x = ?", p.Texts, p.NoTexts, p.IDs, p.Times).
		Where("y = ? AND z = ? AND l = ?", p.Blobs, p.Bools, p.Text)
	if p.Opt.Set {
		b = b.Where("k < ?", p.Opt.V)
	}
	if p.OptBool.Set {
		b = b.Where("a <> ?", p.OptBool.V)
	}
	if p.Flag {
		b = b.Where("NOT g")
	}
	return b.OrderBy(map[status]string{"up": "1", "down": "1 DESC"}[p.Sort]).Suffix("LIMIT ? OFFSET ?", p.Limit, p.Offset)
}

var everythingQuery = New(Def[everything, struct {
	One int `db:"one"`
}]{
	Name:  "everything",
	Build: buildEverything,
	Enums: map[string][]string{"Flag": {"false", "true"}, "Sort": {"up", "down"}},
})

func TestTheTextIsWhatSquirrelBuilds(t *testing.T) {
	t.Run("with parameters of every type", rapid.MakeCheck(func(t *rapid.T) {
		p := rapid.Make[everything]().Draw(t, "parameters")
		p.Sort = rapid.SampledFrom([]status{"up", "down"}).Draw(t, "sort")
		p.page = rapid.Custom(func(t *rapid.T) page { return page{rapid.Int64().Draw(t, "limit"), 7} }).Draw(t, "page")
		compare(t, everythingQuery, buildEverything, p)
	}))
	t.Run("with optional filters", rapid.MakeCheck(func(t *rapid.T) {
		p := rapid.Make[listOrders]().Draw(t, "parameters")
		p.Sort = rapid.SampledFrom([]string{"newest", "total"}).Draw(t, "sort")
		compare(t, ordersList, ordersDef.Build, p)
	}))
}

func compare[P, R any](t *rapid.T, q *Query[P, R], build func(P) sq.Sqlizer, p P) {
	t.Helper()
	v, args, err := q.statement(reflect.ValueOf(p))
	if err != nil {
		t.Fatal(err)
	}
	want, wantArgs, err := build(p).ToSql()
	if err != nil {
		t.Fatal(err)
	}
	if want, _ = sq.Dollar.ReplacePlaceholders(want); v.text != want {
		t.Fatalf("text %q, squirrel's is %q", v.text, want)
	}
	if !reflect.DeepEqual(args, wantArgs) {
		t.Fatalf("arguments %v, squirrel's are %v", args, wantArgs)
	}
	for d := range All() {
		if d.Name == q.name && slices.ContainsFunc(d.Variants, func(v Variant) bool { return v.Text == want }) {
			return
		}
	}
	t.Fatalf("%q is not registered", want)
}

var threeFilters = listOrders{
	Customer: Some("ada"), Status: Some(status("open")), Since: Some(noon), Sort: "newest", Limit: 5000, Min: 1000,
}

func TestAStatementTakesTwoAllocations(t *testing.T) {
	got := testing.AllocsPerRun(100, func() {
		if _, _, err := ordersList.statement(reflect.ValueOf(threeFilters)); err != nil {
			t.Error(err)
		}
	})
	if got > 2 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkStatement(b *testing.B) {
	b.Run("looked up", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := ordersList.statement(reflect.ValueOf(threeFilters)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("built by squirrel", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := build(ordersDef.Build(threeFilters)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDefine(b *testing.B) {
	b.Run("at start", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var r registry
			q := newQuery(&ordersDef, here())
			if err := r.add(q.name, q.place, q.definition); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("first used", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := newQuery(&ordersDef, nil).statement(reflect.ValueOf(threeFilters)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("listed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := newQuery(&ordersDef, nil).definition(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
