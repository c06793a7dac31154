package sqlcheck

import (
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"
)

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
