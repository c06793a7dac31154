package doctest_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
)

// word is a word of a text, in lower case. Identifiers are split at capitals and
// underscores: usersDeleted and users_deleted are two words each.
type word struct {
	text string
	line int
	// joined says that the word before it is in the same identifier. parted says
	// that more than space or the mark of a comment is between the two.
	joined, parted bool
}

// wordsOf splits a text.
func wordsOf(text string) []word {
	var found []word
	runes := []rune(text)
	line, between := 1, 0 // between is where the space after the last word begins
	for at := 0; at < len(runes); at++ {
		if runes[at] == '\n' {
			line++
		}
		if !unicode.IsLetter(runes[at]) {
			continue
		}
		end := endOfWord(runes, at)
		gap := string(runes[between:at])
		found = append(found, word{
			text: strings.ToLower(string(runes[at:end])), line: line,
			joined: len(found) > 0 && strings.Trim(gap, "_") == "",
			parted: strings.Trim(gap, " \t\n_/-#*>") != "",
		})
		between, at = end, end-1
	}
	return found
}

// endOfWord is where the word that begins at start ends: before a capital after a
// small letter, and before the last of several capitals if a small letter follows.
func endOfWord(runes []rune, start int) int {
	end := start + 1
	for end < len(runes) && unicode.IsLetter(runes[end]) {
		if unicode.IsUpper(runes[end]) {
			small := unicode.IsLower(runes[end-1])
			last := end+1 < len(runes) && unicode.IsLower(runes[end+1]) && unicode.IsUpper(runes[end-1])
			if small || last {
				break
			}
		}
		end++
	}
	return end
}

func TestIdentifiersAreSplitIntoWords(t *testing.T) {
	for text, want := range map[string]string{
		"usersDeleted":       "1users 1+deleted",
		"users_deleted":      "1users 1+deleted",
		"HTTPServer":         "1http 1+server",
		"parseURL, x":        "1parse 1+url 1|x",
		"many\n// words":     "1many 2words",
		"end. Begin":         "1end 1|begin",
		"-- can't\n--  stop": "1can 1|t 2stop",
		"TABLES":             "1tables",
	} {
		var got []string
		for i, each := range wordsOf(text) {
			mark := ""
			if each.joined {
				mark = "+"
			} else if each.parted && i > 0 {
				mark = "|"
			}
			got = append(got, fmt.Sprintf("%d%s%s", each.line, mark, each.text))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is %v, want %s", text, got, want)
		}
	}
}
