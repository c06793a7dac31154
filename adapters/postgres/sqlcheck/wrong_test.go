package sqlcheck

import (
	"fmt"
	"strings"
	"testing"

	sq "github.com/Masterminds/squirrel"
)

// wrong is the error of a definition with the parameters P.
func wrong[P any](build func(P) sq.Sqlizer, change ...func(*Def[P, None])) func() error {
	return func() error {
		def := Def[P, None]{Name: "wrong", Build: build}
		for _, c := range change {
			c(&def)
		}
		_, err := define(def)
		return err
	}
}

func enums[P any](field string, values ...string) func(*Def[P, None]) {
	return func(d *Def[P, None]) { d.Enums = map[string][]string{field: values} }
}

// where is a builder with a condition.
func where(condition any, args ...any) sq.Sqlizer {
	return sq.Delete("t").Where(condition, args...)
}

type (
	oneText  struct{ A string }
	oneInt   struct{ A int }
	oneBool  struct{ A bool }
	oneUUID  struct{ A uuid }
	onePtr   struct{ A *string }
	oneSlice struct{ A []int64 }
	oneOpt   struct{ A Opt[string] }
	hidden   struct{ a string }
	function struct{ A func() }
	ptrPtr   struct{ A **string }
	twice    struct {
		oneText
		Inner func()
	}
	clash struct {
		oneText
		oneInt
	}
)

// builds counts the builds of a builder that is not pure.
var builds int

var wrongDefinitions = map[string]struct {
	define func() error
	want   string
}{
	"parameters that are no struct": {wrong(func(string) sq.Sqlizer { return nil }), "string is not a struct"},
	"an unexported field": {
		wrong(func(p hidden) sq.Sqlizer { return where("a = ?", p.a) }),
		"field a of sqlcheck.hidden must be exported",
	},
	"a function in a field":             {wrong(func(function) sq.Sqlizer { return nil }), "type func() is not supported"},
	"a pointer to a pointer":            {wrong(func(ptrPtr) sq.Sqlizer { return nil }), "type **string is not supported"},
	"a function in an embedding struct": {wrong(func(twice) sq.Sqlizer { return nil }), "field Inner"},
	"two fields of one name":            {wrong(func(clash) sq.Sqlizer { return nil }), "sqlcheck.clash has two fields A"},
	"a builder that returns nothing":    {wrong(func(None) sq.Sqlizer { return nil }), "Build returned nil"},
	"a builder that panics": {
		wrong(func(p onePtr) sq.Sqlizer { return where("a = ?", *p.A) }),
		"Build panicked: runtime error: invalid memory address",
	},
	"a builder that fails": {wrong(func(None) sq.Sqlizer { return sq.Select() }), "at least one result column"},
	"an argument that is computed": {
		wrong(func(p oneText) sq.Sqlizer { return where("a LIKE ?", p.A+"%") }),
		"argument $1 (string) is not a field of sqlcheck.oneText",
	},
	"an argument that is converted": {
		wrong(func(p oneInt) sq.Sqlizer { return where("a = ?", int64(p.A)) }),
		"argument $1 (int64) is not a field",
	},
	"an argument that is a constant": {
		wrong(func(p oneText) sq.Sqlizer { return where("a = ? AND b = ?", p.A, "b") }),
		"argument $2 (string) is the constant ",
	},
	"a constant that is zero": {
		wrong(func(p oneText) sq.Sqlizer { return where("a = ? AND b = ?", p.A, "") }),
		"argument $2 (string) is the constant ",
	},
	"a constant bool": {
		wrong(func(p oneBool) sq.Sqlizer { return where("a = ? AND b = ?", p.A, true) }),
		"argument $2 (bool) is the constant true, and not a field of sqlcheck.oneBool: write it into the text",
	},
	"a negated bool": {
		wrong(func(p oneBool) sq.Sqlizer { return where("a = ?", !p.A) }),
		"argument $1 (bool) is not a field",
	},
	"a UUID in Eq": {
		wrong(func(p oneUUID) sq.Sqlizer { return where(sq.Eq{"a": p.A}) }),
		"argument $1 is a byte of field A of sqlcheck.oneUUID, an array that squirrel's Eq takes apart: write Where(\"a = ?\", p.A)",
	},
	"a pointer in Eq": {
		wrong(func(p onePtr) sq.Sqlizer { return where(sq.Eq{"a": p.A}) }),
		"the text depends on the value of A",
	},
	"a slice in Eq": {
		wrong(func(p oneSlice) sq.Sqlizer { return where(sq.Eq{"a": p.A}) }),
		`instead of Eq with a slice write Where("a = ANY(?)", p.A), and instead of Values for each row a statement with unnest`,
	},
	"a subquery in Eq": {
		wrong(func(p oneText) sq.Sqlizer { return where(sq.Eq{"a": where("b = ?", p.A)}) }),
		"argument $1 (squirrel.DeleteBuilder) is not a field",
	},
	"a number in LIMIT": {
		wrong(func(p oneInt) sq.Sqlizer { return sq.Select("a").From("t").Limit(uint64(p.A)) }),
		`use Suffix("LIMIT ?", p.A)`,
	},
	"a value in the text": {
		wrong(func(p oneText) sq.Sqlizer { return where("a = '" + p.A + "'") }),
		"the text depends on the value of A",
	},
	"a bool that changes the text": {
		wrong(func(p oneBool) sq.Sqlizer { return where(fmt.Sprint("a = ", p.A)) }),
		"the text depends on the value of A",
	},
	"an optional value in the text": {
		wrong(func(p oneOpt) sq.Sqlizer { return where("a = '" + p.A.V + "'") }),
		"the text depends on the value of A",
	},
	"a builder that is not pure": {
		wrong(func(p None) sq.Sqlizer { builds++; return where(fmt.Sprint("a = ", builds)) }),
		"the text differs from build to build",
	},
	"dollar placeholders": {
		wrong(func(p oneText) sq.Sqlizer { return sq.Delete("t").Where("a = ?", p.A).PlaceholderFormat(sq.Dollar) }),
		"numbered placeholder",
	},
	"a field that is not used": {
		wrong(func(p oneText) sq.Sqlizer { return where("a = 1") }),
		"field A of sqlcheck.oneText is an argument of no variant",
	},
	"an Opt whose Set is not asked": {
		wrong(func(p oneOpt) sq.Sqlizer { return where("a = ?", p.A.V) }),
		"field A of sqlcheck.oneOpt changes no text",
	},
	"an Enum that changes nothing": {
		wrong(func(p oneText) sq.Sqlizer { return where("a = ?", p.A) }, enums[oneText]("A", "x", "y")),
		"field A of sqlcheck.oneText changes no text",
	},
	"an Enum of an unknown field": {
		wrong(func(None) sq.Sqlizer { return where("a = 1") }, enums[None]("Sort", "x")),
		"sqlcheck.None has no field Sort",
	},
	"an Enum without values": {
		wrong(func(oneText) sq.Sqlizer { return nil }, enums[oneText]("A")),
		"must be some values, each once",
	},
	"an Enum with a value twice": {
		wrong(func(oneText) sq.Sqlizer { return nil }, enums[oneText]("A", "x", "y", "x")),
		"must be some values, each once",
	},
	"an Enum of a number": {
		wrong(func(oneInt) sq.Sqlizer { return nil }, enums[oneInt]("A", "1")),
		"only a string or a bool can be enumerated",
	},
	"an Enum of a bool without values": {
		wrong(func(oneBool) sq.Sqlizer { return nil }, enums[oneBool]("A", "true")),
		`Enums of a bool are "false", "true"`,
	},
	"too many variants": {wrong(func(oneText) sq.Sqlizer { return nil }, enums[oneText]("A", "x", "y", "z"),
		func(d *Def[oneText, None]) { d.MaxVariants = 2 }), "3 variants are more than 2"},
}

func TestAWrongDefinitionIsRefused(t *testing.T) {
	for name, test := range wrongDefinitions {
		t.Run(name, func(t *testing.T) {
			if err := test.define(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
