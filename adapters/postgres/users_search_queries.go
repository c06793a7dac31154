package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// required is what a search asks of a user. Begun are patterns of LIKE over the
// words of a user, for words that begin as asked. Name is the whole term, as a key
// of usernames and addresses: whom it names comes before all.
type required struct {
	anyUserFilter
	Begun, Not []string
	Name       string
}

// matching tells users who have the words themselves from others: Whole are
// their patterns.
type matching struct {
	required
	Whole []string
}

// place is where a page of a search begins, and how long it is.
type place struct {
	Match int32
	reach
}

// reach is a place among users of one match.
type reach struct {
	At    time.Time
	ID    [16]byte
	Limit int32
}

// foundRow is a user whom a search found.
type foundRow struct {
	anyUserRow
	Match int32 `db:"match"`
}

var searchEnums = map[string][]string{"Belonging": userFilterEnums(nil)["Belonging"]}

// latestFirst orders users whose words or selves are in c.
const latestFirst = "c.created_at DESC, c.user_id DESC"

// isNamedIn holds for the user whom an expression names.
func isNamedIn(name string) string {
	return `(lower(u.username COLLATE "C") = ` + name + ` OR lower(u.email COLLATE "C") = ` + name + ")"
}

// described are the users who pass the filter and have words that begin as
// asked, but for the one who is named.
func (m required) described() sq.SelectBuilder {
	return m.apply(selectAnyUsers()).
		Where("u.search LIKE ALL(?)", m.Begun).
		Where("NOT u.search LIKE ANY(?)", m.Not).
		Where("NOT (u.deleted_at IS NULL AND "+isNamedIn("?")+")", m.Name, m.Name)
}

// lookedUp finds a candidate by the primary key: OFFSET keeps the planner from
// reading all users instead.
func lookedUp(b sq.SelectBuilder) sq.SelectBuilder {
	return b.Where("u.id = c.user_id").Suffix("OFFSET 0")
}

// entries are those of some words, from a place on.
func (r reach) entries(where string, args ...any) sq.SelectBuilder {
	return sq.Select("w.created_at", "w.user_id").From("roster.postings w").Where(where, args...).
		Where("(w.created_at, w.user_id) < (?, ?)", r.At, any(r.ID))
}

// inOrder has the latest entries first.
func inOrder(entries sq.SelectBuilder) sq.SelectBuilder {
	return entries.OrderBy("w.created_at DESC", "w.user_id DESC")
}

// found takes the users of a match from candidates in order: those who have the
// words themselves (2), or only such that begin so (3).
func (m matching) found(match string, candidates sq.Sqlizer, limit int32) sq.Sqlizer {
	have := "u.search LIKE ALL(?)"
	if match == "3" {
		have = "NOT " + have
	}
	return sq.Expr("SELECT "+foundColumns+", "+match+" AS match FROM (?) c CROSS JOIN LATERAL (?) f ORDER BY "+latestFirst+" LIMIT ?",
		candidates, lookedUp(m.described().Where(have, m.Whole)), limit)
}

type searchNamed struct {
	anyUserFilter
	Name string
}

var searchedNamed = sqlcheck.New(sqlcheck.Def[searchNamed, foundRow]{
	Name:  "users.search_named",
	Enums: searchEnums,
	Build: func(p searchNamed) sq.Sqlizer {
		return p.apply(selectAnyUsers().Where("u.deleted_at IS NULL")).Column("1 AS match").Where(isNamedIn("?"), p.Name, p.Name).
			OrderBy("u.created_at DESC", "u.id DESC")
	},
})

// searchWalk takes users from a word's list, which is in order.
type searchWalk struct {
	matching
	Word string
	reach
}

var searchedWalk = sqlcheck.New(sqlcheck.Def[searchWalk, foundRow]{
	Name:  "users.search_walk",
	Enums: searchEnums,
	Build: func(p searchWalk) sq.Sqlizer {
		return p.found("2", inOrder(p.entries("w.token = ?", p.Word)), p.Limit)
	},
})

// foundColumns are those of anyUserRow, of a user f.
const foundColumns = "f.id, f.external_id, f.username, f.email, f.display_name, f.attributes, f.status, f.created_at, f.updated_at, f.version, f.deleted_at"

// searchPick looks at all users who have words from Low to High.
type searchPick struct {
	matching
	Low, High string
	place
}

// picked sorts the candidates that are described into the page.
func (m matching) picked(p place, candidates sq.Sqlizer) sq.Sqlizer {
	users := lookedUp(m.described().Column(sq.Expr("CASE WHEN u.search LIKE ALL(?) THEN 2 ELSE 3 END AS match", m.Whole)))
	return sq.Expr("SELECT "+foundColumns+", f.match FROM (?) c CROSS JOIN LATERAL (?) f"+
		" WHERE f.match > ? OR f.match = ? AND (c.created_at, c.user_id) < (?, ?) ORDER BY f.match, "+latestFirst+" LIMIT ?",
		candidates, users, p.Match, p.Match, p.At, any(p.ID), p.Limit)
}

var searchedPick = sqlcheck.New(sqlcheck.Def[searchPick, foundRow]{
	Name:  "users.search_pick",
	Enums: searchEnums,
	Build: func(p searchPick) sq.Sqlizer {
		return p.picked(p.place, sq.Select("DISTINCT w.created_at", "w.user_id").From("roster.postings w").
			Where("w.token >= ? AND w.token < ?", p.Low, p.High))
	},
})

// searchBegun takes users from the lists of words from Low to High, of which
// none is asked for besides: the latest are found without looking at all users.
type searchBegun struct {
	matching
	Low, High string
	reach
}

var searchedBegun = sqlcheck.New(sqlcheck.Def[searchBegun, foundRow]{
	Name:  "users.search_begun",
	Enums: searchEnums,
	Build: func(p searchBegun) sq.Sqlizer {
		entries := p.entries("w.token >= ? AND w.token < ?", p.Low, p.High)
		return p.found("3", inOrder(entries.Distinct()), p.Limit)
	},
})

// searchNewest looks among the newest users, of whom Most are looked at.
type searchNewest struct {
	matching
	Most int32
	reach
}

var searchedNewest = sqlcheck.New(sqlcheck.Def[searchNewest, foundRow]{
	Name:  "users.search_newest",
	Enums: searchEnums,
	Build: func(p searchNewest) sq.Sqlizer {
		c := sq.Select("n.id AS user_id", "n.created_at", "n.search").From("roster.users n").
			Where("n.deleted_at IS NULL").
			Where("(n.created_at, n.id) < (?, ?)", p.At, any(p.ID)).
			OrderBy("n.created_at DESC", "n.id DESC").Suffix("LIMIT ?", p.Most)
		return sq.Expr("SELECT "+foundColumns+", 3 AS match FROM (?) c CROSS JOIN LATERAL (?) f WHERE c.search LIKE ALL(?) ORDER BY "+latestFirst+" LIMIT ?",
			c, lookedUp(p.described().Where("NOT u.search LIKE ALL(?)", p.Whole)), p.Begun, p.Limit)
	},
})
