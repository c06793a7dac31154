package schema

import (
	_ "embed" // expected.json
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed expected.json
var expectedJSON []byte

// Expected returns the schema that the migrations of this build make. Its rights are
// those of the role that serves.
var Expected = sync.OnceValues(func() (*Schema, error) {
	expected := new(Schema)
	if err := json.Unmarshal(expectedJSON, expected); err != nil {
		return nil, fmt.Errorf("reading the expected schema: %w", err)
	}
	return expected, nil
})

// Encode is the text of expected.json: compact, with a line for each object.
func (s *Schema) Encode() ([]byte, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return nil, err
	}
	// Each object begins with its name; within a string the quotes are escaped.
	return []byte(strings.ReplaceAll(text.String(), `{"name":`, "\n{\"name\":")), nil
}
