package domain_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

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
		`ada "ada" ada "ada" ADA`:     "[{[ada] false} {[ada] true}] []",
		`"a b" "a b" a -c -c -"c"`:    "[{[a b] true} {[a] false}] [{[c] false} {[c] true}]",
		`"ada.l@acme.com" "a@b"`:      "[{[ada l @acme.com] true} {[a b] true}] []",
		`"o'brien x" "李小龍 x 龍"`:       "[{[o brien x] true} {[李小 小龍 龍 x 龍] true}] []",
		"o'brien@acme.com":            "[{[o brien @acme.com] false}] []",
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

func TestATermThatExcludesWhatItRequiresContradictsItself(t *testing.T) {
	for text, want := range map[string]bool{
		"bulk -bulk":                  true,
		"Bulk -bülk":                  true,
		`bulk -"bulk"`:                true,
		`"bulk" -bulk`:                true,
		`"a b c" -"b c"`:              true,
		`"a b" -b`:                    true,
		"anne-marie -anne":            true,
		"ada@acme.com -@acme.com":     true,
		"x bulk y -z -bulk":           true,
		"o'brien -obrien":             true,
		"李小龍 -李小":                     true,
		"bulk -bul":                   false,
		"bul -bulk":                   false,
		`a b -"a b"`:                  false,
		`"a b c" -"a c"`:              false,
		"bulk":                        false,
		`anne-marie -"marie anne" -x`: false,
	} {
		term, err := domain.ParseSearchTerm(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := term.Contradicts(); got != want {
			t.Errorf("%q: got %t", text, got)
		}
	}
}

func TestWordsOfANameIncludeItsPartsAndTheJoinedName(t *testing.T) {
	for text, want := range map[string]string{
		"Siobhán O'Brien-Smith": "siobhan o brien smith obriensmith",
		"- 'x' a--b":            "x a b ab",
		"王小明":                   "王小 小明 明",
		"王 小明":                  "王 小明 明 王小 小明 明",
		"王-明 Kim-Li a\u200cb":   "王 明 kim li ab kimli 王 明 kim li a b 王明 明",
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

func TestEditsAreAsFewAsCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringOfN(rapid.RuneFrom([]rune("abñ龍")), 0, 6, -1)
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		x, y := []rune(a), []rune(b)
		got := domain.Edits(a, b)
		if want := alignment(x, y); got != want {
			t.Errorf("%q, %q: %d, want %d", a, b, got, want)
		}
		if back := domain.Edits(b, a); back != got {
			t.Errorf("%q, %q: %d, and %d back", a, b, got, back)
		}
		if (got == 0) != (a == b) || got > max(len(x), len(y)) || got < max(len(x)-len(y), len(y)-len(x)) {
			t.Errorf("%q, %q: %d", a, b, got)
		}
	})
}

// alignment is the definition of Edits: an edit of the first letters, and
// the least that is left to do.
func alignment(a, b []rune) int {
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	if a[0] == b[0] {
		return alignment(a[1:], b[1:])
	}
	least := 1 + min(alignment(a[1:], b), alignment(a, b[1:]), alignment(a[1:], b[1:]))
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		least = min(least, 1+alignment(a[2:], b[2:]))
	}
	return least
}

func TestHighlightsMarkMatchingWords(t *testing.T) {
	for _, c := range []struct{ term, text, want string }{
		{"zoe", `Zoë & "Zo"`, `<mark>Zoë</mark> &amp; &#34;Zo&#34;`},
		{"o'brien", "Pat O'Brien", "Pat <mark>O&#39;Brien</mark>"},
		{"love", "Ada <b>Lovelace</b>", "Ada &lt;b&gt;<mark>Lovelace</mark>&lt;/b&gt;"},
		{"@acme.com", "ada@acme.com", "ada@<mark>acme.com</mark>"},
		{"@acme.com", "acme of acme.com", "acme of acme.com"},
		{"@acm", "acme.b@acme.com", "acme.b@<mark>acme.com</mark>"},
		{"acme", "ada@acme.com", "ada@<mark>acme</mark>.com"},
		{`"ada@acme.com"`, "ada@acme.com", "<mark>ada</mark>@<mark>acme.com</mark>"},
		{"小龍", "李小龍 x", "李<mark>小龍</mark> x"},
		{"龍", "李小龍 龍小", "李小<mark>龍</mark> <mark>龍</mark>小"},
		{`"ada"`, "Ada Adam ada", "<mark>Ada</mark> Adam <mark>ada</mark>"},
		{`"ada king"`, "Ada Lovelace, Ada King", "Ada Lovelace, <mark>Ada</mark> <mark>King</mark>"},
		{`"小龍 chan"`, "李小龍 Chan", "李<mark>小龍</mark> <mark>Chan</mark>"},
		{"anne-marie", "Anne-Marie", "<mark>Anne</mark>-<mark>Marie</mark>"},
		{"annemarie", "Anne-Marie", "<mark>Anne-Marie</mark>"},
		{"obrien", "O'Brien-Jones", "<mark>O&#39;Brien</mark>-Jones"},
		{"ab", "a.b", "a.b"},
		{"山田太郎", "山田 太郎 x", "<mark>山田 太郎</mark> x"},
		{"عليرضا", "علی\u200cرضا م", "<mark>علی\u200cرضا</mark> م"},
		{"رضا", "علی\u200cرضا م", "علی\u200c<mark>رضا</mark> م"},
		{"donaudampf", "Donau\u00addampf", "<mark>Donau\u00addampf</mark>"},
		{"आनंद", "आनन्द सिंह", "<mark>आनन्द</mark> सिंह"},
		{"jeanluc", "Jean\u2010Luc", "<mark>Jean\u2010Luc</mark>"},
		{"タガ", "ﾀｶﾞﾜ x", "<mark>ﾀｶﾞ</mark>ﾜ x"},
		{"smiht", "Smithson", "Smithson"},
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
	f.Add("0", "0ㅒ")
	f.Add("आनन्द", "\u1100\u200d\u1161 ㄱ\u00adㅏ न\u094dद 山\u200b田 太")
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
		unmark := strings.NewReplacer("<mark>", "", "</mark>", "", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'")
		plain := unmark.Replace(term.Highlight(name, nil))
		if !strings.Contains(name, "mark>") && !strings.Contains(name, "&") && plain != name {
			t.Errorf("%q highlighted is %q", name, plain)
		}
	})
}
