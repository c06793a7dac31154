package domain

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// quote quotes a bad value for an error, shortened for a log line.
func quote(text string) string { return strconv.Quote(shorten(text)) }

func shorten(text string) string {
	const limit = 64
	if len(text) > limit {
		return strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return text
}

// freeText checks text that people write: any script, NFC, 1 to most code points,
// no control characters, at least one visible character.
func freeText(field, text string, most int) (string, error) {
	if !utf8.ValidString(text) {
		return "", invalid(ReasonSyntax, field, "send UTF-8", "is not valid UTF-8")
	}
	text = norm.NFC.String(text)
	if i := strings.IndexFunc(text, unicode.IsControl); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return "", invalid(ReasonSyntax, field, "remove it", "holds the control character %U", r)
	}
	if n := utf8.RuneCountInString(text); n > most {
		return "", invalid(ReasonRange, field, "shorten it", "has %d characters; %d is the most", n, most)
	}
	if !strings.ContainsFunc(text, isVisible) {
		return "", invalid(ReasonMissing, field, "send at least one visible character", "is blank")
	}
	return text, nil
}

// blanks are characters whose glyph is empty, beside white space and ignorables:
// marks of annotations, the empty pattern of braille, and others.
var blanks = []span{{0x2800, 0x2800}, {0xfff9, 0xfffb}, {0x13441, 0x13442}, {0x16fe4, 0x16fe4}, {0x1d159, 0x1d159}}

func isVisible(r rune) bool {
	return !unicode.IsSpace(r) && !within(r, ignorables) && !within(r, blanks)
}

// token checks an ASCII name: its first character by first, the others by rest.
func token(field, text string, most int, fix string, first, rest func(byte) bool) error {
	switch {
	case text == "":
		return invalid(ReasonMissing, field, fix, "is empty")
	case len(text) > most:
		return invalid(ReasonRange, field, "shorten it", "has %d bytes; %d is the most", len(text), most)
	case !first(text[0]):
		return invalid(ReasonSyntax, field, fix, "%s starts with a character that is not allowed there", quote(text))
	}
	for i := 1; i < len(text); i++ {
		if !rest(text[i]) {
			return invalid(ReasonSyntax, field, fix, "%s holds a character that is not allowed at byte %d", quote(text), i)
		}
	}
	return nil
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isAlnum(c byte) bool { return isLower(c) || isUpper(c) || isDigit(c) }

// fold converts only ASCII letters to lower case, as lower(x COLLATE "C") does in
// PostgreSQL.
func fold(text string) string {
	for i := range len(text) {
		if c := text[i]; 'A' <= c && c <= 'Z' {
			return strings.Map(func(r rune) rune {
				if 'A' <= r && r <= 'Z' {
					return r + 'a' - 'A'
				}
				return r
			}, text)
		}
	}
	return text
}
