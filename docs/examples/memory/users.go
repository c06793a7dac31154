// Package memory keeps a directory of users in the process's memory: a storage
// of one's own behind Roster's ports, and how little it takes.
package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Users keeps users. Its zero value is empty and ready; it must not be copied.
type Users struct {
	mu      sync.RWMutex
	present map[domain.UserID]domain.User
	deleted map[domain.UserID]bool
}

var _ ports.Users = (*Users)(nil)

// UserByID returns the user, or a NotFound error.
func (s *Users) UserByID(_ context.Context, id domain.UserID) (domain.User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID(id)
}

func (s *Users) byID(id domain.UserID) (domain.User, error) {
	if user, ok := s.present[id]; ok {
		return user, nil
	}
	return domain.User{}, domain.Absent("user", id)
}

// UserByUsername returns the user whose username has the same key, or a NotFound error.
func (s *Users) UserByUsername(_ context.Context, name domain.Username) (domain.User, error) {
	found := s.where(func(u domain.User) bool { return u.Username.Key() == name.Key() })
	if len(found) == 0 {
		return domain.User{}, domain.Absent("user", name)
	}
	return found[0], nil
}

// UserByEmail returns the user whose address has the same key, or a NotFound error.
func (s *Users) UserByEmail(_ context.Context, email domain.Email) (domain.User, error) {
	found := s.where(func(u domain.User) bool { return u.Email.Key() == email.Key() })
	if len(found) == 0 {
		return domain.User{}, domain.Absent("user", email)
	}
	return found[0], nil
}

// UsersByID returns those of the users that exist, each once, in the order of ids.
func (s *Users) UsersByID(_ context.Context, ids []domain.UserID) ([]domain.User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []domain.User
	seen := map[domain.UserID]bool{}
	for _, id := range ids {
		if user, ok := s.present[id]; ok && !seen[id] {
			seen[id] = true
			found = append(found, user)
		}
	}
	return found, nil
}

// ListUsers returns the newest users.
func (s *Users) ListUsers(_ context.Context, in ports.ListUsers) ([]domain.User, error) {
	return first(in.Limit, s.where(func(domain.User) bool { return true })), nil
}

// SearchUsers returns the active users that hold every word of the term; those
// named exactly so come first, then the newest.
func (s *Users) SearchUsers(_ context.Context, in ports.SearchUsers) ([]domain.User, error) {
	wanted := words(in.Term.String())
	found := s.where(func(u domain.User) bool {
		held := words(u.Username.String() + " " + u.Email.String() + " " + u.DisplayName.String())
		missing := func(word string) bool { return !slices.Contains(held, word) }
		return u.Status == domain.Active && len(wanted) > 0 && !slices.ContainsFunc(wanted, missing)
	})
	term := strings.ToLower(in.Term.String())
	other := func(u domain.User) int {
		if u.Username.Key() == term || u.Email.Key() == term {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(found, func(a, b domain.User) int { return other(a) - other(b) })
	return first(in.Limit, found), nil
}

// where returns the users that match, newest first.
func (s *Users) where(match func(domain.User) bool) []domain.User {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []domain.User
	for _, user := range s.present {
		if match(user) {
			found = append(found, user)
		}
	}
	slices.SortFunc(found, func(a, b domain.User) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.ID.Compare(a.ID))
	})
	return found
}

func first(limit domain.PageSize, users []domain.User) []domain.User {
	return users[:min(limit.Int(), len(users))]
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
