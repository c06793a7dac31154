package postgres_test

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
)

// merged is a target that the database has patched.
func merged(t rapid.TB, c *pgx.Conn, target, patch []byte) []byte {
	t.Helper()
	var got []byte
	const merge = "SELECT roster.json_merge_patch($1::text::jsonb, $2::text::jsonb)::text"
	err := c.QueryRow(context.Background(), merge, string(target), string(patch)).Scan(&got)
	if err != nil {
		t.Fatalf("%s patched with %s: %v", target, patch, err)
	}
	return got
}

func agree(t rapid.TB, c *pgx.Conn, target, patch []byte) {
	t.Helper()
	want, err := domain.MergePatch(target, patch)
	if err != nil {
		t.Fatal(err)
	}
	got := merged(t, c, target, patch)
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(want, &w); err != nil || !reflect.DeepEqual(g, w) {
		t.Errorf("%s patched with %s: the database says %s, the domain %s", target, patch, got, want)
	}
}

func TestTheDatabaseMergesAsTheDomainDoes(t *testing.T) {
	t.Parallel()
	_, c := testdb.New(t)
	t.Run("the examples of RFC 7396, Appendix A", func(t *testing.T) {
		for _, pair := range [][2]string{
			{`{"a":"b"}`, `{"a":"c"}`},
			{`{"a":"b"}`, `{"b":"c"}`},
			{`{"a":"b"}`, `{"a":null}`},
			{`{"a":"b","b":"c"}`, `{"a":null}`},
			{`{"a":["b"]}`, `{"a":"c"}`},
			{`{"a":"c"}`, `{"a":["b"]}`},
			{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`},
			{`{"a":[{"b":"c"}]}`, `{"a":[1]}`},
			{`["a","b"]`, `["c","d"]`},
			{`{"a":"b"}`, `["c"]`},
			{`{"a":"foo"}`, `null`},
			{`{"a":"foo"}`, `"bar"`},
			{`{"e":null}`, `{"a":1}`},
			{`[1,2]`, `{"a":"b","c":null}`},
			{`{}`, `{"a":{"bb":{"ccc":null}}}`},
		} {
			agree(t, c, []byte(pair[0]), []byte(pair[1]))
		}
	})
	t.Run("any values", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			agree(t, c, drawn(t, "target"), drawn(t, "patch"))
		})
	})
}

func drawn(t *rapid.T, name string) []byte {
	t.Helper()
	text, err := json.Marshal(jsonOf(3).Draw(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// jsonOf draws a JSON value. Its objects have few different names, some of which
// PostgreSQL could take for an index of an array.
func jsonOf(depth int) *rapid.Generator[any] {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("ab0{}\"\\é\u2028")), 0, 3, -1)
	leaf := rapid.OneOf(rapid.Just[any](nil), rapid.Just[any](true),
		rapid.Map(rapid.Int32(), func(n int32) any { return n }), rapid.Map(text, func(s string) any { return s }))
	if depth == 0 {
		return leaf
	}
	inner, names := jsonOf(depth-1), rapid.SampledFrom([]string{"a", "0", "-1", "", "é{,}"})
	return rapid.OneOf(leaf,
		rapid.Map(rapid.MapOfN(names, inner, 0, 4), func(m map[string]any) any { return m }),
		rapid.Map(rapid.SliceOfN(inner, 0, 3), func(s []any) any { return s }))
}
