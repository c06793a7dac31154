package sqlcheck

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/gotype"
)

// noField says what to write instead of an argument that is no field.
func (ps *params) noField(builds [][]any, i int) error {
	arg := builds[len(builds)-1][i]
	for _, p := range ps.args {
		if _, isByte := arg.(uint8); isByte && p.typ.Kind() == reflect.Array {
			return fmt.Errorf("argument $%d is a byte of field %s of %v, an array that squirrel's Eq takes apart: "+
				"write Where(\"a = ?\", p.%[2]s), or sq.Expr in an And or Or", i+1, p.name, ps.typ)
		}
	}
	constant := true
	for _, args := range builds {
		constant = constant && i < len(args) && reflect.DeepEqual(args[i], arg)
	}
	switch text, isText := arg.(string); {
	case constant && isText:
		return fmt.Errorf("argument $%d (string) is the constant %q, and not a field of %v: write it into the text, as in Where(\"a = '%s'\")",
			i+1, text, ps.typ, strings.ReplaceAll(text, "'", "''"))
	case constant:
		return fmt.Errorf("argument $%d (%T) is the constant %[2]v, and not a field of %v: write it into the text, as in Where(\"a = %[2]v\") "+
			"or Values(…, sq.Expr(\"%[2]v\"))", i+1, arg, ps.typ)
	case isText:
		return fmt.Errorf("argument $%d (string) is not a field of %v: hand fields over unchanged, and compute in SQL, "+
			"as in Where(\"a ILIKE '%%' || ? || '%%'\", p.A)", i+1, ps.typ)
	}
	return fmt.Errorf("argument $%d (%T) is not a field of %v: hand fields over unchanged, "+
		"as in Where(\"a = ?\", p.A), compute in SQL, or give the computed value a field; "+
		"squirrel's Eq unwraps pointers, arrays and slices", i+1, arg, ps.typ)
}

// textChanger finds the field whose value changed the text.
func textChanger(ps *params, n, round int, text string, build builder) error {
	for _, p := range ps.args {
		changed, _, err := build(ps.sample(n, round, p))
		if err == nil && changed != text {
			return fmt.Errorf("the text depends on the value of %s: %q or %q; %s", p.name, text, changed, instead(p.typ))
		}
	}
	return errors.New("the text differs from build to build: Build must depend on nothing but its parameters")
}

// instead says how a field's value need not change the text.
func instead(t reflect.Type) string {
	const chosen = "; where the value has to choose a text, make the field an Opt, or list it in Enums"
	switch k := t.Kind(); {
	case k == reflect.Slice:
		return "instead of Eq with a slice write Where(\"a = ANY(?)\", p.A), and instead of Values for each row a statement with " +
			"unnest (see Transpose)" + chosen
	case k >= reflect.Int && k <= reflect.Uint64:
		return "squirrel's Limit and Offset write the number into the text: use Suffix(\"LIMIT ?\", p.A)" + chosen
	case gotype.HoldsNull(t):
		return "squirrel's Eq writes IS NULL for nil: use Where(\"a IS NOT DISTINCT FROM ?\", p.A)" + chosen
	}
	return "pass it as an argument, as in Where(\"a = ?\", p.A)" + chosen
}
