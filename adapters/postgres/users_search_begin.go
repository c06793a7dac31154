package postgres

import (
	"context"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/coalesce"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// beginning is what a search begins with, none of which reads much: with who has
// the rarest of several words where they are few, or with whom the only word
// names and the latest who have it.
type beginning struct {
	named, walked *sqlcheck.Result[foundRow]
	few           []foundRow
}

// begin queues the beginning, which is enough for most searches of all users.
// Those of several words are one statement.
func (q *search) begin(b *sqlcheck.Batch, several *fewOfMany) {
	if !q.plain {
		return
	}
	if len(q.words) > 1 {
		several.add(q)
		return
	}
	if q.mayBeName() {
		q.first.named = searchedNamed.Queue(b, searchNamed{q.m.anyUserFilter, q.m.Name})
	}
	at, _ := q.rest(domain.MatchWords)
	q.first.walked = searchedWalk.Queue(b, q.walkWord(at))
}

// begun takes what the beginning has found.
func (q *search) begun() error {
	if !q.plain {
		return nil
	}
	rows := q.first.few
	q.ended = len(rows) > 0
	if walked := q.first.walked; walked != nil { // there is one word
		if q.first.named != nil {
			rows = q.first.named.Rows
		}
		rows = append(rows, walked.Rows...)
		q.ended = len(rows) >= int(q.place.Limit)
	}
	q.first = beginning{}
	return q.take(converted(rows, foundRow.found))
}

// beginSearches begins searches in one round trip.
func (d *Database) beginSearches(ctx context.Context, in []ports.SearchUsers, results []coalesce.Result[*search]) error {
	all, err := read(ctx, d, func(db sqlcheck.DB) ([]*search, error) {
		var b sqlcheck.Batch
		several := fewOfMany{p: searchFewOfMany{Not: []string{}}} // nil would be NULL
		all := make([]*search, len(in))
		for i := range in {
			all[i] = newSearch(d, in[i])
			all[i].begin(&b, &several)
		}
		several.queue(&b)
		if err := b.Send(ctx, db); err != nil {
			return nil, err
		}
		several.share()
		return all, nil
	})
	if err != nil {
		return err
	}
	for i, q := range all {
		q.shared = new(ports.Memo)
		results[i].Value, results[i].Err = q, q.begun()
	}
	return nil
}

func (d *Database) beginSearch(ctx context.Context, in ports.SearchUsers) (*search, error) {
	var result [1]coalesce.Result[*search]
	if err := d.beginSearches(ctx, []ports.SearchUsers{in}, result[:]); err != nil {
		return nil, err
	}
	return result[0].Value, result[0].Err
}

// SearchUsers implements ports.UserSearcher. Who asks the same at the same time
// shares a search, from its beginning to its end: no end may be of a beginning
// from before the request.
func (s *Users) SearchUsers(ctx context.Context, in ports.SearchUsers) (ports.FoundUsers, error) {
	q, err := through(ctx, s.d.lanes.begun, in, s.d.beginSearch)
	if err != nil {
		return ports.FoundUsers{}, err
	}
	if q.ended {
		return q.answer(), nil
	}
	return through(ctx, s.d.lanes.searched, q, endSearch)
}

// endSearch finds what the beginning of a search, which others may hold, has not.
func endSearch(ctx context.Context, begun *search) (ports.FoundUsers, error) {
	q := *begun
	q.found, q.shared = slices.Clip(q.found), new(ports.Memo)
	if err := q.goOn(ctx); err != nil {
		return ports.FoundUsers{}, err
	}
	return q.answer(), nil
}

// goOn takes the way that suits the words and the filter.
func (q *search) goOn(ctx context.Context) (err error) {
	switch {
	case q.in.After != nil && q.in.After.Match == domain.MatchSimilar:
		err = q.similar(ctx)
	case len(q.lows) == 1 && q.in.Filter.Organization.IsZero():
		err = q.oneWord(ctx)
	default:
		err = q.manyWords(ctx)
	}
	if err == nil && len(q.found) == 0 && q.in.After == nil && !q.unknown {
		err = q.similar(ctx)
	}
	return err
}

func (q *search) answer() ports.FoundUsers {
	page := cut(q.found, q.in.Limit)
	page.Memo = q.shared
	return ports.FoundUsers{Page: page, Corrections: q.instead}
}
