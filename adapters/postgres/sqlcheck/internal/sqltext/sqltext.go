// Package sqltext reads SQL as far as is needed to find placeholders and the ends of
// statements: it knows literals, quoted names and comments, and no grammar.
package sqltext

import (
	"regexp"
	"strings"
)

var dollarQuote = regexp.MustCompile(`^\$([A-Za-z_\x80-\xff][0-9A-Za-z_\x80-\xff]*)?\$`)

// Code is a statement with a space for each literal, quoted name and comment.
func Code(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		n := opaque(text, i)
		if n == 0 {
			b.WriteByte(text[i])
			n = 1
		} else {
			b.WriteByte(' ')
		}
		i += n
	}
	return b.String()
}

// opaque is the length of the literal, quoted name or comment that starts at
// text[i], or 0.
func opaque(text string, i int) int {
	s := text[i:]
	switch {
	case s[0] == '\'':
		escapes := i > 0 && (text[i-1] == 'E' || text[i-1] == 'e') && (i == 1 || !isWord(text[i-2]))
		return quoted(s, escapes)
	case s[0] == '"':
		return quoted(s, false)
	case strings.HasPrefix(s, "--"):
		return through(s, 2, "\n")
	case strings.HasPrefix(s, "/*"):
		return comment(s)
	case s[0] == '$' && (i == 0 || !isWord(text[i-1])):
		if tag := dollarQuote.FindString(s); tag != "" {
			return through(s, len(tag), tag)
		}
	}
	return 0
}

// quoted is the length of the quoted string that s starts with. A doubled
// quote is a string beside a string, which is as good here.
func quoted(s string, escapes bool) int {
	for i := 1; i < len(s); i++ {
		switch {
		case escapes && s[i] == '\\':
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return len(s)
}

// comment is the length of the comment that s starts with; they nest.
func comment(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch s[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(s)
}

// through is the length of s up to the first end from position i, inclusive.
func through(s string, i int, end string) int {
	if n := strings.Index(s[i:], end); n >= 0 {
		return i + n + len(end)
	}
	return len(s)
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
