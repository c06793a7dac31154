package sqlcheck

import (
	"testing"

	sq "github.com/Masterminds/squirrel"
)

func countersNamed(name string, replan bool) *Query[counterName, counter] {
	return newQuery(Def[counterName, counter]{
		Name: name, Replan: replan,
		Build: func(p counterName) sq.Sqlizer {
			return sq.Select("name", "n").From("shop.counters").Where("name >= ?", p.Name).Where("n > 0")
		},
	}, place{})
}

type preparedRow struct {
	N int64 `db:"n"`
}

// TestAPlanForEachCallIsOfAStatementWithoutAName looks at what the server has
// prepared: what has a name gets one plan for all values in time.
func TestAPlanForEachCallIsOfAStatementWithoutAName(t *testing.T) {
	p := open(t, oneConnection)
	db := Pool(p)
	prepared := newQuery(Def[None, preparedRow]{
		Name: "counters.prepared",
		Build: func(None) sq.Sqlizer {
			return sq.Expr("SELECT count(*) AS n FROM pg_prepared_statements WHERE statement LIKE '%n > 0%' AND statement NOT LIKE '%prepared%'")
		},
	}, place{})
	for _, c := range []struct {
		query *Query[counterName, counter]
		want  int64
	}{{countersNamed("counters.replanned", true), 0}, {countersNamed("counters.planned", false), 1}} {
		for range 7 {
			if _, err := c.query.All(t.Context(), db, counterName{"a"}); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := prepared.One(t.Context(), db, None{}); err != nil || got.N != c.want {
			t.Errorf("%s: %d statements are prepared, want %d; %v", c.query.name, got.N, c.want, err)
		}
	}
}
