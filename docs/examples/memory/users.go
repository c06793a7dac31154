// Package memory keeps a directory of users in the memory of the process. It shows
// how to put a storage of your own behind Roster's ports.
package memory

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Users keeps users. Its zero value is empty and ready; it must not be copied.
type Users struct {
	mu      sync.RWMutex
	records map[domain.UserID]record
	changes uint64 // the number of the last change
	keys    map[keyName]result
	// erasures are the last ones by user; they are finished at once.
	erasures map[domain.UserID]ports.Erasure
	holds    map[domain.UserID]time.Time // since when users are held
}

// record is a user, or the tombstone of an erased one.
type record struct {
	domain.User
	erased  bool
	change  uint64 // the number of its last change
	written time.Time
}

// present reports whether the user exists and is not deleted.
func (r record) present() bool { return r.stored() && r.DeletedAt.IsZero() }

// stored reports whether the user exists, deleted or not.
func (r record) stored() bool { return r.change > 0 && !r.erased }

var _ ports.Users = (*Users)(nil)

// UserByID returns the user, or a NotFound error.
func (s *Users) UserByID(_ context.Context, id domain.UserID) (domain.User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.expect(id, 0)
}

// AnyUserByID returns the user, deleted or not, or a NotFound error.
func (s *Users) AnyUserByID(_ context.Context, id domain.UserID) (domain.User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.expectAny(id, 0)
}

// UserByUsername returns the user whose username has the same key, or a NotFound error.
func (s *Users) UserByUsername(_ context.Context, name domain.Username) (domain.User, error) {
	return s.only(name, func(u domain.User) bool { return u.Username.Key() == name.Key() })
}

// UserByEmail returns the user whose address has the same key, or a NotFound error.
func (s *Users) UserByEmail(_ context.Context, email domain.Email) (domain.User, error) {
	return s.only(email, func(u domain.User) bool { return u.Email.Key() == email.Key() })
}

// UserByExternalID returns the user, or a NotFound error.
func (s *Users) UserByExternalID(_ context.Context, id domain.ExternalID) (domain.User, error) {
	return s.only(id, func(u domain.User) bool { return u.ExternalID == id })
}

// UsersByID returns the users that exist, each once, in the order of ids.
func (s *Users) UsersByID(_ context.Context, ids []domain.UserID) ([]domain.User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []domain.User
	seen := map[domain.UserID]bool{}
	for _, id := range ids {
		if user := s.records[id]; user.present() && !seen[id] {
			seen[id] = true
			found = append(found, user.User)
		}
	}
	return found, nil
}

// where returns the users that match, deleted ones included, in no order.
func (s *Users) where(match func(domain.User) bool) []domain.User {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []domain.User
	for _, each := range s.records {
		if each.stored() && match(each.User) {
			found = append(found, each.User)
		}
	}
	return found
}

// only returns the user that matches and is not deleted. The error names it.
func (s *Users) only(name fmt.Stringer, match func(domain.User) bool) (domain.User, error) {
	found := s.where(func(u domain.User) bool { return u.DeletedAt.IsZero() && match(u) })
	if len(found) == 0 {
		return domain.User{}, domain.Absent("user", name)
	}
	return found[0], nil
}
