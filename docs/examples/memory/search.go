package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// SearchUsers returns a page of the users that the term describes, best first.
func (s *Users) SearchUsers(_ context.Context, in ports.SearchUsers) (ports.FoundUsers, error) {
	if in.Term.Contradicts() {
		return ports.FoundUsers{}, nil
	}
	if in.Filter.Status == "" {
		in.Filter.Status = domain.Active
	}
	users := s.where(func(u domain.User) bool { return passes(in.Filter, u) && !excluded(in.Term, text(u)) })
	var found ports.FoundUsers
	for _, u := range users {
		if match := described(in.Term, u); match > 0 {
			found.Items = append(found.Items, ports.FoundUser{User: u, Match: match})
		}
	}
	for edits := 1; edits <= 2 && len(found.Items) == 0; edits++ {
		for _, u := range users {
			if corrections, ok := similar(in.Term, text(u), edits); ok {
				found.Items = append(found.Items, ports.FoundUser{User: u, Match: domain.MatchSimilar})
				found.Corrections = append(found.Corrections, corrections...)
			}
		}
	}
	slices.SortFunc(found.Items, func(a, b ports.FoundUser) int { return after(a.Position(), b.Position()) })
	if in.After != nil {
		found.Items = slices.DeleteFunc(found.Items, func(f ports.FoundUser) bool { return after(f.Position(), *in.After) <= 0 })
	}
	found.More = len(found.Items) > in.Limit.Int()
	found.Items = found.Items[:min(in.Limit.Int(), len(found.Items))]
	return found, nil
}

// after is positive where a comes after b.
func after(a, b domain.SearchPosition) int {
	return cmp.Or(cmp.Compare(a.Match, b.Match), b.At.Compare(a.At), b.ID.Compare(a.ID))
}

// text has the words of a user, each between spaces.
func text(u domain.User) string {
	local, host, _ := strings.Cut(u.Email.Key(), "@")
	all := append(domain.Words(local), "@"+host)
	for _, field := range []string{u.Username.Key(), host, u.DisplayName.String()} {
		all = append(append(all, "|"), domain.Words(field)...)
	}
	return " " + strings.Join(all, " ") + " "
}

func excluded(term domain.SearchTerm, text string) bool {
	return slices.ContainsFunc(term.Excluded(), func(part domain.SearchPart) bool {
		return strings.Contains(text, " "+strings.Join(part.Words, " ")+" ")
	})
}

// described says how well a term describes a user, apart from similar words.
func described(term domain.SearchTerm, u domain.User) domain.Match {
	if key := strings.ToLower(term.String()); u.DeletedAt.IsZero() && (u.Username.Key() == key || u.Email.Key() == key) {
		return domain.MatchExact
	}
	match, words := domain.MatchWords, text(u)
	for _, part := range term.Required() {
		if part.Quoted {
			if !strings.Contains(words, " "+strings.Join(part.Words, " ")+" ") {
				return 0
			}
			continue
		}
		for _, word := range part.Words {
			switch {
			case !strings.Contains(words, " "+word):
				return 0
			case !strings.Contains(words, " "+word+" "):
				match = domain.MatchPrefix
			}
		}
	}
	return match
}

// similar reports whether each word of the term is within so many edits of a word of
// the user, and returns these words.
func similar(term domain.SearchTerm, text string, edits int) (corrections []string, ok bool) {
	words := strings.Fields(text)
	for _, part := range term.Required() {
		if part.Quoted && !strings.Contains(text, " "+strings.Join(part.Words, " ")+" ") {
			return nil, false
		}
		for _, word := range part.Words {
			near := slices.IndexFunc(words, func(w string) bool {
				return w == word || !part.Quoted && (strings.HasPrefix(w, word) || domain.Edits(w, word) <= min(edits, allowed(word)))
			})
			if near < 0 {
				return nil, false
			}
			corrections = append(corrections, words[near])
		}
	}
	return corrections, true
}

// allowed is the most edits for a word.
func allowed(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n < 4 || strings.ContainsAny(word, "0123456789@"):
		return 0
	case n < 8:
		return 1
	}
	return 2
}
