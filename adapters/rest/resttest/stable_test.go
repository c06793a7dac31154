package resttest

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestUnstableJSONIsNoticed(t *testing.T) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	document, err := loader.LoadFromData([]byte(`openapi: 3.1.0
info: {title: x, version: 1.0.0}
paths: {}
components:
  schemas:
    Thing:
      type: object
      properties:
        zeta: {type: string}
        alpha: {type: string, format: date-time}
        free: {type: object}
        all:
          type: array
          items: {$ref: '#/components/schemas/Thing'}
    Either:
      anyOf:
        - {$ref: '#/components/schemas/Thing'}
        - {type: 'null'}
    Free: {type: object}
`))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{ // empty where nothing is wrong
		`{}`: "",
		`{"zeta":"<&>","alpha":"2026-01-01T00:00:00.5Z","free":{"b":1,"a":[2]},"all":[{"zeta":"x","alpha":"2026-01-01T00:00:00Z"}]}`: "",
		`{"zeta":"x","free":{"b":1},"other":null}`:        "",
		`{"alpha":"2026-01-01T00:00:00Z","zeta":"x"}`:     "/zeta comes after alpha",
		`{"all":[{},{"free":{},"zeta":"x"}]}`:             "/all/1/zeta comes after free",
		`{"alpha":"2026-01-01T01:00:00+01:00"}`:           "/alpha is 2026-01-01T01:00:00+01:00, not in UTC",
		`{"all":[{"alpha":"2026-01-01T01:00:00+00:00"}]}`: "/all/0/alpha is",
		`{"zeta":"\u003c"}`:                               "need not be escaped",
		`{"zeta":"\u0026"}`:                               "need not be escaped",
		`{ "zeta":"x"}`:                                   "not compact",
		"{\"zeta\":\"x\"}\n":                              "not compact",
		`{"zeta":`:                                        "not compact",
	} {
		for _, name := range []string{"Thing", "Either"} {
			if got := unstable([]byte(text), document.Components.Schemas[name]); !strings.Contains(got, want) || (got == "") != (want == "") {
				t.Errorf("of %s as %s, it says %q", text, name, got)
			}
		}
	}
	if got := unstable([]byte(`{ "b":1, "a":"\u003c"}`), document.Components.Schemas["Free"]); got != "" {
		t.Errorf("without fields, it says %q", got)
	}
}
