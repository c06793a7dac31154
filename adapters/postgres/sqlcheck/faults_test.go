package sqlcheck

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"
)

type manyFaults struct {
	Word  Opt[string]
	Limit uint64
	Spare string
}

type manyColumns struct {
	A string
	B func() `db:"b"`
}

// All of a definition's faults are found in one run, each once, and those of the other
// definitions, too.
func TestAllFaultsAreListed(t *testing.T) {
	var r registry
	add := func(name string, definition func() (Definition, error)) {
		if err := r.add(name, caller(), definition); err != nil {
			t.Fatal(err)
		}
	}
	add("types", newQuery(&Def[manyFaults, manyColumns]{Name: "types", Text: "SELECT 1"}, nil).definition)
	add("args", newQuery(&Def[manyFaults, None]{Name: "args", Build: func(p manyFaults) sq.Sqlizer {
		b := sq.Delete("t").Where("a = ?", "x").Where("b ILIKE ?", "%"+p.Spare+"%")
		if p.Word.Set {
			b = b.Where("d = ?", p.Word.V)
		}
		return b
	}}, nil).definition)
	nothing := func(manyFaults) sq.Sqlizer { return sq.Delete("t") }
	add("effects", newQuery(&Def[manyFaults, None]{Name: "effects", Build: nothing}, nil).definition)
	add("right", newQuery(&Def[None, None]{Name: "right", Text: "DELETE FROM t"}, nil).definition)
	var got []string
	for _, f := range r.faults() {
		got = append(got, fmt.Sprintf("%s %d/%d %v", f.Name, f.Variants, f.Of, f.Err))
	}
	want := []string{
		`args 2/2 argument $1 (string) is the constant "x"`,
		`args 2/2 argument $2 (string) is not a field of sqlcheck.manyFaults: hand fields over unchanged, and compute in SQL`,
		`effects 0/0 field Word of sqlcheck.manyFaults is an argument of no variant`,
		`effects 0/0 field Limit of sqlcheck.manyFaults is an argument of no variant`,
		`effects 0/0 field Spare of sqlcheck.manyFaults is an argument of no variant`,
		`effects 0/0 field Word of sqlcheck.manyFaults changes no text`,
		`types 0/0 field A of sqlcheck.manyColumns needs a tag`,
		`types 0/0 field B of sqlcheck.manyColumns: type func() is not supported`,
	}
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	defer func() {
		if text, _ := recover().(string); strings.Count(text, "\n") != len(want)-1 || !strings.HasPrefix(text, "faults_test.go:") {
			t.Errorf("panicked with %s", text)
		}
	}()
	for range r.all() {
	}
	t.Error("it didn't panic")
}
