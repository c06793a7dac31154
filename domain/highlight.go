package domain

import (
	"slices"
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
	var local, host, whole []word
	for i, w := range runs {
		if w.at[0].from < at {
			local = append(local, w.parts(true)...)
		} else {
			host = append(host, w.parts(true)...)
		}
		// Two words that are folded together end at the same byte.
		if i == 0 || strings.ContainsFunc(text[min(runs[i-1].end(), w.at[0].from):w.at[0].from], unicode.IsSpace) {
			whole = append(whole, word{})
		}
		last := &whole[len(whole)-1]
		for _, part := range w.parts(true) {
			last.text, last.at = last.text+part.text, append(last.at, part.at...)
		}
	}
	whole = slices.DeleteFunc(whole, func(w word) bool { return !strings.ContainsFunc(text[w.at[0].from:w.end()], isJoint) })
	if len(host) > 0 {
		local = append(local, hostWord(text, at))
	}
	return [][]word{local, host, whole}
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
