package sqltext

import (
	"regexp"
	"strings"
)

// Statement is one of the statements of a file.
type Statement struct {
	Text string // without the semicolon
	Line int    // of its first word
	Name string // that a comment before it gives, as in "-- name: ListBooks :many", or ""
}

var nameComment = regexp.MustCompile(`(?m)^--\s*name:\s*(\S+)`)

// Statements are the statements of a file, which semicolons part, but not those in
// the body of a function that is written as BEGIN ATOMIC … END.
func Statements(file string) (all []Statement) {
	start, body := 0, atomicBody{}
	for i := 0; i < len(file); {
		if n := opaque(file, i); n > 0 {
			i += n
			continue
		}
		if n := wordAt(file, i); n > 0 {
			body.word(strings.ToUpper(file[i : i+n]))
			i += n
			continue
		}
		if file[i] == ';' && !body.open() {
			all = appendStatement(all, file, start, i)
			start, body = i+1, atomicBody{}
		}
		i++
	}
	return appendStatement(all, file, start, len(file))
}

// wordAt is the length of the word that starts at file[i], or 0.
func wordAt(file string, i int) (n int) {
	for i+n < len(file) && isWord(file[i+n]) {
		n++
	}
	return n
}

// atomicBody counts what END ends within BEGIN ATOMIC.
type atomicBody struct {
	last  string
	depth int
}

func (b *atomicBody) word(w string) {
	switch {
	case w == "ATOMIC" && b.last == "BEGIN", b.depth > 0 && w == "CASE":
		b.depth++
	case b.depth > 0 && w == "END":
		b.depth--
	}
	b.last = w
}

func (b *atomicBody) open() bool { return b.depth > 0 }

// appendStatement appends file[start:end] unless that has no word.
func appendStatement(all []Statement, file string, start, end int) []Statement {
	text := file[start:end]
	if strings.TrimSpace(Code(text)) == "" {
		return all
	}
	s := Statement{}
	for first := 0; ; {
		trimmed := strings.TrimLeft(text[first:], " \t\r\n")
		first = len(text) - len(trimmed)
		n := opaque(text, first)
		if !strings.HasPrefix(trimmed, "--") && !strings.HasPrefix(trimmed, "/*") {
			s.Text = strings.TrimRight(trimmed, " \t\r\n")
			s.Line = 1 + strings.Count(file[:start+first], "\n")
			return append(all, s)
		}
		if m := nameComment.FindStringSubmatch(trimmed[:n]); m != nil {
			s.Name = m[1]
		}
		first += n
	}
}
