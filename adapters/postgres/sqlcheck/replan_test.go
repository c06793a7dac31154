package sqlcheck

import (
	"testing"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5/pgxpool"
)

func countersNamed(name string, replan bool) *Query[counterName, counter] {
	return newQuery(&Def[counterName, counter]{
		Name: name, Replan: replan,
		Build: func(p counterName) sq.Sqlizer {
			return sq.Select("name", "n").From("shop.counters").Where("name >= ?", p.Name).Where("n > 0")
		},
	}, place{})
}

type plansRow struct {
	Generic int64 `db:"generic_plans"`
	Custom  int64 `db:"custom_plans"`
}

// TestAPlanForEachCallIsMadeWhateverTheConnectionsModeIs looks at what plans the
// server has made of what is prepared.
func TestAPlanForEachCallIsMadeWhateverTheConnectionsModeIs(t *testing.T) {
	generic := func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan" }
	plans := newQuery(&Def[None, plansRow]{
		Name: "counters.plans",
		Build: func(None) sq.Sqlizer {
			return sq.Select("generic_plans", "custom_plans").From("pg_prepared_statements").
				Where("statement LIKE '%n > 0%' AND statement NOT LIKE '%generic%'")
		},
	}, place{})
	for _, c := range []struct {
		query *Query[counterName, counter]
		want  plansRow
	}{
		{countersNamed("counters.replanned", true), plansRow{Custom: 7}},
		{countersNamed("counters.planned", false), plansRow{Generic: 7}},
	} {
		db := Pool(open(t, oneConnection, generic))
		for range 7 {
			if _, err := c.query.All(t.Context(), db, counterName{"a"}); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := plans.One(t.Context(), db, None{}); err != nil || got != c.want {
			t.Errorf("%s: %+v, want %+v; %v", c.query.name, got, c.want, err)
		}
	}
}
