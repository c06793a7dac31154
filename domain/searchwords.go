package domain

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// word is a word as a search compares it, and the place of each of its characters
// in the text. In a script with spaces, that is the place of the whole word.
type word struct {
	text string
	at   []stretch
	pair bool // of a script without spaces between words
}

// stretch is a part of a text, in bytes.
type stretch struct{ from, to int }

type span struct{ from, to rune }

func within(r rune, spans []span) bool {
	for _, s := range spans {
		if s.from <= r && r <= s.to {
			return true
		}
	}
	return false
}

var (
	marks      = []span{{0x300, 0x36f}, {0x591, 0x5c7}, {0x64b, 0x65f}, {0x670, 0x670}}
	separators = []span{
		{1, 0x2f},
		{0x3a, 0x40},
		{0x5b, 0x60},
		{0x7b, 0xbf},
		{0xd7, 0xd7},
		{0xf7, 0xf7},
		{0x2000, 0x206f},
		{0x2e00, 0x2e7f},
		{0x3000, 0x3004},
		{0x3008, 0x3020},
		{0x3030, 0x3030},
		{0x303d, 0x303d},
		{0x30fb, 0x30fb},
	}
	pairScripts = []span{
		{0xe00, 0xeff},
		{0x1000, 0x109f},
		{0x1100, 0x11ff},
		{0x1780, 0x17ff},
		{0x2e80, 0x2fdf},
		{0x3005, 0x3007},
		{0x3021, 0x302f},
		{0x3031, 0x303c},
		{0x3040, 0x30ff},
		{0x3100, 0x31ff},
		{0x3400, 0x4dbf},
		{0x4e00, 0x9fff},
		{0xa960, 0xa97f},
		{0xac00, 0xd7ff},
		{0xf900, 0xfaff},
		{0x20000, 0x3ffff},
	}
	ligatures = map[rune]string{
		'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ı': "i", 'ς': "σ",
	}
)

// isApostrophe reports whether r joins the parts of one name.
func isApostrophe(r rune) bool { return strings.ContainsRune("'‘’ʼ`´", r) }

func isJoint(r rune) bool { return r == '-' || isApostrophe(r) }

// foldWord removes case, accents and ligatures, as roster.search_fold does.
func foldWord(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if within(r, marks) {
			continue
		}
		r = unicode.ToLower(r)
		if plain, ok := ligatures[r]; ok {
			b.WriteString(plain)
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

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
	var it norm.Iter
	it.InitString(norm.NFC, text)
	for !it.Done() {
		from := it.Pos()
		for _, r := range foldWord(string(it.Next())) {
			pair := within(r, pairScripts)
			if within(r, separators) || r == 0 {
				end()
				continue
			}
			if pair != current.pair {
				end()
			}
			current.pair = pair
			current.text += string(r)
			current.at = append(current.at, stretch{from, it.Pos()})
		}
	}
	end()
	return words
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
	var all []string
	for _, w := range split(text) {
		for _, part := range w.parts(stored) {
			all = append(all, part.text)
		}
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
// After them come, joined, those that an apostrophe or a hyphen splits.
func Words(text string) []string {
	all := wordsOf(text, true)
	for _, piece := range strings.Fields(text) {
		inner := strings.TrimFunc(piece, isJoint)
		if strings.IndexFunc(inner, isJoint) > 0 {
			if one := strings.Join(wordsOf(piece, true), ""); one != "" {
				all = append(all, one)
			}
		}
	}
	return slices.Clip(all)
}
