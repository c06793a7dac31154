package search

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// filter is what a search asks of a user, whose tokens are joined by spaces in
// roster.users.search.
type filter struct {
	rows.AnyUserFilter
	// Prefixes are LIKE patterns for tokens that begin with the required ones,
	// Excluded for tokens that a user must not have.
	Prefixes, Excluded []string
	// Name is the whole term, as a key of usernames and emails. The user that it
	// names is of tier 1.
	Name string
}

// conditions tell tier 2 from tier 3: Tokens are LIKE patterns for the required
// tokens themselves.
type conditions struct {
	filter
	Tokens []string
}

// cursor is where a page of a search begins: in tier Match.
type cursor struct {
	Match int32
	tierCursor
}

// tierCursor is a place among the users of one tier.
type tierCursor struct {
	At    time.Time
	ID    [16]byte
	Limit int32
}

// hitRow is a user that a search found, with its tier.
type hitRow struct {
	rows.AnyUser
	Match int32 `db:"match"`
}

func (r hitRow) hit() (ports.FoundUser, error) {
	user, err := r.Value()
	return ports.FoundUser{User: user, Match: domain.Match(r.Match)}, err //nolint:gosec // 1 to 4
}

var enums = map[string][]string{"Belonging": rows.Belongings()}

// hitColumns are the columns of rows.AnyUser, of a user f.
const hitColumns = "f.id, f.external_id, f.username, f.email, f.display_name, f.attributes, f.status, f.created_at, f.updated_at, f.version, f.deleted_at"

// newestFirst orders candidates c.
const newestFirst = "c.created_at DESC, c.user_id DESC"

// isNamed is the condition that an expression names the user u.
func isNamed(name string) string {
	return `(lower(u.username COLLATE "C") = ` + name + ` OR lower(u.email COLLATE "C") = ` + name + ")"
}

// matching selects the users u that pass the filter and have the prefixes, but
// not the user of tier 1.
func (f filter) matching() sq.SelectBuilder {
	return f.Apply(rows.SelectAnyUsers()).
		Where("u.search LIKE ALL(?)", f.Prefixes).
		Where("NOT u.search LIKE ANY(?)", f.Excluded).
		Where("NOT (u.deleted_at IS NULL AND "+isNamed("?")+")", f.Name, f.Name)
}

// byPrimaryKey finds the user u of a candidate c: OFFSET keeps the planner from
// reading all users instead.
func byPrimaryKey(b sq.SelectBuilder) sq.SelectBuilder {
	return b.Where("u.id = c.user_id").Suffix("OFFSET 0")
}

// postings selects postings w after the cursor.
func (c tierCursor) postings(where string, args ...any) sq.SelectBuilder {
	return sq.Select("w.created_at", "w.user_id").From("roster.postings w").Where(where, args...).
		Where("(w.created_at, w.user_id) < (?, ?)", c.At, any(c.ID))
}

// inOrder sorts postings as pages are sorted.
func inOrder(postings sq.SelectBuilder) sq.SelectBuilder {
	return postings.OrderBy("w.created_at DESC", "w.user_id DESC")
}

// inRange is the condition that a posting's token is in a range.
const inRange = "w.token >= ? AND w.token < ?"

// hitsOf takes the users of tier 2 or 3 from candidates, which are in page order.
func (c conditions) hitsOf(tier string, candidates sq.Sqlizer, limit int32) sq.Sqlizer {
	haveTokens := "u.search LIKE ALL(?)"
	if tier == "3" {
		haveTokens = "NOT " + haveTokens
	}
	return sq.Expr("SELECT "+hitColumns+", "+tier+" AS match FROM (?) c CROSS JOIN LATERAL (?) f ORDER BY "+newestFirst+" LIMIT ?",
		candidates, byPrimaryKey(c.matching().Where(haveTokens, c.Tokens)), limit)
}

// sortedHits sorts all candidates that match into a page of tiers 2 and 3.
func (c conditions) sortedHits(from cursor, candidates sq.Sqlizer) sq.Sqlizer {
	users := byPrimaryKey(c.matching().Column(sq.Expr("CASE WHEN u.search LIKE ALL(?) THEN 2 ELSE 3 END AS match", c.Tokens)))
	return sq.Expr("SELECT "+hitColumns+", f.match FROM (?) c CROSS JOIN LATERAL (?) f"+
		" WHERE f.match > ? OR f.match = ? AND (c.created_at, c.user_id) < (?, ?) ORDER BY f.match, "+newestFirst+" LIMIT ?",
		candidates, users, from.Match, from.Match, from.At, any(from.ID), from.Limit)
}

type findName struct {
	rows.AnyUserFilter
	Name string
}

// searchName finds the user of tier 1.
var searchName = sqlcheck.New(sqlcheck.Def[findName, hitRow]{
	Name:  "users.search_name",
	Enums: enums,
	Build: func(p findName) sq.Sqlizer {
		return p.Apply(rows.SelectAnyUsers().Where("u.deleted_at IS NULL")).Column("1 AS match").Where(isNamed("?"), p.Name, p.Name).
			OrderBy("u.created_at DESC", "u.id DESC")
	},
})

// findWords takes users of one token or two.
type findWords struct {
	conditions
	Token string
	Other sqlcheck.Opt[string]
	tierCursor
}

// searchWords reads the posting list of a token, which is in page order, or those
// of two side by side, no further than the page needs.
var searchWords = sqlcheck.New(sqlcheck.Def[findWords, hitRow]{
	Name:  "users.search_words",
	Enums: enums,
	Build: func(p findWords) sq.Sqlizer {
		if !p.Other.Set {
			return p.hitsOf("2", inOrder(p.postings("w.token = ?", p.Token)), p.Limit)
		}
		// OFFSET keeps each list in one piece: to look up each posting in the other
		// list takes longer.
		list := func(token string) sq.SelectBuilder {
			return inOrder(p.postings("w.token = ?", token)).Suffix("OFFSET 0")
		}
		both := sq.Expr("SELECT a.created_at, a.user_id FROM (?) a JOIN (?) b ON b.created_at = a.created_at AND b.user_id = a.user_id"+
			" ORDER BY a.created_at DESC, a.user_id DESC", list(p.Token), list(p.Other.V))
		return p.hitsOf("2", both, p.Limit)
	},
})

// findPrefixes takes users of the tokens from Low to before High or, where Two,
// of those and of the tokens from OtherLow to before OtherHigh.
type findPrefixes struct {
	conditions
	Low, High           string
	Two                 bool
	OtherLow, OtherHigh string
	tierCursor
}

// searchPrefixes sorts all postings of the tokens with one prefix, or those that
// two prefixes share.
var searchPrefixes = sqlcheck.New(sqlcheck.Def[findPrefixes, hitRow]{
	Name:  "users.search_prefixes",
	Enums: map[string][]string{"Belonging": enums["Belonging"], "Two": {"false", "true"}},
	Build: func(p findPrefixes) sq.Sqlizer {
		if !p.Two {
			return p.hitsOf("3", inOrder(p.postings(inRange, p.Low, p.High).Distinct()), p.Limit)
		}
		// A join could take a loop in a loop for short lists, where this can't.
		both := sq.Expr("SELECT b.created_at, b.user_id FROM (? INTERSECT ?) b ORDER BY b.created_at DESC, b.user_id DESC",
			p.postings(inRange, p.Low, p.High), p.postings(inRange, p.OtherLow, p.OtherHigh))
		return p.hitsOf("3", both, p.Limit)
	},
})

type findNewest struct {
	conditions
	Most int32
	tierCursor
}

// searchNewest looks for tier 3 among the newest users, of whom it reads Most.
var searchNewest = sqlcheck.New(sqlcheck.Def[findNewest, hitRow]{
	Name:  "users.search_newest",
	Enums: enums,
	Build: func(p findNewest) sq.Sqlizer {
		newest := sq.Select("n.id AS user_id", "n.created_at", "n.search").From("roster.users n").
			Where("n.deleted_at IS NULL").
			Where("(n.created_at, n.id) < (?, ?)", p.At, any(p.ID)).
			OrderBy("n.created_at DESC", "n.id DESC").Suffix("LIMIT ?", p.Most)
		return sq.Expr("SELECT "+hitColumns+", 3 AS match FROM (?) c CROSS JOIN LATERAL (?) f WHERE c.search LIKE ALL(?) ORDER BY "+newestFirst+" LIMIT ?",
			newest, byPrimaryKey(p.matching().Where("NOT u.search LIKE ALL(?)", p.Tokens)), p.Prefixes, p.Limit)
	},
})
