package app

import (
	"context"
	"strings"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Search returns the users that a term describes, best first. It needs the scope
// read, or admin where the filter includes deleted users. The error is Denied.
func (s *Users) Search(ctx context.Context, caller domain.Principal, in ports.SearchUsers) (ports.FoundUsers, error) {
	visible, err := confine(caller, &in.Filter)
	if err != nil || !visible {
		return ports.FoundUsers{}, err
	}
	found, err := s.store.SearchUsers(ctx, in)
	if !caller.Within.IsZero() && len(found.Corrections) > 0 {
		found.Corrections = ownWords(found)
	}
	return found, err
}

// ownWords are the corrections that found users have. The others may be words of
// users that a bound caller may not know.
func ownWords(found ports.FoundUsers) []string {
	own := map[string]bool{}
	for _, f := range found.Items {
		local, host, _ := strings.Cut(f.Email.Key(), "@")
		own["@"+host] = true
		for _, text := range []string{f.Username.Key(), local, host, f.DisplayName.String()} {
			for _, word := range domain.Words(text) {
				own[word] = true
			}
		}
	}
	var words []string // callers of the same search share the corrections
	for _, word := range found.Corrections {
		if own[word] {
			words = append(words, word)
		}
	}
	return words
}
