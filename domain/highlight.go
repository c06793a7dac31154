package domain

import (
	"slices"
	"strings"
)

// escapeHTML writes what has a meaning in HTML so that it has none.
var escapeHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// Highlight returns text, escaped for HTML, with the words for which the term
// finds it between <mark> and </mark>. Instead are words that were looked for
// besides those of the term, folded.
func (s SearchTerm) Highlight(text string, instead []string) string {
	wanted := slices.Clone(instead)
	for _, part := range s.required {
		for _, each := range part.Words {
			wanted = append(wanted, strings.TrimPrefix(each, "@"))
		}
	}
	marked := make([]bool, len(text))
	for _, joined := range []bool{false, true} {
		for _, w := range split(text, joined) {
			if !w.matches(wanted) {
				continue
			}
			for i := w.from; i < w.to; i++ {
				marked[i] = true
			}
		}
	}
	var b strings.Builder
	for from, to := 0, 0; from < len(text); from = to {
		for to = from; to < len(text) && marked[to] == marked[from]; to++ {
		}
		if escaped := escapeHTML.Replace(text[from:to]); marked[from] {
			b.WriteString("<mark>" + escaped + "</mark>")
		} else {
			b.WriteString(escaped)
		}
	}
	return b.String()
}

// matches reports whether w begins with one of the words that are wanted, or,
// in a script without spaces, holds it.
func (w word) matches(wanted []string) bool {
	return slices.ContainsFunc(wanted, func(want string) bool {
		// Of a domain, which is one word of a term, the first label counts.
		if host, _, isHost := strings.Cut(want, "."); isHost {
			want = host
		}
		return want != "" && (strings.HasPrefix(w.text, want) || w.pair && strings.Contains(w.text, want))
	})
}
