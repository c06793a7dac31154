package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"github.com/roster-directory/roster/domain"
)

// query is a search term with the users that it should find.
type query struct {
	kind  string
	term  string
	right map[string]bool // the ids of the users
}

// labels finds the right users of a query by the words of their names, usernames
// and addresses. It shares no code with the search.
type labels struct {
	people []person
	words  map[string][]int
	sorted []string
}

func newLabels(all []person) *labels {
	l := &labels{people: all, words: map[string][]int{}}
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
	between := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, text := range []string{p.DisplayName, p.Username, p.Email} {
		all = append(all, strings.FieldsFunc(folded(text), between)...)
	}
	for _, joined := range strings.Fields(folded(p.DisplayName)) {
		all = append(all, strings.NewReplacer("'", "", "-", "").Replace(joined))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// matches returns the ids of the users with all words. With prefix the last word may
// be the beginning of one.
func (l *labels) matches(prefix bool, words ...string) map[string]bool {
	var matching map[int]bool
	for i, word := range words {
		both := map[int]bool{}
		at, _ := slices.BinarySearch(l.sorted, word)
		for ; at < len(l.sorted) && strings.HasPrefix(l.sorted[at], word); at++ {
			if l.sorted[at] != word && !(prefix && i == len(words)-1) {
				break
			}
			for _, user := range l.words[l.sorted[at]] {
				if matching == nil || matching[user] {
					both[user] = true
				}
			}
		}
		matching = both
	}
	right := make(map[string]bool, len(matching))
	for user := range matching {
		right[l.people[user].ID] = true
	}
	return right
}

// isPrefix reports whether a word begins so.
func (l *labels) isPrefix(word string) bool {
	at, _ := slices.BinarySearch(l.sorted, word)
	return at < len(l.sorted) && strings.HasPrefix(l.sorted[at], word)
}

// kinds are the kinds of queries. Each makes a query for a user, or returns false.
var kinds = []struct {
	name string
	make func(*labels, *rand.Rand, *person) (query, bool)
}{
	{"exact username", func(_ *labels, _ *rand.Rand, p *person) (query, bool) { return exactly(p, p.Username) }},
	{"exact email", func(_ *labels, _ *rand.Rand, p *person) (query, bool) { return exactly(p, p.Email) }},
	{"prefix", func(l *labels, r *rand.Rand, p *person) (query, bool) {
		family := folded(p.family)
		if !latin(p) || len(family) < 4 {
			return query{}, false
		}
		family = family[:3+r.IntN(len(family)-3)]
		return query{term: p.given + " " + family, right: l.matches(true, append(tokens(p.given), family)...)}, isWord(family)
	}},
	{"two words", func(l *labels, _ *rand.Rand, p *person) (query, bool) {
		return query{term: p.given + " " + p.family, right: l.matches(false, append(tokens(p.given), tokens(p.family)...)...)}, latin(p)
	}},
	{"reversed", func(l *labels, _ *rand.Rand, p *person) (query, bool) {
		return query{term: p.family + ", " + p.given, right: l.matches(false, append(tokens(p.given), tokens(p.family)...)...)}, latin(p)
	}},
	{"parts of an email", func(l *labels, _ *rand.Rand, p *person) (query, bool) {
		local, host, _ := strings.Cut(p.Email, "@")
		first, _, _ := strings.Cut(local, ".")
		noun, _, _ := strings.Cut(host, "-")
		return query{term: first + " @" + noun, right: l.matches(true, noun, first)}, latin(p)
	}},
	{"accents left out", func(l *labels, _ *rand.Rand, p *person) (query, bool) {
		plain := folded(p.DisplayName)
		right := l.matches(false, append(tokens(p.given), tokens(p.family)...)...)
		return query{term: plain, right: right}, latin(p) && plain != strings.ToLower(p.DisplayName)
	}},
	{"accents put in", func(l *labels, r *rand.Rand, p *person) (query, bool) {
		accented := strings.NewReplacer("a", "á", "e", "è", "o", "ö", "u", "û", "n", "ñ").Replace(p.given)
		right := l.matches(false, append(tokens(p.given), tokens(p.family)...)...)
		return query{term: accented + " " + p.family, right: right}, latin(p) && accented != p.given
	}},
	{"one word", func(l *labels, _ *rand.Rand, p *person) (query, bool) {
		return query{term: p.family, right: l.matches(false, tokens(p.family)...)}, latin(p)
	}},
	{"broad word", func(l *labels, _ *rand.Rand, p *person) (query, bool) {
		right := l.matches(false, tokens(p.given)...)
		return query{term: p.given, right: right}, latin(p) && len(right) > len(l.people)/200
	}},
	{"two characters (CJK)", func(l *labels, _ *rand.Rand, p *person) (query, bool) {
		right := map[string]bool{}
		for i := range l.people {
			if strings.Contains(l.people[i].DisplayName, p.given) {
				right[l.people[i].ID] = true
			}
		}
		return query{term: p.given, right: right}, !latin(p)
	}},
	{"one typing error", func(l *labels, r *rand.Rand, p *person) (query, bool) { return l.mistyped(r, p, 4, 7, edited) }},
	{"transposition", func(l *labels, r *rand.Rand, p *person) (query, bool) { return l.mistyped(r, p, 4, 7, transposed) }},
	{"two typing errors", func(l *labels, r *rand.Rand, p *person) (query, bool) {
		return l.mistyped(r, p, 8, 40, func(r *rand.Rand, word string) string { return edited(r, edited(r, word)) })
	}},
}

// mistyped makes a query with errors in a family name of a certain length. No word
// may begin as it is typed, since users with that word would be right.
func (l *labels) mistyped(r *rand.Rand, p *person, minLen, maxLen int, mistype func(*rand.Rand, string) string) (query, bool) {
	family := folded(p.family)
	if !latin(p) || len(family) < minLen || len(family) > maxLen || !isWord(family) {
		return query{}, false
	}
	wrong := mistype(r, family)
	if len(wrong) < minLen {
		return query{}, false
	}
	// Users are right with the given name and a word within the allowed edits.
	right := map[string]bool{}
	for _, word := range l.sorted {
		if isWord(word) && isSimilar(word, wrong) {
			for id := range l.matches(false, append(tokens(p.given), word)...) {
				right[id] = true
			}
		}
	}
	return query{term: p.given + " " + wrong, right: right}, !l.isPrefix(wrong)
}

// isSimilar reports whether a word is within one edit of the typed one, or two if
// that has eight letters or more.
func isSimilar(word, typed string) bool {
	allowed := 1
	if len(typed) >= 8 {
		allowed = 2
	}
	return max(len(word)-len(typed), len(typed)-len(word)) <= allowed && domain.Edits(word, typed) <= allowed
}

func exactly(p *person, term string) (query, bool) {
	return query{term: term, right: map[string]bool{p.ID: true}}, true
}

func latin(p *person) bool { return p.DisplayName != p.family+p.given }

func tokens(name string) []string {
	return strings.FieldsFunc(folded(name), func(r rune) bool { return !unicode.IsLetter(r) })
}

func isWord(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// edited inserts, deletes or replaces a letter of the word, but not the first.
func edited(r *rand.Rand, word string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	at, n := 1+r.IntN(len(word)-1), r.IntN(len(letters))
	letter := letters[n : n+1]
	switch r.IntN(3) {
	case 0:
		return word[:at] + letter + word[at:]
	case 1:
		return word[:at] + word[at+1:]
	}
	return word[:at] + letter + word[at+1:]
}

// transposed exchanges two neighbouring letters.
func transposed(r *rand.Rand, word string) string {
	at := r.IntN(len(word) - 1)
	return word[:at] + word[at+1:at+2] + word[at:at+1] + word[at+2:]
}

// queries makes a number of queries of each kind.
func (l *labels) queries(each int) []query {
	random := rand.New(rand.NewPCG(1906, 9))
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
