package domain

import (
	"slices"
	"strings"
)

// word is a word as a search compares it, and the place of each of its characters
// in the text. In a script with spaces, that is the place of the whole word.
type word struct {
	text string
	at   []stretch
	pair bool // of a script without spaces between words
}

// isApostrophe reports whether r joins the parts of one name: characters that look
// like an apostrophe, and the middle dot of Catalan.
func isApostrophe(r rune) bool {
	return strings.ContainsRune("'`\u00b4\u00b7\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u055a\u05f3"+
		"\u2018\u2019\u201b\u2032\u2035\ua78b\ua78c\uff07\uff40", r)
}

// isHyphen reports whether r is a hyphen or dash of any script, or gershayim.
func isHyphen(r rune) bool {
	return strings.ContainsRune("-\u058a\u05be\u05f4\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e17\ufe58\ufe63\uff0d", r)
}

func isJoint(r rune) bool { return isHyphen(r) || isApostrophe(r) }

// breaks replaces the characters at which a word may be broken by spaces of the
// same length. Persian writes the parts of a name with one of them, with a space,
// or as one word.
var breaks = strings.NewReplacer("\u200b", "   ", "\u200c", "   ")

// split cuts text into words, at separators and where scripts meet.
func split(text string) []word {
	var words []word
	var current word
	end := func() {
		if current.text != "" {
			words = append(words, current.whole())
		}
		current = word{}
	}
	for _, f := range foldText(text) {
		pair := within(f.r, pairScripts)
		if within(f.r, separators) || f.r == 0 {
			end()
			continue
		}
		if pair != current.pair {
			end()
		}
		current.pair = pair
		current.text += string(f.r)
		current.at = append(current.at, f.at)
	}
	end()
	return words
}

// unspaced are the words of scripts without spaces that only separators part,
// written as one: people write 山田太郎 with a space or without.
func unspaced(words []word) []word {
	var all []word
	for i := 0; i < len(words); i++ {
		one, n := words[i], 1
		for ; one.pair && i+1 < len(words) && words[i+1].pair; n++ {
			i++
			one.text, one.at = one.text+words[i].text, slices.Concat(one.at, words[i].at)
		}
		if n > 1 {
			all = append(all, one)
		}
	}
	return all
}

// whole gives every character of a word the place of the word, unless it is of a
// script without spaces.
func (w word) whole() word {
	if !w.pair {
		all := stretch{w.at[0].from, w.at[len(w.at)-1].to}
		for i := range w.at {
			w.at[i] = all
		}
	}
	return w
}

// parts are the pairs of characters of a word without spaces and, in an indexed
// text, its last character. Any other word is its only part.
func (w word) parts(stored bool) []word {
	letters := []rune(w.text)
	if !w.pair || len(letters) == 1 {
		return []word{w}
	}
	var all []word
	for i := range letters {
		if end := min(i+2, len(letters)); end == i+2 || stored {
			all = append(all, word{string(letters[i:end]), w.at[i:end], true})
		}
	}
	return all
}

func wordsOf(text string, stored bool) []string {
	if isPlain(text) {
		return []string{strings.ToLower(text)}
	}
	return textsOf(split(text), stored)
}

func textsOf(words []word, stored bool) []string {
	var all []string
	for _, part := range partsOf(words, stored) {
		all = append(all, part.text)
	}
	return all
}

func partsOf(words []word, stored bool) []word {
	var all []word
	for _, w := range words {
		all = append(all, w.parts(stored)...)
	}
	return all
}

// isPlain reports whether text is one word of ASCII letters and digits, so that
// only its case is to be folded.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i] | 0x20; (c < 'a' || c > 'z') && (text[i] < '0' || text[i] > '9') {
			return false
		}
	}
	return text != ""
}

// joined removes apostrophes, as people do when they search for a name.
func joined(text string) string {
	return strings.Map(func(r rune) rune {
		if isApostrophe(r) {
			return -1
		}
		return r
	}, text)
}

// phraseWords are the words of a phrase as they are adjacent in the index: split
// at apostrophes, and with the last character of every word without spaces except
// the last. An address has the words of its local part, and "@" with its domain.
func phraseWords(text string) []string {
	var all []string
	pieces := strings.Fields(text)
	for i, piece := range pieces {
		if _, host, _ := strings.Cut(piece, "@"); strings.Contains(strings.Trim(host, "."), ".") {
			all = append(all, pieceWords(piece)...)
			continue
		}
		runs := split(piece)
		for j, w := range runs {
			for _, part := range w.parts(i+1 < len(pieces) || j+1 < len(runs)) {
				all = append(all, part.text)
			}
		}
	}
	return all
}

// Words returns the words by which a search finds a name, folded and in order.
// After them come, joined, those that an apostrophe or a hyphen splits; those of a
// name with breaks, split there; and those of scripts without spaces, unspaced.
func Words(text string) []string {
	words := split(text)
	all := textsOf(words, true)
	for _, piece := range strings.Fields(text) {
		inner := strings.TrimFunc(piece, isJoint)
		if strings.IndexFunc(inner, isJoint) > 0 {
			if one := joinedWord(split(piece)); one.text != "" {
				all = append(all, one.text)
			}
		}
	}
	if parted := breaks.Replace(text); parted != text {
		all = append(all, textsOf(split(parted), true)...)
	}
	return slices.Clip(append(all, textsOf(unspaced(words), true)...))
}

// joinedWord writes words as one. Those of scripts without spaces have none: see
// unspaced.
func joinedWord(words []word) (one word) {
	for _, w := range words {
		if w.pair {
			return word{}
		}
		one.text, one.at = one.text+w.text, append(one.at, w.at...)
	}
	return one
}
