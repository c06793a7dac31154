package memory

import (
	"maps"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// name is what a key of idempotency is found by.
type name struct{ caller, operation, key string }

// kept is what a command gave.
type kept struct {
	fingerprint [32]byte
	at          time.Time
	user        domain.User
	forgotten   bool // the user was erased since
}

// forget removes what keys tell of a user.
func (s *Users) forget(id domain.UserID) {
	for name, k := range s.keys {
		if k.user.ID == id {
			s.keys[name] = kept{at: k.at, forgotten: true}
		}
	}
}

// once runs do, which gives a user; under a key at most once: a repetition gets
// the user of the first. Only one command is carried out at a time, so none is
// ever under way.
func (s *Users) once(key *ports.Idempotency, do func() (domain.User, error)) (domain.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key == nil {
		return do()
	}
	maps.DeleteFunc(s.keys, func(_ name, k kept) bool { return !key.At.Before(k.at.Add(ports.KeepKeys)) })
	called := name{key.Caller, key.Operation, key.Key}
	if known, ok := s.keys[called]; ok {
		if known.forgotten || known.fingerprint != key.Fingerprint {
			return domain.User{}, &domain.Error{
				Kind: domain.Invalid, Reason: domain.ReasonReused, Field: "Idempotency-Key",
				Detail: "came before, with another request", Fix: "send a new key with a new request",
			}
		}
		return known.user, nil
	}
	user, err := do()
	if err == nil {
		if s.keys == nil {
			s.keys = map[name]kept{}
		}
		s.keys[called] = kept{fingerprint: key.Fingerprint, at: key.At, user: user}
	}
	return user, err
}
