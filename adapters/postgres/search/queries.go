package search

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// filter is the conditions of a search. The tokens of a user are joined by spaces
// in roster.users.search.
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

// tierCursor is a position among the users of one tier.
type tierCursor struct {
	At    time.Time
	ID    [16]byte
	Limit int32
}

// hitRow is a user that a search found, with its tier. The last candidate that a
// statement reads within its budget is a row, too; in tier 0 if it is no hit. A row
// in tier -1 says that there were too many candidates to sort.
type hitRow struct {
	rows.AnyUser
	Match int32 `db:"match"`
	Last  bool  `db:"last"`
}

func (r hitRow) hit() (ports.FoundUser, error) {
	user, err := r.Value()
	return ports.FoundUser{User: user, Match: domain.Match(r.Match)}, err //nolint:gosec // 1 to 4
}

var enums = map[string][]string{"Belonging": rows.Belongings()}

// hitColumns are the columns of rows.AnyUser, of a user f.
const hitColumns = "f.id, f.external_id, f.username, f.email, f.display_name, f.attributes, f.status," +
	" f.created_at, f.updated_at, f.version, f.deleted_at"

// valuesOrNone are hitColumns without the id and the time of creation, for a hit that
// may be missing: tier 0 has none.
const valuesOrNone = "f.external_id, coalesce(f.username, '') AS username, coalesce(f.email, '') AS email," +
	" coalesce(f.display_name, '') AS display_name, coalesce(f.attributes, '{}') AS attributes, coalesce(f.status, '') AS status," +
	" coalesce(f.updated_at, 'epoch') AS updated_at, coalesce(f.version, 0) AS version, f.deleted_at"

// hitOrNone are valuesOrNone and the others.
const hitOrNone = "coalesce(f.id, " + noID + ") AS id, coalesce(f.created_at, 'epoch') AS created_at, " + valuesOrNone

// noID stands where a row has no user, and lastID is the greatest id.
const (
	noID   = "'00000000-0000-0000-0000-000000000000'::uuid"
	lastID = "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid"
)

// newestFirst orders candidates c.
const newestFirst = "c.created_at DESC, c.user_id DESC"

// isNamed is the condition that an expression names the user u.
func isNamed(name string) string {
	return `(lower(u.username COLLATE "C") = ` + name + ` OR lower(u.email COLLATE "C") = ` + name + ")"
}

// matching selects the users u that pass the filter and have the prefixes, but
// not the user of tier 1.
func (f filter) matching() sq.SelectBuilder {
	return f.ApplyEach(rows.SelectAnyUsers()).
		Where("u.search LIKE ALL(?)", f.Prefixes).
		Where("NOT u.search LIKE ANY(?)", f.Excluded).
		Where("NOT (u.deleted_at IS NULL AND "+isNamed("?")+")", f.Name, f.Name)
}

// ofTier selects the users of tier 2 or 3.
func (c conditions) ofTier(tier string) sq.SelectBuilder {
	haveTokens := "u.search LIKE ALL(?)"
	if tier == "3" {
		haveTokens = "NOT " + haveTokens
	}
	return c.matching().Where(haveTokens, c.Tokens)
}

// byPrimaryKey finds the user u of a candidate c: OFFSET keeps the planner from
// reading all users instead.
func byPrimaryKey(b sq.SelectBuilder) sq.SelectBuilder {
	return b.Where("u.id = c.user_id").Suffix("OFFSET 0")
}

// postings selects postings w of the users that the filter's span has, after the
// cursor.
func (c conditions) postings(after tierCursor, where string, args ...any) sq.SelectBuilder {
	return sq.Select("w.created_at", "w.user_id").From("roster.postings w").Where(where, args...).
		Where("w.created_at >= ?", c.CreatedFrom).
		Where("(w.created_at, w.user_id) < (?, ?)", after.At, any(after.ID))
}

// inOrder sorts postings as pages are sorted.
func inOrder(postings sq.SelectBuilder) sq.SelectBuilder {
	return postings.OrderBy("w.created_at DESC", "w.user_id DESC")
}

// numbered is inOrder with a number, from 1, for each posting.
func numbered(postings sq.SelectBuilder) sq.SelectBuilder {
	return inOrder(postings.Column("row_number() OVER (ORDER BY w.created_at DESC, w.user_id DESC) AS n"))
}

// inRange is the condition that a posting's token is in a range.
const inRange = "w.token >= ? AND w.token < ?"

// scan looks up candidates in page order, up to a number of Users.
type scan struct {
	tierCursor
	Users int32
}

// columns of candidates x. Where ended, a list ends at its limit: nothing is known
// of what follows.
const columns = "x.created_at, x.user_id, x.ended"

// hits takes the candidates that users selects, and the last one that was read.
func (s scan) hits(tier, columns string, candidates sq.Sqlizer, users sq.SelectBuilder) sq.Sqlizer {
	return sq.Expr("SELECT coalesce(c.user_id, "+noID+") AS id, c.created_at, "+valuesOrNone+","+
		" CASE WHEN c.user_id IS NULL THEN -1 WHEN f.id IS NULL THEN 0 ELSE "+tier+" END AS match,"+
		" c.ended OR c.n = ? AS last"+
		" FROM (SELECT "+columns+", row_number() OVER (ORDER BY x.created_at DESC, x.user_id DESC) AS n"+
		" FROM (?) x ORDER BY x.created_at DESC, x.user_id DESC LIMIT ?) c"+
		" LEFT JOIN LATERAL (?) f ON true WHERE f.id IS NOT NULL OR c.ended OR c.n = ? ORDER BY "+newestFirst+" LIMIT ?",
		s.Users, candidates, s.Users, byPrimaryKey(users), s.Users, s.Limit)
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
		return p.ApplyEach(rows.SelectAnyUsers().Where("u.deleted_at IS NULL")).Columns("1 AS match", "false AS last").
			Where(isNamed("?"), p.Name, p.Name).
			OrderBy("u.created_at DESC", "u.id DESC")
	},
})
