package oidc

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Claim names a claim, or a value within one.
type Claim struct{ segments []string }

// ParseClaim reads the name of a claim, such as "scope", or a JSON Pointer (RFC 6901),
// such as "/realm_access/roles".
func ParseClaim(text string) (Claim, error) {
	if text == "" {
		return Claim{}, fmt.Errorf("a claim has no name: write one as in scope, or a JSON Pointer as in /realm_access/roles")
	}
	if text[0] != '/' {
		return Claim{[]string{text}}, nil
	}
	segments := strings.Split(text[1:], "/")
	for i, segment := range segments {
		if strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(segment), "~") {
			return Claim{}, fmt.Errorf("%s is no JSON Pointer: write ~0 for ~ and ~1 for /", strconv.Quote(text))
		}
		segments[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(segment)
	}
	return Claim{segments}, nil
}

// IsZero reports whether c names nothing.
func (c Claim) IsZero() bool { return len(c.segments) == 0 }

// in returns the value in claims; nil where there is none.
func (c Claim) in(claims map[string]any) any { return descend(claims, c.segments) }

func descend(value any, segments []string) any {
	for _, segment := range segments {
		object, _ := value.(map[string]any)
		value = object[segment]
	}
	return value
}

func (c Claim) isScope() bool {
	return len(c.segments) == 1 && (c.segments[0] == "scope" || c.segments[0] == "scp")
}

// words are the texts that the value of a claim consists of: a string or a switch,
// the strings of an array, or the names in an object. The claims scope and scp hold
// words between spaces (RFC 8693, section 4.2).
func (c Claim) words(value any) []string {
	switch value := value.(type) {
	case string:
		if c.isScope() {
			return strings.Fields(value)
		}
		return []string{value}
	case bool:
		return []string{strconv.FormatBool(value)}
	case []any:
		return stringsOf(value)
	case map[string]any:
		return slices.Sorted(maps.Keys(value))
	}
	return nil
}

// stringsOf are the strings of an array; other values are left out.
func stringsOf(array []any) []string {
	var found []string
	for _, each := range array {
		if text, ok := each.(string); ok {
			found = append(found, text)
		}
	}
	return found
}

// stringClaim is a claim that is a string; empty where it is not.
func stringClaim(claims map[string]any, name string) string {
	value, _ := claims[name].(string)
	return value
}
