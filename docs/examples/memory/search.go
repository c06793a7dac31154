package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// SearchUsers returns the active users that hold every word of the term; those
// named exactly so come first, then the newest.
func (s *Users) SearchUsers(_ context.Context, in ports.SearchUsers) ([]domain.User, error) {
	wanted := words(in.Term.String())
	found := s.where(func(u domain.User) bool {
		held := words(u.Username.String() + " " + u.Email.String() + " " + u.DisplayName.String())
		missing := func(word string) bool { return !slices.Contains(held, word) }
		return u.DeletedAt.IsZero() && u.Status == domain.Active && len(wanted) > 0 && !slices.ContainsFunc(wanted, missing)
	})
	term := strings.ToLower(in.Term.String())
	other := func(u domain.User) int {
		if u.Username.Key() == term || u.Email.Key() == term {
			return 0
		}
		return 1
	}
	slices.SortFunc(found, func(a, b domain.User) int {
		return cmp.Or(other(a)-other(b), b.CreatedAt.Compare(a.CreatedAt), b.ID.Compare(a.ID))
	})
	return first(in.Limit, found), nil
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
