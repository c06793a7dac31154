package doctest_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

const glossary = "docs/glossary.md"

// ban is a word or phrase that the glossary replaces by another. One that ends
// with "…" is the beginning of an identifier.
type ban struct {
	words  []string
	prefix bool
	use    string
	line   int // of the glossary
}

func (b ban) String() string { return strings.Join(b.words, " ") }

// bansOf reads the tables of a glossary: the last column of those with the
// heading "not", the first column of those with the heading "instead of".
func bansOf(text string) []ban {
	var found []ban
	var heading []string
	number := 0
	for line := range strings.Lines(text) {
		number++
		if !strings.HasPrefix(line, "|") {
			heading = nil
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if heading == nil {
			heading = cells
			continue
		}
		bad, use := "", cells[0]
		switch {
		case strings.HasPrefix(cells[0], "---"):
		case heading[len(heading)-1] == "not":
			bad = cells[len(cells)-1]
		case heading[0] == "instead of":
			bad, use = cells[0], cells[1]
		}
		for each := range strings.SplitSeq(bad, ",") {
			plain, prefix := strings.CutSuffix(strings.TrimSpace(each), "…")
			if plain != "" {
				found = append(found, ban{strings.Fields(strings.ToLower(plain)), prefix, use, number})
			}
		}
	}
	return found
}

// at reports whether a ban's words stand at a place among a text's words.
func (b ban) at(words []word) bool {
	if len(words) < len(b.words) {
		return false
	}
	for i, each := range b.words {
		if words[i].text != each || i > 0 && words[i].parted {
			return false
		}
	}
	return !b.prefix || !words[0].joined && len(words) > 1 && words[1].joined
}

// banned lists the places where a text breaks the glossary.
func banned(text string, bans map[string][]ban) []finding {
	var found []finding
	words := wordsOf(text)
	for i, each := range words {
		for _, b := range bans[each.text] {
			if b.at(words[i:]) {
				found = append(found, finding{each.line, b})
			}
		}
	}
	return found
}

type finding struct {
	line int
	ban  ban
}

func (f finding) String() string {
	return fmt.Sprintf("%d: says %q; write %s (%s:%d)", f.line, f.ban, f.ban.use, glossary, f.ban.line)
}

func byFirstWord(bans []ban) map[string][]ban {
	found := map[string][]ban{}
	for _, b := range bans {
		found[b.words[0]] = append(found[b.words[0]], b)
	}
	return found
}

// excuse is a place where words of the glossary's last columns may stand.
type excuse struct {
	file  string // a pattern, or a folder
	words []string
}

func (e excuse) covers(name string, b ban) bool {
	matched, err := path.Match(e.file, name)
	inside := matched && err == nil || strings.HasPrefix(name, e.file+"/")
	return inside && (len(e.words) == 0 || slices.Contains(e.words, b.String()))
}

// isText says which files the glossary holds.
func isText(name string) bool {
	switch path.Ext(name) {
	case ".go", ".md", ".sql", ".yaml", ".yml", ".toml", ".txt", ".tmpl", ".py", ".js", ".css", ".html", ".svg", ".mod", ".json", "":
		return true
	}
	return false
}

func TestTheGlossaryHolds(t *testing.T) {
	bans := bansOf(read(t, glossary))
	if len(bans) < 20 {
		t.Fatalf("%s names %d words that are not used", glossary, len(bans))
	}
	index := byFirstWord(bans)
	needed := make([]bool, len(excuses))
	for _, name := range files(t) {
		if !isText(name) || name == glossary {
			continue
		}
		for _, each := range banned(read(t, name), index) {
			i := slices.IndexFunc(excuses, func(e excuse) bool { return e.covers(name, each.ban) })
			if i < 0 {
				t.Errorf("%s:%s", name, each)
			} else {
				needed[i] = true
			}
		}
	}
	for i, each := range excuses {
		if !needed[i] {
			t.Errorf("the excuse of %s is not needed: remove it", each.file)
		}
	}
}

func TestWordsOfTheGlossaryAreFound(t *testing.T) {
	bans := byFirstWord(bansOf("| term | not |\n|---|---|\n| box | crate, big bag |\n\n" +
		"| instead of | write |\n|---|---|\n| most… | max… |\n"))
	for text, want := range map[string]string{
		"a crate":                 `[1: says "crate"; write box (docs/glossary.md:3)]`,
		"a\nfor newCrate":         `[2: says "crate"; write box (docs/glossary.md:3)]`,
		"CREATE TABLE old_crate":  `[1: says "crate"; write box (docs/glossary.md:3)]`,
		"// a big\n// bag":        `[1: says "big bag"; write box (docs/glossary.md:3)]`,
		"mostLines := 1":          `[1: says "most"; write max… (docs/glossary.md:7)]`,
		"most lines, utmostLines": "[]",
		"how big. Bag":            "[]",
		"crates":                  "[]",
	} {
		if got := fmt.Sprint(banned(text, bans)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
