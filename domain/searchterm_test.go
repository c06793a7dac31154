package domain_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

func TestTermsArePartedAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"Ada  LOVELACE":               "[{[ada] false} {[lovelace] false}] []",
		`"ada lovelace" -king -"x y"`: "[{[ada lovelace] true}] [{[king] false} {[x y] true}]",
		`"never closed at all`:        "[{[never closed at all] true}] []",
		`ada"lovelace king"`:          "[{[ada] false} {[lovelace king] true}] []",
		"O'Brien o’brien":             "[{[obrien] false}] []",
		"anne-marie ada_b.c":          "[{[anne marie] false} {[ada b c] false}] []",
		"@Acme":                       "[{[@acme] false}] []",
		"ada.l@Mail.Acme-x.com":       "[{[ada l @mail.acme-x.com] false}] []",
		"Zoë Straße Łuk ΟΔΟΣ Ёлкин":   "[{[zoe] false} {[strasse] false} {[luk] false} {[οδοσ] false} {[елкин] false}] []",
		"李小龍 龍 Kim김철":                 "[{[李小 小龍] false} {[龍] false} {[kim 김철] false}] []",
		"- ada --ben -":               "[{[ada] false}] [{[ben] false}]",
		"ada % (ada) !!":              "[{[ada] false}] []",
		"or and not":                  "[{[or] false} {[and] false} {[not] false}] []",
		"１２３ ﬁne":                     "[{[123] false} {[fine] false}] []",
	} {
		term, err := domain.ParseSearchTerm(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := fmt.Sprint(term.Required(), term.Excluded()); got != want || term.String() != text {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestWordsOfANameHoldItsPartsAndWhatTheyJoin(t *testing.T) {
	for text, want := range map[string]string{
		"Siobhán O'Brien-Smith": "siobhan o brien smith obriensmith",
		"- 'x' a--b":            "x a b ab",
		"王小明":                   "王小 小明 明",
		"a1.b2_c3":              "a1 b2 c3",
		" ":                     "",
	} {
		if got := strings.Join(domain.Words(text), " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestEditsAreCountedWithExchangedNeighbours(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"ada", "ada", 0},
		{"", "ada", 3},
		{"smith", "smiht", 1},
		{"smith", "smth", 1},
		{"smith", "smitth", 1},
		{"smith", "smyth", 1},
		{"smith", "msiht", 2},
		{"ca", "abc", 3},
		{"李小", "小李", 1},
		{"kitten", "sitting", 3},
	} {
		if got, back := domain.Edits(c.a, c.b), domain.Edits(c.b, c.a); got != c.want || back != c.want {
			t.Errorf("%s, %s: %d, and %d back; want %d", c.a, c.b, got, back, c.want)
		}
	}
}

func TestHighlightsMarkWhatWasFound(t *testing.T) {
	for _, c := range []struct{ term, text, want string }{
		{"zoe", `Zoë & "Zo"`, `<mark>Zoë</mark> &amp; &#34;Zo&#34;`},
		{"o'brien", "Pat O'Brien", "Pat <mark>O&#39;Brien</mark>"},
		{"love", "Ada <b>Lovelace</b>", "Ada &lt;b&gt;<mark>Lovelace</mark>&lt;/b&gt;"},
		{"@acme.com", "ada@acme.com", "ada@<mark>acme</mark>.com"},
		{"小龍", "李小龍 x", "<mark>李小龍</mark> x"},
		{"smiht", "Ada Smith", "Ada <mark>Smith</mark>"},
		{"ben", "Ada", "Ada"},
	} {
		term := domain.MustParse(domain.ParseSearchTerm(c.term))
		if got := term.Highlight(c.text, []string{"smith"}); got != c.want {
			t.Errorf("%s in %s: got %s, want %s", c.term, c.text, got, c.want)
		}
	}
}

func TestMatchesHaveNames(t *testing.T) {
	for match, want := range map[domain.Match]string{
		domain.MatchExact: "exact", domain.MatchWords: "words", domain.MatchPrefix: "prefix", domain.MatchSimilar: "similar", 0: "none",
	} {
		if got := match.String(); got != want {
			t.Errorf("match %d is %s, want %s", match, got, want)
		}
	}
}

func FuzzSearchTerms(f *testing.F) {
	for _, seed := range []string{`ada "b c" -d @e`, "李小龍", `"`, "--", "a@b@c", "e\u0301\u0301"} {
		f.Add(seed, "Ada <Lovelace> 李小龍")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		term, err := domain.ParseSearchTerm(text)
		if err != nil {
			return
		}
		for _, part := range append(term.Required(), term.Excluded()...) {
			for _, word := range part.Words {
				if strings.ContainsAny(word, " %_|\\()*+?[]{}^$") {
					t.Errorf("%q has the word %q", text, word)
				}
			}
		}
		plain := strings.NewReplacer("<mark>", "", "</mark>", "", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'").Replace(term.Highlight(name, nil))
		if !strings.Contains(name, "mark>") && !strings.Contains(name, "&") && plain != name {
			t.Errorf("%q highlighted is %q", name, plain)
		}
	})
}
