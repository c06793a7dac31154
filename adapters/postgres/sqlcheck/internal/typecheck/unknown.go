package typecheck

import (
	"encoding/json"
	"reflect"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/gotype"
)

// unknown reports whether pgx has no codec for a type: it is a domain, an array of
// a domain's or an enum's values, or the like. pgx then goes by the Go type.
func unknown(t describe.Type) bool {
	if t.Element != nil {
		return t.Element.Kind == 'e' || unknown(*t.Element)
	}
	return t.Base != nil
}

// speaks reports whether pgx sends and reads values of a Go type in a way that a
// type of the database understands which pgx doesn't know.
func speaks(t reflect.Type) bool {
	switch k := t.Kind(); {
	case gotype.Scans(t) && gotype.Values(t):
		return true
	case t == timeType, t == reflect.TypeFor[json.RawMessage](), k == reflect.Bool, k == reflect.String:
		return true
	case k == reflect.Slice:
		return t.Name() == "" && t.Elem().PkgPath() == "" && !isBytes(t) && t.Elem().Kind() <= reflect.String && speaks(t.Elem())
	default:
		return k >= reflect.Int && k <= reflect.Float64
	}
}
