package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// escapeHTML escapes the characters that have a meaning in HTML.
var escapeHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// Highlight returns text, escaped for HTML, with the matching words between
// <mark> and </mark>: words that begin with a word of the term, and phrases. In
// scripts without spaces it marks only the matching characters. Corrections are
// further words to mark, folded.
func (s SearchTerm) Highlight(text string, corrections []string) string {
	m := marker{linesOf(text), make([]bool, len(text))}
	for _, part := range s.required {
		if part.Quoted {
			m.mark(part.Words, func(has, want string) bool { return has == want })
			continue
		}
		for _, each := range part.Words {
			m.mark([]string{each}, strings.HasPrefix)
		}
	}
	for _, each := range corrections {
		m.mark([]string{each}, func(has, want string) bool { return has == want })
	}
	return m.html(text)
}

// marker notes which bytes of a text are marked.
type marker struct {
	lines  [][]word
	marked []bool
}

// linesOf are the indexed words of a text, grouped as they are adjacent in the
// index.
func linesOf(text string) [][]word {
	runs := split(text)
	at := strings.IndexByte(text, '@')
	if at < 0 || strings.ContainsFunc(text, unicode.IsSpace) {
		at = len(text)
	}
	var local, host []word
	for _, w := range runs {
		if w.at[0].from < at {
			local = append(local, w.parts(true)...)
		} else {
			host = append(host, w.parts(true)...)
		}
	}
	if len(host) > 0 {
		local = append(local, hostWord(text, at))
	}
	lines := [][]word{local, host, joinedWords(text, runs)}
	if parted := breaks.Replace(text); parted != text {
		lines = append(lines, partsOf(split(parted), true))
	}
	for _, w := range unspaced(runs) {
		lines = append(lines, w.parts(true))
	}
	return lines
}

// joinedWords are the words with an apostrophe or a hyphen, written without it.
func joinedWords(text string, runs []word) []word {
	var all []word
	for from := 0; from < len(runs); {
		to := from + 1
		// Two words that are folded together end at the same byte.
		for to < len(runs) &&
			!strings.ContainsFunc(text[min(runs[to-1].end(), runs[to].at[0].from):runs[to].at[0].from], unicode.IsSpace) {
			to++
		}
		if strings.ContainsFunc(text[runs[from].at[0].from:runs[to-1].end()], isJoint) {
			if one := joinedWord(runs[from:to]); one.text != "" {
				all = append(all, one)
			}
		}
		from = to
	}
	return all
}

// hostWord is the token of an address's domain, which begins with "@".
func hostWord(text string, at int) word {
	w := word{text: strings.ToLower(text[at:])}
	for range w.text {
		w.at = append(w.at, stretch{at + 1, len(text)})
	}
	return w
}

func (w word) end() int { return w.at[len(w.at)-1].to }

// mark marks the adjacent words that match.
func (m marker) mark(words []string, is func(has, want string) bool) {
	for _, line := range m.lines {
		for i := 0; i+len(words) <= len(line); i++ {
			if adjacent(line[i:], words, is) {
				for j, each := range words {
					m.stretch(line[i+j].at[:utf8.RuneCountInString(each)])
				}
			}
		}
	}
}

func adjacent(line []word, words []string, is func(has, want string) bool) bool {
	for i, want := range words {
		if !is(line[i].text, want) {
			return false
		}
	}
	return true
}

func (m marker) stretch(letters []stretch) {
	for i := letters[0].from; i < letters[len(letters)-1].to; i++ {
		m.marked[i] = true
	}
}

// html writes the text with its marks.
func (m marker) html(text string) string {
	var b strings.Builder
	for from, to := 0, 0; from < len(text); from = to {
		for to = from; to < len(text) && m.marked[to] == m.marked[from]; to++ {
		}
		if escaped := escapeHTML.Replace(text[from:to]); m.marked[from] {
			b.WriteString("<mark>" + escaped + "</mark>")
		} else {
			b.WriteString(escaped)
		}
	}
	return b.String()
}
