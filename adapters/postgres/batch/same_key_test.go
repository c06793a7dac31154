package batch_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/batch"
)

func TestWritesWithOneKeyShareABatchInTheOrderOfTheirArrival(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*batch.Limits)
		want   [][]request
	}{
		"one by one": {
			func(*batch.Limits) {},
			[][]request{{{7, 1}}, {{8, 3}, {7, 2}}, {{7, 4}}, {{7, 5}}},
		},
		"up to MaxPerKey": {
			func(l *batch.Limits) { l.MaxPerKey = 2 },
			[][]request{{{7, 1}}, {{8, 3}, {7, 2}, {7, 4}}, {{7, 5}}},
		},
		"up to MaxRequests": {
			func(l *batch.Limits) { l.MaxPerKey, l.MaxRequests = 9, 3 },
			[][]request{{{7, 1}}, {{8, 3}, {7, 2}, {7, 4}}, {{7, 5}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			limits := limits
			c.change(&limits)
			withHeldWrites(t, limits, func(t *testing.T, s *store, b *batcher, a *asked) {
				a.ask(t.Context(), b, request{7, 1}, request{7, 2}, request{8, 3}, request{7, 4}, request{7, 5})
				close(s.held)
				a.wantAll(same)
				s.wantBatches(t, c.want)
			})
		})
	}
}
