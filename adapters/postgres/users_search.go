package postgres

import (
	"context"
	"strings"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// How many entries of words are looked at before another way is taken.
const (
	// fewEntries are looked at whatever the page needs; few is their number in a
	// statement, where its plan knows it, and hardly is what is counted up to
	// first.
	fewEntries = 200
	few        = "200"
	hardly     = "16"
	// rareEntries tell words that few have from others.
	rareEntries = 1_000
	// someEntries are sorted, rather than walking past users without the word.
	someEntries = 5_000
	// walkedUsers is how many of the newest users are looked at for words that
	// many have.
	walkedUsers = 6_000
	// latestEntries of each of several words are looked at for other words.
	latestEntries = 640
	// mergedEntries is how many of the latest entries of words that are alike are
	// looked at for other words.
	mergedEntries = 1_024
	// mostMerged is how many words' lists are merged.
	mostMerged = 64
	allEntries = 1 << 30
)

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
	plain              bool // the first page of all users: it has a beginning
	first              beginning
	ended              bool // the beginning was enough
	unknown            bool // a word is nobody's, and is not mistyped
	shared             *ports.Memo
}

func newSearch(d *Database, in ports.SearchUsers) *search {
	plain := in.After == nil && in.Filter == (ports.UserFilter{})
	if in.Filter.Status == "" {
		in.Filter.Status = domain.Active
	}
	q := &search{d: d, in: in, plain: plain, phrases: []string{}, m: matching{Whole: []string{}, required: required{
		anyUserFilter: anyFilterOf(in.Filter), Begun: []string{}, Not: []string{},
		Name: strings.ToLower(strings.TrimSpace(in.Term.String())),
	}}}
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

// quoted reports whether the word at a place is in a phrase, and so is the whole
// word.
func (q *search) quoted(i int) bool { return q.highs[i] == justAfter(q.words[i]) }

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
	asked := q.plain && len(q.words) == 1 // in the beginning
	if asked || q.in.After != nil || !q.mayBeName() {
		return nil
	}
	return q.take(list(ctx, q.d, searchedNamed, searchNamed{q.m.anyUserFilter, q.m.Name}, foundRow.found))
}

func (q *search) mayBeName() bool { return !strings.ContainsAny(q.m.Name, " \"") }

func (q *search) sizes(ctx context.Context, most int32) ([]int64, error) {
	return list(ctx, q.d, searchSizes, sizeWords{q.lows, q.highs, most}, sizeRow.size)
}

func (r sizeRow) size() (int64, error) { return r.Size, nil }

// manyWords looks at everybody who has the rarest of the words where those are
// few, and else for those who have the words before others.
func (q *search) manyWords(ctx context.Context) error {
	if err := q.named(ctx); err != nil {
		return err
	}
	if !q.in.Filter.Organization.IsZero() {
		return q.membersOrWords(ctx)
	}
	if !q.plain {
		at, _ := q.rest(domain.MatchWords)
		found, err := list(ctx, q.d, searchedFew, searchFew{q.m, q.lows, q.highs, at}, foundRow.found)
		if err != nil || len(found) > 0 {
			return q.take(found, err)
		}
	}
	if nobody, err := q.nobody(ctx); nobody || err != nil {
		return err
	}
	if err := q.whole(ctx); err != nil {
		return err
	}
	return q.begins(ctx)
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
