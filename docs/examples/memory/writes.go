package memory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// CreateUser stores the user, or returns a Conflict that names each taken field.
func (s *Users) CreateUser(_ context.Context, in ports.CreateUser) (domain.User, error) {
	return s.once(in.Idempotency, func() (domain.User, error) {
		if s.records[in.User.ID].stored() {
			return domain.User{}, taken("id", in.User.ID)
		}
		return s.put(in.User)
	})
}

// ReplaceUser applies the command and adds one to the version.
func (s *Users) ReplaceUser(_ context.Context, in ports.ReplaceUser) (domain.User, error) {
	return s.once(in.Idempotency, func() (domain.User, error) {
		user, err := s.expectWithin(in.Within, in.ID, in.IfMatch)
		if err != nil {
			return domain.User{}, err
		}
		user.Username, user.Email = cmp.Or(in.Username, user.Username), cmp.Or(in.Email, user.Email)
		user.ExternalID, user.DisplayName = cmp.Or(in.ExternalID, user.ExternalID), cmp.Or(in.DisplayName, user.DisplayName)
		user.Status = cmp.Or(in.Status, user.Status)
		if in.Attributes != nil {
			user.Attributes = *in.Attributes
		}
		return s.advance(user, in.At)
	})
}

// PatchUser applies the command and adds one to the version.
func (s *Users) PatchUser(_ context.Context, in ports.PatchUser) (domain.User, error) {
	return s.once(in.Idempotency, func() (domain.User, error) {
		user, err := s.expectWithin(in.Within, in.ID, in.IfMatch)
		if err != nil {
			return domain.User{}, err
		}
		user.Username, user.Email = cmp.Or(in.Username, user.Username), cmp.Or(in.Email, user.Email)
		user.ExternalID, user.DisplayName = cmp.Or(in.ExternalID, user.ExternalID), cmp.Or(in.DisplayName, user.DisplayName)
		user.Status = cmp.Or(in.Status, user.Status)
		if in.NoExternalID {
			user.ExternalID = domain.ExternalID{}
		}
		if in.NoAttributes {
			user.Attributes = domain.Attributes{}
		}
		if in.Attributes != nil {
			if user.Attributes, err = user.Attributes.Patched(*in.Attributes); err != nil {
				return domain.User{}, err
			}
		}
		return s.advance(user, in.At)
	})
}

// advance stores the next version of the user.
func (s *Users) advance(user domain.User, at time.Time) (domain.User, error) {
	user.UpdatedAt = at
	user.Version++
	return s.put(user)
}

// put stores the user, unless others have some of its names.
func (s *Users) put(user domain.User) (domain.User, error) {
	var faults [3]error // at most one other user has each name
	for id, other := range s.records {
		if id == user.ID || !other.present() {
			continue
		}
		if other.Username.Key() == user.Username.Key() {
			faults[0] = taken("username", user.Username)
		}
		if other.Email.Key() == user.Email.Key() {
			faults[1] = taken("email", user.Email)
		}
		if !user.ExternalID.IsZero() && other.ExternalID == user.ExternalID {
			faults[2] = taken("external_id", user.ExternalID)
		}
	}
	if err := errors.Join(faults[:]...); err != nil {
		return domain.User{}, err
	}
	s.keep(record{User: user})
	return user, nil
}

// keep writes the record as the last change.
func (s *Users) keep(r record) {
	if s.records == nil {
		s.records = map[domain.UserID]record{}
	}
	s.changes++
	r.change, r.written = s.changes, time.Now()
	s.records[r.ID] = r
}

func taken(field string, value fmt.Stringer) error {
	return &domain.Error{
		Kind: domain.Conflict, Reason: domain.ReasonTaken, Field: field,
		Detail: fmt.Sprintf("%q is taken", value), Fix: "choose another",
	}
}
