package memory

import (
	"maps"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// keyName identifies an idempotency key.
type keyName struct{ caller, operation, key string }

// result is the kept result of a command.
type result struct {
	fingerprint [32]byte
	at          time.Time
	user        domain.User
	erased      bool // the user was erased since
}

// forget removes the kept results with a user.
func (s *Users) forget(id domain.UserID) {
	for name, k := range s.keys {
		if k.user.ID == id {
			s.keys[name] = result{at: k.at, erased: true}
		}
	}
}

// once runs do, but under each key only once: a repetition returns the first user.
// Commands run one after the other, so a key never belongs to a running command.
func (s *Users) once(key *ports.Idempotency, do func() (domain.User, error)) (domain.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key == nil {
		return do()
	}
	maps.DeleteFunc(s.keys, func(_ keyName, k result) bool { return !key.At.Before(k.at.Add(ports.KeepKeys)) })
	name := keyName{key.Caller, key.Operation, key.Key}
	if known, ok := s.keys[name]; ok {
		if known.erased || known.fingerprint != key.Fingerprint {
			return domain.User{}, &domain.Error{
				Kind: domain.Invalid, Reason: domain.ReasonReused, Field: "Idempotency-Key",
				Detail: "belongs to another request", Fix: "send a new key with a new request",
			}
		}
		return known.user, nil
	}
	user, err := do()
	if err == nil {
		if s.keys == nil {
			s.keys = map[keyName]result{}
		}
		s.keys[name] = result{fingerprint: key.Fingerprint, at: key.At, user: user}
	}
	return user, err
}
