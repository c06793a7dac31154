package search

import (
	"context"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Engine implements ports.UserSearcher.
type Engine struct {
	pool   *database.Pool // of first phases
	slow   *database.Pool // of later ones, in the class Slow
	budget budget
	first  database.Batcher[key, ports.SearchUsers, *run]
	second database.Batcher[*run, *run, *run]
	third  database.Batcher[*run, *run, *run]
}

// New returns the search of the users in a pool's database.
func New(pool *database.Pool) *Engine {
	e := &Engine{pool: pool, slow: pool.For(database.Slow), budget: standard}
	first := database.ManyReads
	first.MaxRequests = 64
	e.first = database.Reads(pool, first, batch.Work[key, ports.SearchUsers, *run]{
		Key: keyOf, Run: e.firstPhases, Bisect: database.OfOneRequest,
	})
	later := func(limits database.Limits, p *phase) database.Batcher[*run, *run, *run] {
		return database.Reads(e.slow, limits, batch.Work[*run, *run, *run]{
			Key: database.Itself[*run], Run: batch.Each(func(ctx context.Context, r *run) (*run, error) { return r.read(ctx, *p) }),
		})
	}
	e.second = later(database.SlowReads, &e.budget.second)
	// One at a time, so that long searches leave the database to others, and each
	// waits for its next turn behind all others.
	e.third = later(database.Limits{MaxBatches: 1, MaxRequests: 1}, &e.budget.third)
	return e
}

// key tells searches apart.
type key struct {
	term      string
	filter    ports.UserFilter
	after     domain.SearchPosition
	firstPage bool
	limit     domain.PageSize
}

func keyOf(in ports.SearchUsers) key {
	k := key{term: in.Term.String(), filter: in.Filter, firstPage: in.After == nil, limit: in.Limit}
	if in.After != nil {
		k.after = *in.After
	}
	return k
}

// SearchUsers implements ports.UserSearcher. Equal searches that arrive together
// share all phases. No phase continues one from before its request.
func (e *Engine) SearchUsers(ctx context.Context, in ports.SearchUsers) (ports.FoundUsers, error) {
	if in.Term.Contradicts() {
		return ports.FoundUsers{}, nil
	}
	inTime, cancel := context.WithTimeout(ctx, e.pool.Timeout())
	defer cancel()
	r, err := e.search(inTime, in)
	if err != nil {
		return ports.FoundUsers{}, database.Translate(ctx, err)
	}
	return r.page(), nil
}

func (e *Engine) search(ctx context.Context, in ports.SearchUsers) (*run, error) {
	r, err := e.first.Do(ctx, in)
	if err == nil && !r.done() {
		r, err = e.second.Do(ctx, r)
	}
	for turn := 0; turn < maxTurns && err == nil && !r.done(); turn++ {
		r, err = e.third.Do(ctx, r)
	}
	return r, err
}

// firstPhases runs the first phases of several searches in one round trip.
func (e *Engine) firstPhases(ctx context.Context, in []ports.SearchUsers, results []batch.Result[*run]) error {
	runs, err := database.Read(ctx, e.pool, func(db sqlcheck.DB) ([]*run, error) {
		var b sqlcheck.Batch
		rare := newRareBatch()
		runs := make([]*run, len(in))
		for i := range in {
			runs[i] = newRun(e.slow, &e.budget, in[i])
			runs[i].queueFirstPhase(&b, &rare)
		}
		rare.queue(&b)
		if err := b.Send(ctx, db); err != nil {
			return nil, err
		}
		rare.distribute()
		return runs, nil
	})
	if err != nil {
		return err
	}
	for i, r := range runs {
		r.memo = new(ports.Memo)
		results[i].Value, results[i].Err = r, r.endFirstPhase()
	}
	return nil
}

// read goes on with a search, which other callers may hold, in a later phase.
func (r *run) read(ctx context.Context, p phase) (*run, error) {
	next := *r
	next.hits, next.memo, next.phase, next.stopped = slices.Clip(r.hits), new(ports.Memo), p, false
	return &next, next.fill(ctx)
}
