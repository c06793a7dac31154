package sqltext

import (
	"slices"
	"strings"
	"testing"
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
			if got := Code(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestNamesBecomeNumbers(t *testing.T) {
	for text, want := range map[string]struct {
		sent  string
		names []string
	}{
		"SELECT 1":                         {"SELECT 1", nil},
		"a = @id AND b=@other_1 OR c=@id":  {"a = $1 AND b=$2 OR c=$1", []string{"id", "other_1"}},
		"a = ANY(@ids::uuid[])":            {"a = ANY($1::uuid[])", []string{"ids"}},
		"a @> @b AND c <@ @d":              {"a @> $1 AND c <@ $2", []string{"b", "d"}},
		"a @@ to_tsquery(@q) AND a @? '$'": {"a @@ to_tsquery($1) AND a @? '$'", []string{"q"}},
		"a ? 'key' AND b ->> '@no' = @k":   {"a ? 'key' AND b ->> '@no' = $1", []string{"k"}},
		"/* @no */ a -- @no\n = @yes":      {"/* @no */ a -- @no\n = $1", []string{"yes"}},
		`"@no" = @yes AND E'\'@no' = ''`:   {`"@no" = $1 AND E'\'@no' = ''`, []string{"yes"}},
		"$$ @no $$ || @yes":                {"$$ @no $$ || $1", []string{"yes"}},
		"@ -5 = @x":                        {"@ -5 = $1", []string{"x"}},
	} {
		sent, names, err := Named(text)
		if err != nil || sent != want.sent || !slices.Equal(names, want.names) {
			t.Errorf("%q: got %q, %q, %v", text, sent, names, err)
		}
	}
	for text, want := range map[string]string{
		"a = $1":  "name it, as in @id",
		"a <@b":   `"<@b" may be the operator <@ or a parameter: write a space before @b`,
		"a @@b":   `"@@b" may be the operator @@ or a parameter`,
		"@-@path": `may be the operator -@ or a parameter`,
	} {
		if _, _, err := Named(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestAFileIsTakenApart(t *testing.T) {
	const file = `-- A head.
-- name: ListBooks :many
SELECT ';' AS a -- ;
FROM books;;

/* ; */ CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC
	SELECT CASE a WHEN 1 THEN 2 END;
	SELECT 3;
END; -- name: no

DO $$ BEGIN PERFORM 1; END $$
`
	got := Statements(file)
	want := []Statement{
		{"SELECT ';' AS a -- ;\nFROM books", 3, "ListBooks"},
		{"CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC\n\tSELECT CASE a WHEN 1 THEN 2 END;\n\tSELECT 3;\nEND", 6, ""},
		{"DO $$ BEGIN PERFORM 1; END $$", 11, "no"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}
