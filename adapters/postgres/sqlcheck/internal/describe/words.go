package describe

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a word of a statement: a name, dotted or quoted, or a sign.
type word struct {
	text string
	at   int // byte
}

// pattern takes a statement apart: comments and strings, which are left out,
// then names, then single signs.
var pattern = regexp.MustCompile(`--[^\n]*|/\*(?s:.*?)\*/|'(?:[^']|'')*'|` +
	`(?:[\pL_][\pL\pN_$]*|"(?:[^"]|"")+")(?:\s*\.\s*(?:[\pL_][\pL\pN_$]*|"(?:[^"]|"")+"))*|[^\s]`)

func wordsOf(text string) []word {
	var words []word
	for _, m := range pattern.FindAllStringIndex(text, -1) {
		w := text[m[0]:m[1]]
		if !strings.HasPrefix(w, "--") && !strings.HasPrefix(w, "/*") && !strings.HasPrefix(w, "'") {
			words = append(words, word{w, m[0]})
		}
	}
	return words
}

// nameAt gives the name at a byte of the statement, or "".
func nameAt(words []word, at int) string {
	for _, w := range words {
		if w.at <= at && at < w.at+len(w.text) {
			return strings.ReplaceAll(w.text, `"`, "")
		}
	}
	return ""
}

type named struct{ name, alias string }

// namedRelations gives what stands where relations are named, with aliases.
func namedRelations(words []word) []named {
	var found []named
	for i := 0; i+1 < len(words); i++ {
		if !slices.Contains([]string{"from", "join", "into", "update", "using", "only", ","}, strings.ToLower(words[i].text)) {
			continue
		}
		name := words[i+1].text
		if !isName(name) {
			continue
		}
		plain := strings.ReplaceAll(name, `"`, "")
		n := named{name: name, alias: plain[strings.LastIndex(plain, ".")+1:]}
		rest := words[i+2:]
		if len(rest) > 1 && strings.EqualFold(rest[0].text, "as") {
			rest = rest[1:]
		}
		if len(rest) > 0 && isName(rest[0].text) && !slices.Contains(notAliases, strings.ToLower(rest[0].text)) {
			n.alias = strings.ReplaceAll(rest[0].text, `"`, "")
		}
		if !slices.Contains(found, n) {
			found = append(found, n)
		}
	}
	return found
}

// isName reports whether a word is a name and no sign.
func isName(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r == '_' || r == '"' || unicode.IsLetter(r)
}

// notAliases can follow the name of a relation.
var notAliases = []string{
	"on", "where", "join", "left", "right", "full", "inner", "cross", "natural", "using", "group", "order", "limit",
	"offset", "union", "intersect", "except", "set", "values", "select", "returning", "for", "having", "window", "fetch",
	"default", "overriding", "tablesample", "with", "when", "lateral", "as",
}
