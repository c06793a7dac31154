package domain

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// AttributesPatch is a JSON merge patch of attributes (RFC 7396): null removes a
// field, objects are merged, any other value replaces.
type AttributesPatch struct{ text string }

// ParseAttributesPatch reads a patch: a JSON object of at most 16 KiB. The
// error is Invalid and names "attributes".
func ParseAttributesPatch(text []byte) (AttributesPatch, error) {
	attributes, err := ParseAttributes(text)
	return AttributesPatch(attributes), err
}

// String returns the patch as compact JSON; {}, which changes nothing, if unset.
func (p AttributesPatch) String() string { return Attributes(p).String() }

// Patched is a with the patch applied. The error is Invalid and names
// "attributes" where the result would be too large.
func (a Attributes) Patched(p AttributesPatch) (Attributes, error) {
	text, err := MergePatch([]byte(a.String()), []byte(p.String()))
	if err != nil {
		return Attributes{}, err
	}
	return ParseAttributes(text)
}

// MergePatch applies a JSON merge patch to a JSON text, by the algorithm of
// RFC 7396, section 2. Numbers keep their digits; the fields of an object are
// sorted. The error says which text is not JSON.
func MergePatch(target, patch []byte) ([]byte, error) {
	changes, err := decodeJSON(patch)
	if err != nil {
		return nil, fmt.Errorf("reading the patch: %w", err)
	}
	present, err := decodeJSON(target)
	if err != nil {
		return nil, fmt.Errorf("reading the target of the patch: %w", err)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(merged(present, changes)); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

func decodeJSON(text []byte) (value any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return value, d.Decode(&value)
}

func merged(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, ok := target.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for name, change := range changes {
		if change == nil {
			delete(object, name)
		} else {
			object[name] = merged(object[name], change)
		}
	}
	return object
}
