package describe_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
)

// mixed are small tables in which any column that may be NULL is so somewhere.
const mixed = `
	CREATE TABLE lib.x (a int NOT NULL, s text NOT NULL, b int, u text);
	INSERT INTO lib.x VALUES (1, 'p', 1, 'p'), (2, 'q', NULL, 'r'), (3, 'r', 2, NULL);
	CREATE TABLE lib.y (a int NOT NULL, s text NOT NULL, b int, u text);
	INSERT INTO lib.y VALUES (2, 'q', 3, NULL), (4, 'p', NULL, 's');
	CREATE VIEW lib.v AS SELECT x.a, x.s, y.b, y.u FROM lib.x LEFT JOIN lib.y ON y.a = x.a`

// No statement gives NULL where it was said to be never: here, statements that
// nobody thought of.
func TestRandomStatementsAreNeverWronglyNotNull(t *testing.T) {
	conn := connect(t, library.Database(t))
	execute(t, conn, "SET jit = off;"+mixed)
	d := describe.New(conn)
	never, needless, all := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		text := (&author{t: t}).query(2, rapid.IntRange(1, 4).Draw(t, "columns"))
		s, err := d.Statement(t.Context(), text)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		rows, err := conn.Query(t.Context(), text, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		wasNull := make([]bool, len(s.Columns))
		for rows.Next() {
			for i, v := range rows.RawValues() {
				wasNull[i] = wasNull[i] || v == nil
			}
		}
		if rows.Err() != nil {
			t.Fatalf("%v in %s", rows.Err(), text)
		}
		for i, c := range s.Columns {
			if wasNull[i] && !c.Nullable() {
				t.Fatalf("column %d came back NULL in %s", i+1, text)
			}
			all++
			if !c.Nullable() {
				never++
			} else if !wasNull[i] {
				needless++
			}
		}
	})
	t.Logf("%d columns, %d never NULL, %d said to be nullable that were not NULL in the data", all, never, needless)
	if 10*never < all {
		t.Error("too few are never NULL for the test to mean anything")
	}
}

// author writes statements.
type author struct {
	t       *rapid.T
	aliases int
}

func (a *author) pick(of ...string) string { return rapid.SampledFrom(of).Draw(a.t, "word") }

func (a *author) chance(percent int) bool {
	return rapid.IntRange(1, 100).Draw(a.t, "chance") <= percent
}

// query writes a query of n columns, numbers first, then texts, by turns.
func (a *author) query(depth, n int) string {
	if depth > 0 && a.chance(15) {
		return "(" + a.query(depth-1, n) + ") " + a.pick("UNION", "UNION ALL", "INTERSECT", "EXCEPT") + " (" + a.query(depth-1, n) + ")"
	}
	from, aliases := a.from(depth)
	grouped := a.chance(30)
	var list, keys []string
	for i := range n {
		e := a.value(i%2 == 0, aliases, 2)
		switch {
		case grouped && a.chance(50):
			e = a.aggregate(i%2 == 0, aliases)
		case grouped:
			keys = append(keys, e)
		}
		list = append(list, fmt.Sprintf("%s AS c%d", e, i))
	}
	text := "SELECT " + strings.Join(list, ", ") + " FROM " + from
	if a.chance(60) {
		text += " WHERE " + a.condition(aliases, 2)
	}
	if len(keys) > 0 {
		text += " GROUP BY " + fmt.Sprintf(a.pick("%s", "ROLLUP (%s)", "CUBE (%s)", "GROUPING SETS ((%[1]s), ())", "GROUPING SETS ((%s))"),
			strings.Join(keys, ", "))
	}
	return text
}

// from writes the tables of a query; it returns their aliases too.
func (a *author) from(depth int) (text string, aliases []string) {
	if depth == 0 || a.chance(35) {
		a.aliases++
		alias := fmt.Sprintf("t%d", a.aliases)
		source := a.pick("lib.x", "lib.y", "lib.v", a.merged(), a.merged(), a.windowed())
		if depth > 0 && a.chance(30) {
			source = a.pick("(%s)", "(WITH w AS (%s) SELECT * FROM w)", "(SELECT * FROM (%s) i OFFSET 0)")
			source = fmt.Sprintf(source, a.query(depth-1, 4))
		}
		return source + " " + alias + " (a, s, b, u)", []string{alias}
	}
	left, leftAliases := a.from(depth - 1)
	right, rightAliases := a.from(depth - 1)
	aliases = append(append(aliases, leftAliases...), rightAliases...)
	kind := a.pick("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")
	on := a.column(true, leftAliases) + " = " + a.column(true, rightAliases)
	if kind != "FULL JOIN" && a.chance(40) {
		on = a.condition(aliases, 1)
	}
	return "(" + left + " " + kind + " " + right + " ON " + on + ")", aliases
}

// merged writes a table whose columns are merged by USING.
func (a *author) merged() string {
	left, right := a.pick("lib.x", "lib.v"), a.pick("lib.y", "lib.v")
	return fmt.Sprintf("(SELECT %s, l.b, r.u FROM %s l %s JOIN %s r USING (%s))", a.pick("a, l.s", "a, r.s"),
		left, a.pick("LEFT", "RIGHT", "FULL", "INNER"), right, a.pick("a", "a, b"))
}

// windowed writes a table with a window's columns.
func (a *author) windowed() string {
	frame := a.pick("", "ROWS 1 PRECEDING", "ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING",
		"ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW")
	const text = "(SELECT %s(%s) OVER w AS a, s, lag(a, 1, %s) OVER (ORDER BY a) AS b, first_value(u) OVER w AS u " +
		"FROM lib.v WINDOW w AS (ORDER BY a %s))"
	return fmt.Sprintf(text, a.pick("max", "first_value", "last_value"), a.pick("a", "b"), a.pick("b", "0"), frame)
}

func (a *author) column(number bool, aliases []string) string {
	if number {
		return a.pick(aliases...) + "." + a.pick("a", "b")
	}
	return a.pick(aliases...) + "." + a.pick("s", "u")
}

// value writes an expression, a number or a text.
func (a *author) value(number bool, aliases []string, depth int) string {
	if depth == 0 || a.chance(40) {
		return a.column(number, aliases)
	}
	v := func() string { return a.value(number, aliases, depth-1) }
	switch a.pick("case", "else", "coalesce", "nullif", "operator", "least", "subquery", "simple") {
	case "case":
		return "CASE WHEN " + a.condition(aliases, depth-1) + " THEN " + v() + " END"
	case "else":
		return "CASE WHEN " + a.condition(aliases, depth-1) + " THEN " + v() +
			" WHEN " + a.condition(aliases, depth-1) + " THEN " + v() + " ELSE " + v() + " END"
	case "coalesce":
		return "coalesce(" + v() + ", " + v() + ")"
	case "nullif":
		return "nullif(" + v() + ", " + v() + ")"
	case "least":
		return "least(" + v() + ", " + v() + ")"
	case "subquery":
		if number {
			return "(SELECT " + a.pick("count(*)::int", "max(q.a)", "min(q.b)") + " FROM lib.x q WHERE q.a = " + a.column(true, aliases) + ")"
		}
		return "(SELECT " + a.column(false, aliases) + a.pick("", " WHERE "+a.condition(aliases, 0)) + ")"
	case "simple":
		return "CASE " + v() + " WHEN " + v() + " THEN " + v() + " ELSE " + v() + " END"
	}
	if number {
		return "(" + v() + a.pick(" + ", " - ", " * ") + v() + ")"
	}
	return "(" + v() + " || lower(" + v() + "))"
}

func (a *author) aggregate(number bool, aliases []string) string {
	filter := a.pick("", "", " FILTER (WHERE "+a.condition(aliases, 1)+")")
	if number {
		return "(" + a.pick("max", "min", "count", "bit_and") + "(" + a.value(true, aliases, 1) + ")" + filter + ")::int"
	}
	if a.chance(30) {
		return "string_agg(" + a.value(false, aliases, 1) + ", NULL)" + filter
	}
	return a.pick("max", "min") + "(" + a.value(false, aliases, 1) + ")" + filter
}

// condition writes a condition.
func (a *author) condition(aliases []string, depth int) string {
	number := a.chance(50)
	v := func() string { return a.value(number, aliases, min(depth, 1)) }
	if depth > 0 && a.chance(50) {
		c := func() string { return a.condition(aliases, depth-1) }
		switch a.pick("and", "or", "not", "is") {
		case "and":
			return "(" + c() + " AND " + c() + ")"
		case "or":
			return "(" + c() + " OR " + c() + ")"
		case "not":
			return "NOT " + c()
		}
		return "(" + c() + ") IS " + a.pick("TRUE", "NOT TRUE", "FALSE", "NOT FALSE", "UNKNOWN", "NOT UNKNOWN")
	}
	switch a.pick("compare", "null", "distinct", "in", "subquery") {
	case "null":
		return v() + a.pick(" IS NULL", " IS NOT NULL")
	case "distinct":
		return v() + " IS DISTINCT FROM " + v()
	case "in":
		return v() + a.pick(" IN (", " NOT IN (") + v() + ", " + v() + ")"
	case "subquery":
		column := map[bool]string{true: a.pick("a", "b"), false: a.pick("s", "u")}[number]
		return v() + a.pick(" IN", " NOT IN", " = ANY", " <> ALL") + " (SELECT q." + column + " FROM lib.y q" + a.pick("", " WHERE false") + ")"
	}
	return v() + a.pick(" = ", " < ", " <> ") + v()
}
