package search

import (
	"context"
	"strings"

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
		words := r.onlyToken()
		words.Users = max(rareLimit, 2*words.Limit)
		r.first.listed = searchWords.Queue(b, words)
	}
}

// endFirstPhase takes the hits of the first phase.
func (r *run) endFirstPhase() error {
	if r.unshared {
		return nil
	}
	named, listed := r.first.named, r.first.listed
	if listed == nil { // there are several tokens
		_, err := r.endRare()
		return err
	}
	r.first = firstPhase{}
	if named != nil {
		if err := r.take(named.Rows); err != nil {
			return err
		}
	}
	r.moveTo(domain.MatchWords)
	at := r.cursor
	if err := r.take(listed.Rows); err != nil {
		return err
	}
	if r.cursor == at {
		r.moveTo(domain.MatchPrefix)
	}
	return nil
}

// named finds the user that the whole term names. The names of deleted users are
// free, so that no such user is found.
func (r *run) named(ctx context.Context) error {
	if r.cursor.Match > 0 || !r.mayBeName() {
		return nil
	}
	_, err := find(ctx, r, searchName, findName{r.conditions.AnyUserFilter, r.conditions.Name})
	return err
}

func (r *run) mayBeName() bool { return !strings.ContainsAny(r.conditions.Name, " \"") }
