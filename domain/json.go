package domain

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

const deepest = 64

// Attributes are what a team keeps about a user beside Roster's own fields: a
// JSON object of at most 16 KiB, written compactly.
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

// String returns the object as compact JSON; {} where nothing is kept.
func (a Attributes) String() string {
	if a.text == "" {
		return "{}"
	}
	return a.text
}

// Payload is what an event carries: one JSON value of at most 4 KiB, written
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

// IsZero reports whether the event carries nothing.
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
		return "", invalid(ReasonRange, field, "keep less in it", "has %d bytes of JSON once its numbers are written out; %d is the most", n, most)
	}
	return compact.String(), nil
}

// lossy names what jsonb would refuse or lose: duplicate names, NUL, half of a
// surrogate pair, a number too long to write out, nesting without end. longer
// is by how many bytes at most the text grows in jsonb, which writes 1e9 as
// 1000000000: what is stored has to be within the limit when it is read again.
func lossy(text []byte) (why string, longer int) {
	if badEscape(text) {
		return `holds \u0000 or half of a surrogate pair`, 0
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var open []*level
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return "", longer
		}
		if err != nil {
			return "is not JSON", 0
		}
		if n, ok := t.(json.Number); ok {
			size, bounded := exponent(string(n))
			if !bounded {
				return "holds the number " + quote(string(n)) + ", whose exponent is beyond ±308", 0
			}
			longer += size
		}
		if len(open) > 0 {
			if name := open[len(open)-1].repeats(t); name != "" {
				return "holds " + quote(name) + " twice in one object", 0
			}
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			open = append(open, newLevel(t == json.Delim('{')))
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
		if len(open) > deepest {
			return "is nested deeper than 64 levels", 0
		}
	}
}

// level is an open object or array; an object's tokens are names and values in turn.
type level struct {
	names  map[string]bool
	onName bool
}

func newLevel(object bool) *level {
	if object {
		return &level{names: map[string]bool{}, onName: true}
	}
	return &level{}
}

func (l *level) repeats(t json.Token) string {
	if l.names == nil || t == json.Delim('}') {
		return ""
	}
	name, _ := t.(string)
	onName := l.onName
	l.onName = !onName
	if !onName {
		return ""
	}
	if l.names[name] {
		return name
	}
	l.names[name] = true
	return ""
}

// exponent is the size of a number's exponent, whose sign does not matter, and
// whether that is at most 308.
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
