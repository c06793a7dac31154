package search

import (
	"context"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// firstPhase is what the first phase of a search found. It reads little: the
// users of a rare token, or the user that the only token names and the newest
// users that have it.
type firstPhase struct {
	named, listed *sqlcheck.Result[hitRow]
	rare          []hitRow
}

// queueFirstPhase queues the first phase, which is enough for most searches of
// all users. Searches of several tokens share one statement.
func (r *run) queueFirstPhase(b *sqlcheck.Batch, rare *rareBatch) {
	switch {
	case r.unshared:
	case len(r.tokens) > 1:
		rare.add(r)
	default:
		if r.mayBeName() {
			r.first.named = searchName.Queue(b, findName{r.conditions.AnyUserFilter, r.conditions.Name})
		}
		c, _ := r.remaining(domain.MatchWords)
		r.first.listed = searchWords.Queue(b, r.onlyToken(c))
	}
}

// endFirstPhase takes the hits of the first phase.
func (r *run) endFirstPhase() error {
	if r.unshared {
		return nil
	}
	hits := r.first.rare
	r.full = len(hits) > 0
	if listed := r.first.listed; listed != nil { // there is one token
		if r.first.named != nil {
			hits = r.first.named.Rows
		}
		hits = append(hits, listed.Rows...)
		r.full = len(hits) >= int(r.cursor.Limit)
	}
	r.first = firstPhase{}
	return r.add(database.Convert(hits, hitRow.hit))
}

// named finds the user that the whole term names. The names of deleted users are
// free, so that no such user is found.
func (r *run) named(ctx context.Context) error {
	done := !r.unshared && len(r.tokens) == 1 // in the first phase
	if done || r.in.After != nil || !r.mayBeName() {
		return nil
	}
	return r.add(find(ctx, r, searchName, findName{r.conditions.AnyUserFilter, r.conditions.Name}))
}

func (r *run) mayBeName() bool { return !strings.ContainsAny(r.conditions.Name, " \"") }
