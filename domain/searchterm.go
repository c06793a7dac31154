package domain

import (
	"slices"
	"strings"
	"unicode"
)

// maxWords is the most words that a term may require.
const maxWords = 32

// SearchTerm is a search query: at most 1,024 bytes of any script without control
// characters, with at least one required word.
type SearchTerm struct {
	text               string
	required, excluded []SearchPart
}

// SearchPart is the part of a term between two spaces, or between quotes.
type SearchPart struct {
	// Words are folded and in order. All must match.
	Words []string
	// Quoted words must be adjacent, and match whole words.
	Quoted bool
}

// ParseSearchTerm reads a term: words in any order, "adjacent words", and
// -excluded words. The error is Invalid and names "term".
func ParseSearchTerm(text string) (SearchTerm, error) {
	if len(text) > 1024 {
		return SearchTerm{}, invalid(ReasonRange, "term", "shorten it", "has %d bytes; 1024 is the most", len(text))
	}
	text, err := freeText("term", text, 1024)
	if err != nil {
		return SearchTerm{}, err
	}
	term := SearchTerm{text: text}
	words := 0
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimLeftFunc(rest, unicode.IsSpace) {
		var part SearchPart
		var excluded bool
		part, excluded, rest = nextPart(rest)
		parts := &term.required
		if excluded {
			parts = &term.excluded
		}
		if len(part.Words) == 0 || slices.ContainsFunc(*parts, part.equals) {
			continue
		}
		if *parts = append(*parts, part); !excluded {
			words += len(part.Words)
		}
	}
	switch {
	case words == 0:
		return SearchTerm{}, invalid(ReasonMissing, "term", "send a name, or part of one", "%s has no word to search for", quote(text))
	case words > maxWords:
		return SearchTerm{}, invalid(ReasonRange, "term", "send fewer", "has %d words; %d is the most", words, maxWords)
	}
	return term, nil
}

func (p SearchPart) equals(other SearchPart) bool {
	return p.Quoted == other.Quoted && slices.Equal(p.Words, other.Words)
}

// nextPart reads the part at the beginning of text.
func nextPart(text string) (part SearchPart, excluded bool, rest string) {
	if after, ok := strings.CutPrefix(text, "-"); ok && after != "" && !unicode.IsSpace([]rune(after)[0]) {
		text, excluded = after, true
	}
	if inside, ok := strings.CutPrefix(text, `"`); ok {
		inside, rest, _ = strings.Cut(inside, `"`)
		return SearchPart{phraseWords(inside), true}, excluded, rest
	}
	end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '"' })
	if end < 0 {
		end = len(text)
	}
	return SearchPart{Words: pieceWords(text[:end])}, excluded, text[end:]
}

// pieceWords are the words of a piece of text. An address has the words of its
// local part, and "@" with its domain.
func pieceWords(piece string) []string {
	local, host, isAddress := strings.Cut(piece, "@")
	if !isAddress {
		return slices.Compact(wordsOf(joined(piece), false))
	}
	words := wordsOf(local, false)
	host = strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || !within(r, separators) {
			return r
		}
		return -1
	}, foldWord(host))
	if host = strings.TrimRight(host, ".-"); host != "" {
		words = append(words, "@"+host)
	}
	return words
}

// String returns the term.
func (s SearchTerm) String() string { return s.text }

// Required returns the parts that a user must have.
func (s SearchTerm) Required() []SearchPart { return s.required }

// Excluded returns the parts that a user must not have.
func (s SearchTerm) Excluded() []SearchPart { return s.excluded }

// Contradicts reports whether the term excludes words that it requires. Such a term
// finds nobody.
func (s SearchTerm) Contradicts() bool {
	return slices.ContainsFunc(s.excluded, func(excluded SearchPart) bool {
		return slices.ContainsFunc(s.required, func(required SearchPart) bool { return required.holds(excluded.Words) })
	})
}

// holds reports whether the words of p hold others in one piece.
func (p SearchPart) holds(words []string) bool {
	for i := range len(p.Words) - len(words) + 1 {
		if slices.Equal(p.Words[i:i+len(words)], words) {
			return true
		}
	}
	return false
}
