package search

import (
	"context"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// run is one search: its conditions, its cursor, and the hits so far.
type run struct {
	pool       *database.Pool
	in         ports.SearchUsers
	conditions conditions
	cursor     cursor
	// tokens are required. A token from lows[i] to before highs[i] matches tokens[i].
	tokens, lows, highs []string
	phrases             []string // LIKE patterns of the quoted parts

	first       firstPhase
	unshared    bool // it has no first phase: it has a filter or a cursor
	full        bool // the first phase filled the page
	noMatch     bool // the rarest token is rare, and none of its users matches
	noExpansion bool // that token has no postings, and can't be mistyped
	hits        []ports.FoundUser
	expanded    []string // the tokens of a fuzzy search that stand for mistyped ones
	memo        *ports.Memo
}

func newRun(pool *database.Pool, in ports.SearchUsers) *run {
	unshared := in.After != nil || in.Filter != (ports.UserFilter{})
	if in.Filter.Status == "" {
		in.Filter.Status = domain.Active
	}
	r := &run{pool: pool, in: in, unshared: unshared, phrases: []string{}, conditions: conditions{Tokens: []string{}, filter: filter{
		AnyUserFilter: rows.AnyFilterOf(in.Filter), Prefixes: []string{}, Excluded: []string{},
		Name: strings.ToLower(strings.TrimSpace(in.Term.String())),
	}}}
	for _, part := range in.Term.Required() {
		r.require(part)
	}
	for _, part := range in.Term.Excluded() {
		r.conditions.Excluded = append(r.conditions.Excluded, "% "+strings.Join(part.Words, " ")+" %")
	}
	r.cursor = cursor{tierCursor: tierCursor{database.Latest, database.LastID, database.Limit(in.Limit) + 1}}
	if in.After != nil {
		r.cursor.Match, r.cursor.At, r.cursor.ID = int32(in.After.Match), in.After.At, in.After.ID
	}
	return r
}

// require adds the patterns and ranges of a part of the term.
func (r *run) require(part domain.SearchPart) {
	c := &r.conditions
	if part.Quoted {
		phrase := "% " + strings.Join(part.Words, " ") + " %"
		c.Tokens, c.Prefixes, r.phrases = append(c.Tokens, phrase), append(c.Prefixes, phrase), append(r.phrases, phrase)
	}
	for _, token := range part.Words {
		high := token + "\U0010ffff"
		if part.Quoted {
			high = justAfter(token)
		} else {
			c.Tokens, c.Prefixes = append(c.Tokens, "% "+token+" %"), append(c.Prefixes, "% "+token+"%")
		}
		r.tokens, r.lows, r.highs = append(r.tokens, token), append(r.lows, token), append(r.highs, high)
	}
}

// justAfter ends the range that holds a single token: no character of a token is
// less than a space.
func justAfter(token string) string { return token + " " }

// quoted reports whether a token is in a phrase, and so is no prefix.
func (r *run) quoted(i int) bool { return r.highs[i] == justAfter(r.tokens[i]) }

// remaining is the cursor after which the page lacks hits of a tier. It reports
// whether the page lacks any.
func (r *run) remaining(tier domain.Match) (cursor, bool) {
	c := r.cursor
	c.Limit -= int32(len(r.hits)) //nolint:gosec // at most 1,001
	if c.Match < int32(tier) {
		c.Match, c.At, c.ID = int32(tier), database.Latest, database.LastID
	}
	return c, c.Limit > 0 && c.Match == int32(tier)
}

func (r *run) add(hits []ports.FoundUser, err error) error {
	r.hits = append(r.hits, hits...)
	return err
}

func (r *run) page() ports.FoundUsers {
	page := database.Cut(r.hits, r.in.Limit)
	page.Memo = r.memo
	return ports.FoundUsers{Page: page, Corrections: r.expanded}
}

// find reads the hits of a statement.
func find[P any](ctx context.Context, r *run, q *sqlcheck.Query[P, hitRow], params P) ([]ports.FoundUser, error) {
	return database.All(ctx, r.pool, q, params, hitRow.hit)
}

// counts are how many postings each required token or prefix has, up to most.
func (r *run) counts(ctx context.Context, most int32) ([]int64, error) {
	return r.count(ctx, countPostings{Lows: r.lows, Highs: r.highs, Most: most})
}

func (r *run) count(ctx context.Context, p countPostings) ([]int64, error) {
	return database.All(ctx, r.pool, searchCounts, p, countRow.value)
}
