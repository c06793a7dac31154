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
	slow   *database.Pool // of second ones, in the class Slow
	first  database.Batcher[key, ports.SearchUsers, *run]
	second database.Batcher[*run, *run, ports.FoundUsers]
}

// New returns the search of the users in a pool's database.
func New(pool *database.Pool) *Engine {
	e := &Engine{pool: pool, slow: pool.For(database.Slow)}
	first := database.ManyReads
	first.MaxRequests = 64
	e.first = database.Reads(pool, first, batch.Work[key, ports.SearchUsers, *run]{
		Key: keyOf, Run: e.firstPhases, Bisect: database.OfOneRequest,
	})
	e.second = database.Reads(e.slow, database.SlowReads, batch.Work[*run, *run, ports.FoundUsers]{
		Key: database.Itself[*run], Run: batch.Each(secondPhase),
	})
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
// share both phases. No second phase continues a first phase from before its
// request.
func (e *Engine) SearchUsers(ctx context.Context, in ports.SearchUsers) (ports.FoundUsers, error) {
	r, err := e.first.Do(ctx, in)
	if err != nil {
		return ports.FoundUsers{}, err
	}
	if r.full {
		return r.page(), nil
	}
	return e.second.Do(ctx, r)
}

// firstPhases runs the first phases of several searches in one round trip.
func (e *Engine) firstPhases(ctx context.Context, in []ports.SearchUsers, results []batch.Result[*run]) error {
	runs, err := database.Read(ctx, e.pool, func(db sqlcheck.DB) ([]*run, error) {
		var b sqlcheck.Batch
		rare := newRareBatch()
		runs := make([]*run, len(in))
		for i := range in {
			runs[i] = newRun(e.slow, in[i])
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

// secondPhase finds what the first phase, which other callers may hold, did not.
func secondPhase(ctx context.Context, first *run) (ports.FoundUsers, error) {
	r := *first
	r.hits, r.memo = slices.Clip(r.hits), new(ports.Memo)
	if err := r.secondPhase(ctx); err != nil {
		return ports.FoundUsers{}, err
	}
	return r.page(), nil
}
