package domain

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// maxDepth is the most levels of nested JSON.
const maxDepth = 64

// Attributes are a team's own data about a user: a JSON object of at most 16 KiB,
// written compactly.
type Attributes struct{ text string }

// ParseAttributes reads a JSON object. The error is Invalid and names "attributes".
func ParseAttributes(text []byte) (Attributes, error) {
	compact, err := parseJSON("attributes", text, 16<<10)
	if err == nil && compact[0] != '{' {
		err = invalid(ReasonSyntax, "attributes", `send an object such as {"team": "search"}`, "is not a JSON object")
	}
	if err != nil {
		return Attributes{}, err
	}
	return Attributes{compact}, nil
}

// String returns the object as compact JSON; {} where there is none.
func (a Attributes) String() string {
	if a.text == "" {
		return "{}"
	}
	return a.text
}

// Payload is the data of an event: one JSON value of at most 4 KiB, written
// compactly. The zero Payload is none.
type Payload struct{ text string }

// ParsePayload reads a JSON value. The error is Invalid and names "payload".
func ParsePayload(text []byte) (Payload, error) {
	compact, err := parseJSON("payload", text, 4<<10)
	if err != nil {
		return Payload{}, err
	}
	return Payload{compact}, nil
}

// String returns the value as compact JSON; empty where there is none.
func (p Payload) String() string { return p.text }

// IsZero reports whether the event has no payload.
func (p Payload) IsZero() bool { return p.text == "" }

// parseJSON checks that text is one JSON value (RFC 8259) that PostgreSQL's
// jsonb can hold without loss, and compacts it.
func parseJSON(field string, text []byte, most int) (string, error) {
	const fix = "send one JSON value in UTF-8"
	if !utf8.Valid(text) {
		return "", invalid(ReasonSyntax, field, fix, "is not valid UTF-8")
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return "", &Error{Kind: Invalid, Reason: ReasonSyntax, Field: field, Detail: "is not JSON: " + err.Error(), Fix: fix, Err: err}
	}
	if n := compact.Len(); n > most {
		return "", invalid(ReasonRange, field, "keep less in it", "has %d bytes of JSON; %d is the most", n, most)
	}
	why, longer := lossy(compact.Bytes())
	if why != "" {
		return "", invalid(ReasonSyntax, field, "remove it", "%s", why)
	}
	if n := compact.Len() + longer; n > most {
		return "", invalid(ReasonRange, field, "keep less in it",
			"has %d bytes of JSON once its numbers are written out; %d is the most", n, most)
	}
	return compact.String(), nil
}

// lossy says what jsonb would refuse or lose: duplicate names, NUL, half of a
// surrogate pair, a number too long to write out, deep nesting. longer is by how
// many bytes the text can grow in jsonb, which writes 1e9 as 1000000000: the
// stored text has to be within the limit when it is read again. The text is well
// formed and compact. This reads it without encoding/json, which would be most
// of the cost of an event.
func lossy(text []byte) (why string, longer int) {
	if badEscape(text) {
		return `holds \u0000 or half of a surrogate pair`, 0
	}
	var open []map[string]bool // the names of each open object; an array has none
	for i := 0; i < len(text); {
		end := i + 1
		switch c := text[i]; {
		case c == '{' || c == '[':
			if open = append(open, nil); len(open) > maxDepth {
				return "is nested deeper than 64 levels", 0
			}
		case c == '}' || c == ']':
			open = open[:len(open)-1]
		case c == '"':
			end = stringEnd(text, i)
			if end == len(text) || text[end] != ':' {
				break
			}
			if name, again := repeated(&open[len(open)-1], text[i:end]); again {
				return "holds " + quote(name) + " twice in one object", 0
			}
		case c == '-' || isDigit(c):
			end = numberEnd(text, i)
			size, bounded := exponent(string(text[i:end]))
			if !bounded {
				return "holds the number " + quote(string(text[i:end])) + ", whose exponent is beyond ±308", 0
			}
			longer += size
		}
		i = end
	}
	return "", longer
}

// stringEnd is the index after the string that begins at i.
func stringEnd(text []byte, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// numberEnd is the index after the number that begins at i.
func numberEnd(text []byte, i int) int {
	for i < len(text) && (isDigit(text[i]) || strings.IndexByte("+-.eE", text[i]) >= 0) {
		i++
	}
	return i
}

// repeated reports whether an object has the quoted name already, and adds it.
func repeated(names *map[string]bool, quoted []byte) (name string, again bool) {
	name = string(quoted[1 : len(quoted)-1])
	if strings.Contains(name, `\`) {
		_ = json.Unmarshal(quoted, &name) // it is well formed
	}
	if (*names)[name] {
		return name, true
	}
	if *names == nil {
		*names = map[string]bool{}
	}
	(*names)[name] = true
	return name, false
}

// exponent is the absolute value of a number's exponent, and whether it is at
// most 308.
func exponent(n string) (size int, bounded bool) {
	i := strings.IndexAny(n, "eE")
	if i < 0 {
		return 0, true
	}
	digits := strings.TrimLeft(n[i+1:], "+-0")
	if len(digits) > 3 {
		return 0, false
	}
	for _, digit := range []byte(digits) {
		size = size*10 + int(digit-'0')
	}
	return size, size <= 308
}

// badEscape finds \u0000 and unpaired surrogates in JSON text that is well formed.
func badEscape(text []byte) bool {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		i++
		if text[i] != 'u' {
			continue
		}
		unit := string(bytes.ToLower(text[i+1 : i+5]))
		i += 4
		switch {
		case unit == "0000", unit >= "dc00" && unit <= "dfff":
			return true
		case unit >= "d800" && unit <= "dbff":
			rest := text[i+1:]
			if len(rest) < 6 || rest[0] != '\\' || rest[1] != 'u' {
				return true
			}
			if low := string(bytes.ToLower(rest[2:6])); low < "dc00" || low > "dfff" {
				return true
			}
			i += 6
		}
	}
	return false
}
