package domain

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters are small letters and how they are compared: as another letter that
// people write in their place. docs/search.md names the source of each group.
var letters = foldedLetters()

func foldedLetters() map[rune]string {
	all := map[rune]string{}
	for variants, plain := range variants {
		for _, r := range variants {
			all[r] = plain
		}
	}
	// The other katakana as hiragana, with their signs of repetition.
	for r := 'ァ'; r <= 'ヽ'; r++ {
		if _, small := all[r]; !small && (r <= 'ン' || r == 'ヽ') {
			all[r] = string(r - 'ァ' + 'ぁ')
		}
	}
	for _, zero := range zeros {
		for i := range rune(10) {
			all[zero+i] = string('0' + i)
		}
	}
	// Outlined letters and digits, which Unicode 16 added.
	for i := range rune(26) {
		all['\U0001ccd6'+i] = string('a' + i)
	}
	for i := range rune(10) {
		all['\U0001ccf0'+i] = string('0' + i)
	}
	return all
}

// zeros are the zeros of living scripts. The other digits follow each.
const zeros = "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0e50\u0ed0\u0f20\u1040\u17e0\u1810"

var variants = map[string]string{
	// Ligatures, and Latin letters with a stroke, a hook or no dot.
	"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ⱥə": "a", "ƀɓ": "b", "ȼƈ": "c", "đðɖɗ": "d", "ɇɛ": "e", "ƒ": "f",
	"ǥɠ": "g", "ħⱨ": "h", "ıɨ": "i", "ɉȷ": "j", "ƙⱪ": "k", "łƚ": "l", "ŋɲ": "n", "øɔ": "o", "ƥᵽ": "p", "ɍɽ": "r",
	"ŧƭʈⱦ": "t", "ʉ": "u", "ʋ": "v", "ɏƴ": "y", "ƶȥⱬ": "z",
	// Final sigma, and the ge of Ukrainian that was not printed for decades.
	"ς": "σ", "ґ": "г",
	// Final forms of Hebrew, and the digraphs of Yiddish.
	"ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ", "װ": "וו", "ױ": "וי", "ײ": "יי",
	// Alefs; teh marbuta and the hehs of Urdu and Kurdish; the yehs and kafs of
	// Arabic, Persian and Urdu.
	"\u0671\u0672\u0673": "\u0627", "\u0629\u06be\u06c1\u06c3\u06d5": "\u0647",
	"\u0649\u06cc\u06d2": "\u064a", "\u06a9\u06aa": "\u0643",
	// Candrabindu as anusvara; letters that are also written with a virama.
	"\u0901": "\u0902", "\u09ce": "\u09a4\u09cd", "\u0d7a": "\u0d23\u0d4d", "\u0d7b": "\u0d28\u0d4d",
	"\u0d7c": "\u0d30\u0d4d", "\u0d7d": "\u0d32\u0d4d", "\u0d7e": "\u0d33\u0d4d", "\u0d7f": "\u0d15\u0d4d",
	// Letters of Todhri with a dot above, which Unicode 16 added.
	"\U000105c9": "\U000105d2", "\U000105e4": "\U000105da",
	// Small kana.
	"ぁァ": "あ", "ぃィ": "い", "ぅゥ": "う", "ぇェ": "え", "ぉォ": "お", "っッ": "つ", "ゃャ": "や", "ゅュ": "ゆ", "ょョ": "よ",
	"ゎヮ": "わ", "ゕヵ": "か", "ゖヶ": "け",
}

// folded is a character of a folded text, and its place in the text.
type folded struct {
	r  rune
	at stretch
}

// stretch is a part of a text, in bytes.
type stretch struct{ from, to int }

// foldText removes case, accents and what can't be seen, and replaces letters that are
// written in two ways, as roster.search_fold does.
func foldText(text string) []folded {
	var all []folded
	var it norm.Iter
	it.InitString(norm.NFC, text)
	for !it.Done() {
		from := it.Pos()
		segment := norm.NFKD.String(string(it.Next()))
		for _, r := range segment {
			if within(r, marks) || within(r, ignorables) {
				continue
			}
			r = unicode.ToLower(r)
			plain, ok := letters[r]
			if !ok {
				plain = string(r)
			}
			for _, r := range plain {
				all = append(all, folded{r, stretch{from, it.Pos()}})
			}
		}
	}
	return composed(withAnusvaras(all))
}

// nasals are the nasal consonants of Devanagari, each with the first and the last
// consonant of its class. Hindi writes a nasal before one of its class in two ways:
// with a virama, or as an anusvara on the letter before.
var nasals = map[rune]span{'ङ': {'क', 'घ'}, 'ञ': {'च', 'झ'}, 'ण': {'ट', 'ढ'}, 'न': {'त', 'ध'}, 'म': {'प', 'भ'}}

// withAnusvaras replaces a nasal and its virama by an anusvara.
func withAnusvaras(all []folded) []folded {
	const virama, anusvara = '\u094d', '\u0902'
	for i := 0; i+2 < len(all); i++ {
		class, nasal := nasals[all[i].r]
		if next := all[i+2].r; nasal && all[i+1].r == virama && class.from <= next && next <= class.to {
			all[i] = folded{anusvara, stretch{all[i].at.from, all[i+1].at.to}}
			all = append(all[:i+1], all[i+2:]...)
		}
	}
	return all
}

// composed normalizes a folded text to NFC: what was removed may have stood
// between letters that compose.
func composed(all []folded) []folded {
	var b strings.Builder
	for _, f := range all {
		b.WriteRune(f.r)
	}
	text := b.String()
	if norm.NFC.IsNormalString(text) {
		return all
	}
	var out []folded
	var it norm.Iter
	it.InitString(norm.NFC, text)
	for next := 0; !it.Done(); {
		from := it.Pos()
		segment := it.Next()
		first := next
		next += len([]rune(text[from:it.Pos()]))
		for _, r := range string(segment) {
			out = append(out, folded{r, stretch{all[first].at.from, all[next-1].at.to}})
		}
	}
	return out
}

// foldWord folds a text whose places are of no matter.
func foldWord(text string) string {
	var b strings.Builder
	for _, f := range foldText(text) {
		b.WriteRune(f.r)
	}
	return b.String()
}
