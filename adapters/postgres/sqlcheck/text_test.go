package sqlcheck

import (
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"
)

func TestCodeIsWhatIsNeitherQuotedNorAComment(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"plain":                        {"a = ?", "a = ?"},
		"a string":                     {"a = '? * $1' AND b", "a =   AND b"},
		"a doubled quote":              {"'it''s ?' b", "   b"},
		"a backslash is a character":   {`'\' ?`, "  ?"},
		"an escape in an E string":     {`E'\' ?' b`, "E  b"},
		"an e that ends a word":        {`name'\' b`, "name  b"},
		"a quoted name":                {`"a?""b" c`, "   c"},
		"a comment to the line's end":  {"a -- ? '\nb", "a  b"},
		"a comment to the text's end":  {"a -- ?", "a  "},
		"nested comments":              {"a /* ? /* ? */ ? */ b", "a   b"},
		"an open comment":              {"a /* ? ", "a  "},
		"a dollar quote":               {"$$ ? ' $$ b", "  b"},
		"a dollar quote with a tag":    {"$x$ ? $$ $y$ $x$ b", "  b"},
		"an open dollar quote":         {"a $x$ ?", "a  "},
		"a dollar within a name":       {"a$b$ ? $b$", "a$b$ ?  "},
		"a number is no tag":           {"$1$ ?", "$1$ ?"},
		"an open string":               {"a 'b ?", "a  "},
		"an open string with a escape": {`E'\`, "E "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := code(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTextsThatWouldGoWrongAreRefused(t *testing.T) {
	tests := map[string]struct {
		text string
		args int
		want string // of the error; "" is none
	}{
		"as many placeholders as arguments":   {"SELECT a FROM t WHERE b = ? AND c = ?", 2, ""},
		"too few arguments":                   {"SELECT a FROM t WHERE b = ? AND c = ?", 1, "2 placeholders for 1 arguments"},
		"an operator, escaped":                {"SELECT a FROM t WHERE b ?? 'c' AND d = ?", 1, ""},
		"an operator, not escaped":            {"SELECT a FROM t WHERE b ? 'c' AND d = ?", 1, "2 placeholders for 1 arguments"},
		"a question mark in quotes":           {"SELECT 'who?' AS a WHERE b = ?", 1, `write "??"`},
		"a question mark in quotes, escaped":  {"SELECT 'who??' AS a WHERE b = ?", 1, ""},
		"a numbered placeholder":              {"SELECT a FROM t WHERE b = $1", 1, "leave squirrel's placeholder format alone"},
		"a price in quotes":                   {"SELECT '$1' AS a", 0, ""},
		"every column":                        {"SELECT * FROM t", 0, "name the columns"},
		"every distinct column":               {"select distinct  * from t", 0, "name the columns"},
		"every column of a table":             {"SELECT a, t.* FROM t", 0, "name the columns"},
		"every column after another":          {"SELECT a, * FROM t", 0, "name the columns"},
		"every column returned":               {"DELETE FROM t RETURNING *", 0, "name the columns"},
		"a count":                             {"SELECT count(*) FROM t", 0, ""},
		"a product":                           {"SELECT a * b, 2 * 3 FROM t", 0, ""},
		"a product after a name like a word":  {"SELECT small * 2 FROM t", 0, ""},
		"a placeholder at the end of a quote": {"SELECT a FROM t WHERE b = 'c'?", 1, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := build(sq.Expr(test.text, make([]any, test.args)...))
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestPlaceholdersAreNumberedAndEscapesUndone(t *testing.T) {
	inner := sq.Select("a").From("t").Where("b ?? 'x' AND c = ?", 1)
	text, args, err := build(sq.Select("d").FromSelect(inner, "s").Where("e IN (?)", 2).Suffix("LIMIT ?", 3))
	want := "SELECT d FROM (SELECT a FROM t WHERE b ? 'x' AND c = $1) AS s WHERE e IN ($2) LIMIT $3"
	if err != nil || text != want || len(args) != 3 {
		t.Errorf("got %q, %v, %v", text, args, err)
	}
}
