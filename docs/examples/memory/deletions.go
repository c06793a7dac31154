package memory

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// DeleteUser deletes the user, whose names are free again.
func (s *Users) DeleteUser(_ context.Context, in ports.DeleteUser) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, err := s.expect(in.ID, in.IfMatch)
	if err != nil {
		return err
	}
	user.DeletedAt, user.UpdatedAt = in.At, in.At
	user.Version++
	s.keep(record{User: user})
	return nil
}

// RestoreUser brings a deleted user back, unless its names are taken.
func (s *Users) RestoreUser(_ context.Context, in ports.RestoreUser) (domain.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, err := s.expectAny(in.ID, in.IfMatch)
	if err != nil || user.DeletedAt.IsZero() {
		return user, err
	}
	user.DeletedAt = time.Time{}
	return s.advance(user, in.At)
}

// EraseUser removes everything about the user except its id and the time.
func (s *Users) EraseUser(_ context.Context, in ports.EraseUser) (ports.Erasure, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.expectAny(in.ID, in.IfMatch); err != nil {
		return ports.Erasure{}, err
	}
	if !s.holds[in.ID].IsZero() {
		return ports.Erasure{}, &domain.Error{
			Kind: domain.Conflict, Reason: domain.ReasonHeld, Detail: "the user is held and must not be erased", Fix: "end the hold first",
		}
	}
	s.forget(in.ID)
	now := domain.Instant(time.Now())
	s.keep(record{User: domain.User{ID: in.ID, UpdatedAt: now, DeletedAt: now}, erased: true})
	if s.erasures == nil {
		s.erasures = map[domain.UserID]ports.Erasure{}
	}
	erasure := ports.Erasure{
		Kind: "user", Subject: in.ID.String(), StartedAt: now, FinishedAt: now, Rows: map[string]int64{"users": 1},
	}
	_, _ = rand.Read(erasure.ID[:]) // it never fails
	s.erasures[in.ID] = erasure
	return s.erasures[in.ID], nil
}

// UserErasure returns the last erasure of a user with the id.
func (s *Users) UserErasure(_ context.Context, id domain.UserID) (ports.Erasure, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	erasure, ok := s.erasures[id]
	if !ok {
		return ports.Erasure{}, domain.Absent("erased user", id)
	}
	return erasure, nil
}

// expect returns the user if it is not deleted and has the version; 0 accepts any.
func (s *Users) expect(id domain.UserID, version domain.Version) (domain.User, error) {
	if !s.records[id].present() {
		return domain.User{}, domain.Absent("user", id)
	}
	return s.expectAny(id, version)
}

// expectAny is expect for a user that may be deleted.
func (s *Users) expectAny(id domain.UserID, version domain.Version) (domain.User, error) {
	user := s.records[id]
	if !user.stored() {
		return domain.User{}, domain.Absent("user", id)
	}
	if version != 0 && version != user.Version {
		return domain.User{}, domain.Outdated("user", user.Version, version)
	}
	return user.User, nil
}

// UserHold returns since when the user is held.
func (s *Users) UserHold(_ context.Context, id domain.UserID) (time.Time, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, err := s.expectAny(id, 0)
	return s.holds[id], err
}

// HoldUser keeps the user from being erased.
func (s *Users) HoldUser(_ context.Context, in ports.HoldUser) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.expectAny(in.ID, 0); err != nil {
		return time.Time{}, err
	}
	if s.holds == nil {
		s.holds = map[domain.UserID]time.Time{}
	}
	if s.holds[in.ID].IsZero() {
		s.holds[in.ID] = in.At
	}
	return s.holds[in.ID], nil
}

// ReleaseUser ends the hold of the user.
func (s *Users) ReleaseUser(_ context.Context, id domain.UserID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.expectAny(id, 0)
	delete(s.holds, id)
	return err
}
