package postgres

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// oneWord takes users from the word's own list, which is in order, and then
// from those of the words that begin with it.
func (q *search) oneWord(ctx context.Context) error {
	if err := q.named(ctx); err != nil {
		return err
	}
	if at, ok := q.rest(domain.MatchWords); ok && !q.plain {
		if err := q.take(list(ctx, q.d, searchedWalk, q.walkWord(at), foundRow.found)); err != nil {
			return err
		}
	}
	at, ok := q.rest(domain.MatchPrefix)
	if !ok || q.quoted(0) {
		return nil
	}
	sizes, err := q.sizes(ctx, someEntries)
	if err != nil {
		return err
	}
	if sizes[0] == someEntries {
		if done, err := q.newest(ctx, at); done || err != nil {
			return err
		}
	}
	return q.take(list(ctx, q.d, searchedBegun, searchBegun{q.m, q.lows[0], q.highs[0], at.reach}, foundRow.found))
}

// walkWord takes users from the list of the only word.
func (q *search) walkWord(at place) searchWalk {
	return searchWalk{q.m, q.words[0], at.reach}
}

// newest looks among the newest users, and reports whether that was enough.
func (q *search) newest(ctx context.Context, at place) (bool, error) {
	if q.in.Filter.Deleted.Shows() {
		return false, nil // there is no order of theirs
	}
	found, err := list(ctx, q.d, searchedNewest, searchNewest{q.m, walkedUsers, at.reach}, foundRow.found)
	if err != nil || len(found) < int(at.Limit) {
		return false, err
	}
	return true, q.take(found, nil)
}
