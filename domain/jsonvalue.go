package domain

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// The functions of this file read what JSON has in requests, in data sets and in
// streams, so that each of them accepts the same values and refuses the others in
// the same words.

// ParseTime reads a time of RFC 3339, to the microsecond. Its letters may be in
// lower case, and a leap second is the beginning of the next minute. The error is
// Invalid and names field.
func ParseTime(field, text string) (time.Time, error) {
	at, ok := readTime(strings.ToUpper(text))
	if !ok {
		return time.Time{}, invalid(ReasonSyntax, field, "send a time such as 2026-01-31T09:30:00Z", "%s is not a time of RFC 3339", quote(text))
	}
	if y := at.Year(); y < 1 || y > 9999 {
		return time.Time{}, invalid(ReasonRange, field, "send a year from 1 to 9999", "is in the year %d", y)
	}
	return at, nil
}

func readTime(text string) (time.Time, bool) {
	if !hasFormOfTime(text) {
		return time.Time{}, false
	}
	leap := text[17:19] == "60"
	if leap {
		text = text[:17] + "59" + text[19:]
	}
	at, err := time.Parse(time.RFC3339, text)
	at = Instant(at)
	if leap {
		at = at.Truncate(time.Second).Add(time.Second)
	}
	midnight := at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0
	return at, err == nil && (!leap || midnight)
}

// hasFormOfTime checks what the time package does not: it would also read an hour of
// one digit, a comma before the fraction, and any offset.
func hasFormOfTime(text string) bool {
	const form, offset = "0000-00-00T00:00:00", "+00:00"
	if len(text) <= len(form) || !hasForm(text[:len(form)], form) {
		return false
	}
	rest := text[len(form):]
	if rest[0] == '.' {
		digits := strings.TrimLeft(rest[1:], "0123456789")
		if len(digits) == len(rest)-1 {
			return false
		}
		rest = digits
	}
	if rest == "Z" {
		return true
	}
	return len(rest) == len(offset) && (rest[0] == '+' || rest[0] == '-') && hasForm(rest[1:], offset[1:]) &&
		rest[1:3] < "24" && rest[4] < '6'
}

// hasForm reports whether text has a digit for each 0 of a form of the same length,
// and is otherwise equal to it.
func hasForm(text, form string) bool {
	for i := range len(form) {
		if text[i] != form[i] && (form[i] != '0' || !isDigit(text[i])) {
			return false
		}
	}
	return true
}

// ParseInteger reads a JSON number that is whole, however it is written: 25, 25.0
// and 2.5e1 are one number. The error is Invalid and names field.
func ParseInteger(field, text string) (int64, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && text[0] != '+' {
		return n, nil
	}
	digits, negative := strings.CutPrefix(text, "-")
	digits, power, scientific := strings.Cut(strings.ToLower(digits), "e")
	whole, fraction, _ := strings.Cut(digits, ".")
	digits = strings.TrimRight(whole+fraction, "0")
	if strings.Trim(whole+fraction, "0123456789") != "" || whole == "" || scientific && power == "" {
		return 0, notWhole(field, text)
	}
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return 0, nil
	}
	// The number is digits times ten to the power of zeros.
	exponent, err := parseExponent(power)
	if err != nil {
		return 0, notWhole(field, text)
	}
	zeros := exponent + len(strings.TrimLeft(whole+fraction, "0")) - len(digits) - len(fraction)
	if zeros < 0 {
		return 0, notWhole(field, text)
	}
	if zeros > 19 {
		return 0, tooLarge(field, text)
	}
	digits += strings.Repeat("0", zeros)
	if negative {
		digits = "-" + digits
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, tooLarge(field, text)
	}
	return n, nil
}

// parseExponent reads the exponent of a number. One that is too large to count
// becomes the largest that the arithmetic of ParseInteger bears.
func parseExponent(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if digits := strings.TrimLeft(text, "+-"); err != nil && (digits == "" || strings.Trim(digits, "0123456789") != "") {
		return 0, err
	}
	return int(max(min(n, math.MaxInt32), math.MinInt32)), nil
}

func notWhole(field, text string) error {
	if strings.Trim(text, "+-.0123456789eE") != "" || text == "" {
		text = strconv.Quote(text)
	}
	return invalid(ReasonSyntax, field, "send a number such as 25", "%s is not a whole number", shorten(text))
}

func tooLarge(field, text string) error {
	return invalid(ReasonRange, field, "send a number such as 25", "%s is too large", shorten(text))
}

// WrongKind is the Error of a JSON value of the wrong kind. first is the first
// byte of the value; want is what the field holds, such as "a string".
func WrongKind(field string, first byte, want string) *Error {
	return &Error{
		Kind: Invalid, Reason: ReasonSyntax, Field: field, Detail: "is " + kindOfJSON(first) + ", not " + want,
		Fix: "send " + want + ", or leave it out if it is optional",
	}
}

func kindOfJSON(first byte) string {
	switch first {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '[':
		return "an array"
	case '{':
		return "an object"
	}
	return "a number"
}

// UnknownField is the Error of a field that an object does not have.
func UnknownField(field string) *Error {
	return &Error{
		Kind: Invalid, Reason: ReasonUnknown, Field: field, Detail: "is not a field of this object",
		Fix: "remove it, or check how it is spelt",
	}
}
