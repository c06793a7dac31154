package resttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// escapedHTML matches '<', '>' and '&' as encoders escape them by default.
var escapedHTML = regexp.MustCompile(`\\u00(?:3[cCeE]|26)`)

// unstable says how a JSON text differs from the stable form of Roster's: fields
// in the order of the schema, times in UTC, compact, and only necessary escapes.
// It is empty for a text in that form, and for a schema without fields.
func unstable(text []byte, schema *openapi3.SchemaRef) string {
	if len(fieldsOf(schema)) == 0 && itemsOf(schema) == nil {
		return ""
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil || !bytes.Equal(compact.Bytes(), text) {
		return "it is not compact"
	}
	if found := escapedHTML.Find(text); found != nil {
		return fmt.Sprintf("it holds %s, which need not be escaped", found)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	return unstableValue(decoder, schema, "")
}

func unstableValue(decoder *json.Decoder, schema *openapi3.SchemaRef, place string) string {
	token, err := decoder.Token()
	if err != nil {
		return err.Error()
	}
	fault := ""
	switch value := token.(type) {
	case json.Delim:
		if value == '{' {
			fault = unstableObject(decoder, fieldsOf(schema), place)
		} else {
			for i := 0; decoder.More() && fault == ""; i++ {
				fault = unstableValue(decoder, itemsOf(schema), fmt.Sprintf("%s/%d", place, i))
			}
		}
		if fault == "" {
			_, err = decoder.Token() // its end
		}
	case string:
		if isTime(schema) && !strings.HasSuffix(value, "Z") {
			fault = fmt.Sprintf("%s is %s, not in UTC", place, value)
		}
	}
	if err != nil {
		return err.Error()
	}
	return fault
}

func unstableObject(decoder *json.Decoder, known map[string]*openapi3.SchemaRef, place string) string {
	last, lastLine := "", 0
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return err.Error()
		}
		name := token.(string)
		field := known[name]
		if field != nil && field.Origin != nil {
			if line := field.Origin.Key.Line; line < lastLine {
				return fmt.Sprintf("%s/%s comes after %s, in the contract before it", place, name, last)
			} else {
				last, lastLine = name, line
			}
		}
		if fault := unstableValue(decoder, field, place+"/"+name); fault != "" {
			return fault
		}
	}
	return ""
}

// fieldsOf are the fields of a schema and of the schemas that it consists of.
func fieldsOf(schema *openapi3.SchemaRef) map[string]*openapi3.SchemaRef {
	if schema == nil {
		return nil
	}
	known := map[string]*openapi3.SchemaRef{}
	for name, field := range schema.Value.Properties {
		known[name] = field
	}
	for _, part := range parts(schema) {
		for name, field := range fieldsOf(part) {
			known[name] = field
		}
	}
	return known
}

func itemsOf(schema *openapi3.SchemaRef) *openapi3.SchemaRef {
	if schema == nil {
		return nil
	}
	for _, part := range parts(schema) {
		if items := itemsOf(part); items != nil {
			return items
		}
	}
	return schema.Value.Items
}

func isTime(schema *openapi3.SchemaRef) bool {
	if schema == nil {
		return false
	}
	for _, part := range parts(schema) {
		if isTime(part) {
			return true
		}
	}
	return schema.Value.Format == "date-time"
}

func parts(schema *openapi3.SchemaRef) []*openapi3.SchemaRef {
	all := append(openapi3.SchemaRefs{}, schema.Value.AllOf...)
	return append(append(all, schema.Value.AnyOf...), schema.Value.OneOf...)
}
