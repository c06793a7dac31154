package memory

import (
	"context"
	"fmt"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// CreateUser stores the user, or returns a Conflict that names the field taken.
func (s *Users) CreateUser(_ context.Context, user domain.User) (domain.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.present[user.ID]; ok || s.deleted[user.ID] {
		return domain.User{}, taken("id", user.ID)
	}
	return s.put(user)
}

// ReplaceUser applies the command and adds one to the version.
func (s *Users) ReplaceUser(_ context.Context, in ports.ReplaceUser) (domain.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, err := s.expect(in.ID, in.IfMatch)
	if err != nil {
		return domain.User{}, err
	}
	user.Username, user.Email, user.UpdatedAt = in.Username, in.Email, in.At
	user.Version++
	if !in.ExternalID.IsZero() {
		user.ExternalID = in.ExternalID
	}
	if !in.DisplayName.IsZero() {
		user.DisplayName = in.DisplayName
	}
	if in.Attributes != nil {
		user.Attributes = *in.Attributes
	}
	if in.Status != "" {
		user.Status = in.Status
	}
	return s.put(user)
}

// DeleteUser takes the user out; its names are free again.
func (s *Users) DeleteUser(_ context.Context, in ports.DeleteUser) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.expect(in.ID, in.IfMatch); err != nil {
		return err
	}
	delete(s.present, in.ID)
	if s.deleted == nil {
		s.deleted = map[domain.UserID]bool{}
	}
	s.deleted[in.ID] = true
	return nil
}

// expect returns the user if it is at the version, 0 being any.
func (s *Users) expect(id domain.UserID, version domain.Version) (domain.User, error) {
	user, err := s.byID(id)
	if err != nil {
		return domain.User{}, err
	}
	if version != 0 && version != user.Version {
		return domain.User{}, &domain.Error{
			Kind: domain.Stale, Reason: domain.ReasonVersion,
			Detail: fmt.Sprintf("user %s is at version %d, not %d", id, user.Version, version),
			Fix:    "read it again and repeat the change",
		}
	}
	return user, nil
}

// put stores the user unless another one bears a name of its.
func (s *Users) put(user domain.User) (domain.User, error) {
	for id, other := range s.present {
		switch {
		case id == user.ID:
		case other.Username.Key() == user.Username.Key():
			return domain.User{}, taken("username", user.Username)
		case other.Email.Key() == user.Email.Key():
			return domain.User{}, taken("email", user.Email)
		case !user.ExternalID.IsZero() && other.ExternalID == user.ExternalID:
			return domain.User{}, taken("external_id", user.ExternalID)
		}
	}
	if s.present == nil {
		s.present = map[domain.UserID]domain.User{}
	}
	s.present[user.ID] = user
	return user, nil
}

func taken(field string, value fmt.Stringer) error {
	return &domain.Error{
		Kind: domain.Conflict, Reason: domain.ReasonTaken, Field: field,
		Detail: fmt.Sprintf("%q is taken", value), Fix: "choose another",
	}
}
