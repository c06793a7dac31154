package postgres

import (
	"context"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// How many entries of words are looked at before another way is taken.
const (
	// fewEntries are looked at whatever the page needs.
	fewEntries = 200
	// someEntries are sorted, rather than walking past users without the word.
	someEntries = 4_000
	// walkedUsers is how many of the newest users are looked at for words that
	// many have.
	walkedUsers = 6_000
	// walkedEntries is how many of the latest entries of a word are looked at
	// for other words.
	walkedEntries = 2_000
	// mergedEntries is how many of the latest entries of several words are looked
	// at for other words.
	mergedEntries = 1_024
	// mostMerged is how many words' lists are merged.
	mostMerged = 64
	allEntries = 1 << 30
)

// searchUsers is SearchUsers, by itself.
func (d *Database) searchUsers(ctx context.Context, in ports.SearchUsers) (ports.FoundUsers, error) {
	q := newSearch(d, in)
	var err error
	switch {
	case in.After != nil && in.After.Match == domain.MatchSimilar:
		err = q.similar(ctx)
	case len(q.lows) == 1 && in.Filter.Organization.IsZero():
		err = q.oneWord(ctx)
	default:
		err = q.manyWords(ctx)
	}
	if err == nil && len(q.found) == 0 && in.After == nil {
		err = q.similar(ctx)
	}
	if err != nil {
		return ports.FoundUsers{}, err
	}
	return ports.FoundUsers{Page: cut(q.found, in.Limit), Instead: q.instead}, nil
}

// search is one search under way.
type search struct {
	d     *Database
	in    ports.SearchUsers
	m     matching
	place place
	// words are those that are required; lows and highs enclose the words that
	// will do for each.
	words, lows, highs []string
	phrases            []string // patterns of the parts in quotes
	found              []ports.FoundUser
	instead            []string
}

func newSearch(d *Database, in ports.SearchUsers) *search {
	if in.Filter.Status == "" {
		in.Filter.Status = domain.Active
	}
	q := &search{d: d, in: in, phrases: []string{}, m: matching{
		anyUserFilter: anyFilterOf(in.Filter), Whole: []string{}, Begun: []string{}, Not: []string{},
		Name: strings.ToLower(strings.TrimSpace(in.Term.String())),
	}}
	for _, part := range in.Term.Required() {
		q.require(part)
	}
	for _, part := range in.Term.Excluded() {
		q.m.Not = append(q.m.Not, "% "+strings.Join(part.Words, " ")+" %")
	}
	q.place = place{reach: reach{latest, lastID, limit(in.Limit) + 1}}
	if in.After != nil {
		q.place.Match, q.place.At, q.place.ID = int32(in.After.Match), in.After.At, in.After.ID
	}
	return q
}

// require adds the patterns and ranges of a part.
func (q *search) require(part domain.SearchPart) {
	if part.Quoted {
		phrase := "% " + strings.Join(part.Words, " ") + " %"
		q.m.Whole, q.m.Begun, q.phrases = append(q.m.Whole, phrase), append(q.m.Begun, phrase), append(q.phrases, phrase)
	}
	for _, word := range part.Words {
		high := word + "\U0010ffff"
		if part.Quoted {
			high = justAfter(word)
		} else {
			q.m.Whole, q.m.Begun = append(q.m.Whole, "% "+word+" %"), append(q.m.Begun, "% "+word+"%")
		}
		q.words, q.lows, q.highs = append(q.words, word), append(q.lows, word), append(q.highs, high)
	}
}

// justAfter is the end of a range that begins with a word and has no other: no
// character of a word is less than a space.
func justAfter(word string) string { return word + " " }

// rest is the place from which on users of a match are missing; it reports
// whether any are.
func (q *search) rest(match domain.Match) (place, bool) {
	p := q.place
	p.Limit -= int32(len(q.found)) //nolint:gosec // at most 1,001
	if p.Match < int32(match) {
		p.Match, p.At, p.ID = int32(match), latest, lastID
	}
	return p, p.Limit > 0 && p.Match == int32(match)
}

func (q *search) take(found []ports.FoundUser, err error) error {
	q.found = append(q.found, found...)
	return err
}

func (r foundRow) found() (ports.FoundUser, error) {
	user, err := r.user()
	return ports.FoundUser{User: user, Match: domain.Match(r.Match)}, err //nolint:gosec // 1 to 4
}

// named finds whom the whole term names. The names of deleted users are free,
// so that they name nobody.
func (q *search) named(ctx context.Context) error {
	if q.in.After != nil || !q.mayBeName() {
		return nil
	}
	return q.take(list(ctx, q.d, searchedNamed, searchNamed{q.m.anyUserFilter, q.m.Name}, foundRow.found))
}

func (q *search) mayBeName() bool { return !strings.ContainsAny(q.m.Name, " \"") }

// namedAndListed finds whom the term names and who has it as a word in one
// round trip.
func (q *search) namedAndListed(ctx context.Context) error {
	at, _ := q.rest(domain.MatchWords)
	rows, err := read(ctx, q.d, func(db sqlcheck.DB) ([]foundRow, error) {
		var b sqlcheck.Batch
		named := searchedNamed.Queue(&b, searchNamed{q.m.anyUserFilter, q.m.Name})
		listed := searchedWalk.Queue(&b, searchWalk{q.m, q.words[0], []string{}, allEntries, at.reach})
		err := b.Send(ctx, db)
		return append(named.Rows, listed.Rows...), err
	})
	if err != nil {
		return err
	}
	return q.take(converted(rows, foundRow.found))
}

// oneWord takes users from the word's own list, which is in order, and then
// from those of the words that begin with it.
func (q *search) oneWord(ctx context.Context) error {
	if q.in.After == nil && q.mayBeName() {
		if err := q.namedAndListed(ctx); err != nil {
			return err
		}
	} else if at, ok := q.rest(domain.MatchWords); ok {
		if err := q.take(list(ctx, q.d, searchedWalk, searchWalk{q.m, q.words[0], []string{}, allEntries, at.reach}, foundRow.found)); err != nil {
			return err
		}
	}
	at, ok := q.rest(domain.MatchPrefix)
	if !ok || q.highs[0] == justAfter(q.words[0]) {
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

func (q *search) sizes(ctx context.Context, most int32) ([]int64, error) {
	return list(ctx, q.d, searchSizes, sizeWords{q.lows, q.highs, most}, sizeRow.size)
}

func (r sizeRow) size() (int64, error) { return r.Size, nil }

// manyWords looks at everybody who has the rarest of the words where those are
// few, at all who have the two rarest where those are some, and else at the
// latest.
func (q *search) manyWords(ctx context.Context) error {
	if err := q.named(ctx); err != nil {
		return err
	}
	if !q.in.Filter.Organization.IsZero() {
		return q.membersOrWords(ctx)
	}
	sizes, err := q.sizes(ctx, fewEntries)
	if err != nil {
		return err
	}
	if rarest := order(sizes)[0]; sizes[rarest] < fewEntries {
		return q.pickWord(ctx, rarest)
	}
	if sizes, err = q.sizes(ctx, someEntries); err != nil {
		return err
	}
	if sizes[order(sizes)[1]] < someEntries {
		return q.meet(ctx, domain.MatchWords, sizes)
	}
	return q.frequent(ctx, sizes)
}

// membersOrWords looks at all members or at everybody who has the rarest word,
// whoever are fewer.
func (q *search) membersOrWords(ctx context.Context) error {
	organization := q.in.Filter.Organization
	for _, most := range []int32{fewEntries, someEntries, allEntries} {
		sizes, err := q.sizes(ctx, most)
		if err != nil {
			return err
		}
		members, err := one(ctx, q.d, searchMembersSize, sizeMembers{organization, most}, sizeRow.size, "organization", organization)
		if err != nil {
			return err
		}
		switch rarest := order(sizes)[0]; {
		case members < int64(most) && members <= sizes[rarest]:
			return q.pick(domain.MatchWords, func(at place) ([]ports.FoundUser, error) {
				return list(ctx, q.d, searchedMembers, searchMembers{q.m, organization, at}, foundRow.found)
			})
		case sizes[rarest] < int64(most):
			return q.pickWord(ctx, rarest)
		}
	}
	return nil
}

// pickWord looks at everybody who has one of the words.
func (q *search) pickWord(ctx context.Context, word int) error {
	return q.pick(domain.MatchWords, func(at place) ([]ports.FoundUser, error) {
		return list(ctx, q.d, searchedPick, searchPick{q.m, q.lows[word], q.highs[word], at}, foundRow.found)
	})
}

// pick takes what is left of the page, of a match and of those after it, from
// all the candidates.
func (q *search) pick(match domain.Match, from func(place) ([]ports.FoundUser, error)) error {
	at, _ := q.rest(match)
	return q.take(from(at))
}
