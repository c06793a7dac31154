package mutants

import (
	"slices"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

func TestAChangeTouchesTheQueriesThatItMayConcern(t *testing.T) {
	const orders, visits, view = 1, 2, 3
	names := []string{"of.orders", "of.visits", "of.both", "of.a.view", "of.nothing", "answered.again"}
	on := func(relations ...uint32) map[place]bool {
		places := map[place]bool{}
		for _, r := range relations {
			places[place{r, 7}] = true
		}
		return places
	}
	before, now := map[string]map[string]string{}, map[string]map[string]string{}
	for _, name := range names {
		before[name], now[name] = map[string]string{"SELECT": "1"}, map[string]string{"SELECT": "1"}
	}
	now["answered.again"]["SELECT"] = "42703"
	c := trial{
		defs: func(yield func(sqlcheck.Definition) bool) {
			for _, name := range names {
				if !yield(sqlcheck.Definition{Name: name}) {
					return
				}
			}
		},
		columns: []column{{relation: orders, number: 1}, {relation: visits, number: 1}},
		original: oracle{answers: before, depends: map[string]map[place]bool{
			"of.orders": on(orders), "of.visits": on(visits), "of.both": on(visits, orders), "of.a.view": on(view), "answered.again": on(visits),
		}},
	}
	var touched []string
	for d := range c.touched(column{relation: orders, number: 1}, oracle{answers: now}) {
		touched = append(touched, d.Name)
	}
	if want := []string{"of.orders", "of.both", "of.a.view", "of.nothing", "answered.again"}; !slices.Equal(touched, want) {
		t.Errorf("touched are %q, want %q", touched, want)
	}
}
