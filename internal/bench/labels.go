package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// query is what somebody looks for, and whom it should find.
type query struct {
	kind string
	term string
	// right are the places of the users who are right answers.
	right map[string]bool
}

// labelled knows by which words users are found, written without a look at how
// the search does it: the words of the name, the username and the address.
type labelled struct {
	people []person
	words  map[string][]int
	sorted []string
}

func label(all []person) *labelled {
	l := &labelled{people: all, words: map[string][]int{}}
	for i := range all {
		for _, word := range wordsOf(&all[i]) {
			l.words[word] = append(l.words[word], i)
		}
	}
	for word := range l.words {
		l.sorted = append(l.sorted, word)
	}
	slices.Sort(l.sorted)
	return l
}

func wordsOf(p *person) []string {
	var all []string
	for _, text := range []string{p.DisplayName, p.Username, p.Email} {
		all = append(all, strings.FieldsFunc(folded(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
	}
	for _, joined := range strings.Fields(folded(p.DisplayName)) {
		all = append(all, strings.NewReplacer("'", "", "-", "").Replace(joined))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// who has all the words, the last of them only begun where begun is set.
func (l *labelled) who(begun bool, words ...string) map[string]bool {
	var have map[int]bool
	for i, word := range words {
		these := map[int]bool{}
		at, _ := slices.BinarySearch(l.sorted, word)
		for ; at < len(l.sorted) && strings.HasPrefix(l.sorted[at], word); at++ {
			if l.sorted[at] != word && !(begun && i == len(words)-1) {
				break
			}
			for _, user := range l.words[l.sorted[at]] {
				if have == nil || have[user] {
					these[user] = true
				}
			}
		}
		have = these
	}
	right := make(map[string]bool, len(have))
	for user := range have {
		right[l.people[user].ID] = true
	}
	return right
}

func (l *labelled) begins(word string) bool {
	at, _ := slices.BinarySearch(l.sorted, word)
	return at < len(l.sorted) && strings.HasPrefix(l.sorted[at], word)
}

// kinds are the ways in which people look for users. Each makes a query from a
// user, or says that it can't.
var kinds = []struct {
	name string
	make func(*labelled, *rand.Rand, *person) (query, bool)
}{
	{"exact username", func(_ *labelled, _ *rand.Rand, p *person) (query, bool) { return only(p, p.Username) }},
	{"exact email", func(_ *labelled, _ *rand.Rand, p *person) (query, bool) { return only(p, p.Email) }},
	{"prefix", func(l *labelled, r *rand.Rand, p *person) (query, bool) {
		family := folded(p.family)
		if !latin(p) || len(family) < 4 {
			return query{}, false
		}
		family = family[:3+r.IntN(len(family)-3)]
		return query{term: p.given + " " + family, right: l.who(true, append(pieces(p.given), family)...)}, isWord(family)
	}},
	{"two words", func(l *labelled, _ *rand.Rand, p *person) (query, bool) {
		return query{term: p.given + " " + p.family, right: l.who(false, append(pieces(p.given), pieces(p.family)...)...)}, latin(p)
	}},
	{"reversed", func(l *labelled, _ *rand.Rand, p *person) (query, bool) {
		return query{term: p.family + ", " + p.given, right: l.who(false, append(pieces(p.given), pieces(p.family)...)...)}, latin(p)
	}},
	{"parts of an email", func(l *labelled, _ *rand.Rand, p *person) (query, bool) {
		local, host, _ := strings.Cut(p.Email, "@")
		first, _, _ := strings.Cut(local, ".")
		noun, _, _ := strings.Cut(host, "-")
		return query{term: first + " @" + noun, right: l.who(true, noun, first)}, latin(p)
	}},
	{"accents left out", func(l *labelled, _ *rand.Rand, p *person) (query, bool) {
		plain := folded(p.DisplayName)
		return query{term: plain, right: l.who(false, append(pieces(p.given), pieces(p.family)...)...)}, latin(p) && plain != strings.ToLower(p.DisplayName)
	}},
	{"accents put in", func(l *labelled, r *rand.Rand, p *person) (query, bool) {
		accented := strings.NewReplacer("a", "á", "e", "è", "o", "ö", "u", "û", "n", "ñ").Replace(p.given)
		return query{term: accented + " " + p.family, right: l.who(false, append(pieces(p.given), pieces(p.family)...)...)}, latin(p) && accented != p.given
	}},
	{"one word", func(l *labelled, _ *rand.Rand, p *person) (query, bool) {
		return query{term: p.family, right: l.who(false, pieces(p.family)...)}, latin(p)
	}},
	{"broad word", func(l *labelled, _ *rand.Rand, p *person) (query, bool) {
		right := l.who(false, pieces(p.given)...)
		return query{term: p.given, right: right}, latin(p) && len(right) > len(l.people)/200
	}},
	{"two characters (CJK)", func(l *labelled, _ *rand.Rand, p *person) (query, bool) {
		right := map[string]bool{}
		for i := range l.people {
			if strings.Contains(l.people[i].DisplayName, p.given) {
				right[l.people[i].ID] = true
			}
		}
		return query{term: p.given, right: right}, !latin(p)
	}},
	{"one typing error", func(l *labelled, r *rand.Rand, p *person) (query, bool) { return l.mistyped(r, p, 4, 7, edited) }},
	{"transposition", func(l *labelled, r *rand.Rand, p *person) (query, bool) { return l.mistyped(r, p, 4, 7, transposed) }},
	{"two typing errors", func(l *labelled, r *rand.Rand, p *person) (query, bool) {
		return l.mistyped(r, p, 8, 40, func(r *rand.Rand, word string) string { return edited(r, edited(r, word)) })
	}},
}

// mistyped is a family name of some length with errors. Nobody may have a word
// that begins as it is typed: else that one would be right.
func (l *labelled) mistyped(r *rand.Rand, p *person, least, most int, spoil func(*rand.Rand, string) string) (query, bool) {
	family := folded(p.family)
	if !latin(p) || len(family) < least || len(family) > most || !isWord(family) {
		return query{}, false
	}
	wrong := spoil(r, family)
	if len(wrong) < least {
		return query{}, false
	}
	// A right answer has the given name, and the family name or one as near.
	right := map[string]bool{}
	for _, word := range l.sorted {
		if isWord(word) && near(word, wrong) {
			for id := range l.who(false, append(pieces(p.given), word)...) {
				right[id] = true
			}
		}
	}
	return query{term: p.given + " " + wrong, right: right}, !l.begins(wrong)
}

// near reports whether a word is one or, of eight letters on, two errors from
// what was typed.
func near(word, typed string) bool {
	allowed := 1
	if len(typed) >= 8 {
		allowed = 2
	}
	return max(len(word)-len(typed), len(typed)-len(word)) <= allowed && distance(word, typed) <= allowed
}

func only(p *person, term string) (query, bool) {
	return query{term: term, right: map[string]bool{p.ID: true}}, true
}

func latin(p *person) bool { return p.DisplayName != p.family+p.given }

func pieces(name string) []string {
	return strings.FieldsFunc(folded(name), func(r rune) bool { return !unicode.IsLetter(r) })
}

func isWord(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// edited has one letter more, less or other than the word, after its first.
func edited(r *rand.Rand, word string) string {
	at, letter := 1+r.IntN(len(word)-1), string(rune('a'+r.IntN(26)))
	switch r.IntN(3) {
	case 0:
		return word[:at] + letter + word[at:]
	case 1:
		return word[:at] + word[at+1:]
	}
	return word[:at] + letter + word[at+1:]
}

// transposed has two neighbours changed over.
func transposed(r *rand.Rand, word string) string {
	at := r.IntN(len(word) - 1)
	return word[:at] + word[at+1:at+2] + word[at:at+1] + word[at+2:]
}

// distance is that of optimal string alignment.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// queries makes as many of each kind.
func (l *labelled) queries(each int) []query {
	random := rand.New(rand.NewPCG(1906, 9)) //nolint:gosec // made-up data
	var all []query
	for _, kind := range kinds {
		for made := 0; made < each; {
			q, ok := kind.make(l, random, &l.people[random.IntN(len(l.people))])
			if ok && len(q.right) > 0 {
				q.kind = kind.name
				all = append(all, q)
				made++
			}
		}
	}
	return all
}
