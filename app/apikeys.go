package app

import (
	"context"
	"errors"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// MaxOverlap is how long a key that is replaced may admit beside the new one.
const MaxOverlap = 30 * 24 * time.Hour

// APIKeys is the service for API keys. Everything but Authenticate needs the scope
// admin. A caller that is bound to an organization has only the keys that are
// bound to it.
type APIKeys struct {
	store  ports.APIKeys
	clock  ports.Clock
	ids    ports.IDs
	random ports.Random
	uses   uses
}

// NewAPIKeys makes the service.
func NewAPIKeys(store ports.APIKeys, clock ports.Clock, ids ports.IDs, random ports.Random) *APIKeys {
	return &APIKeys{store: store, clock: clock, ids: ids, random: random}
}

// CreateAPIKey is a new API key.
type CreateAPIKey struct {
	Name   domain.APIKeyName
	Scopes []domain.Scope
	// Organization and Role, unless they are zero, bind the key.
	Organization domain.OrganizationID
	Role         domain.Role
	// ExpiresAt, unless it is zero, is when the key ends.
	ExpiresAt time.Time
}

// Create makes a key, and returns it with its token, which can't be read again. The
// error is Denied, Invalid, or that of ports.APIKeyWriter.
func (s *APIKeys) Create(ctx context.Context, caller domain.Principal, in CreateAPIKey) (domain.APIKey, domain.APIToken, error) {
	now := domain.Instant(s.clock.Now())
	key := domain.APIKey{
		Name: in.Name, Scopes: in.Scopes, Organization: in.Organization, Role: in.Role, ExpiresAt: in.ExpiresAt,
		CreatedAt: now, CreatedBy: caller.Subject,
	}
	if err := errors.Join(caller.RequireAPIKey(&key), key.Check(now)); err != nil {
		return domain.APIKey{}, domain.APIToken{}, err
	}
	token := s.newToken()
	key.ID = token.ID
	return key, token, s.store.CreateAPIKey(by(ctx, caller), ports.StoredAPIKey{Key: key, Hash: token.Hash()})
}

func (s *APIKeys) newToken() domain.APIToken { return domain.NewAPIToken(s.ids.NewID(), s.random.Fill) }

// Get returns a key. The error is Denied or NotFound.
func (s *APIKeys) Get(ctx context.Context, caller domain.Principal, id domain.APIKeyID) (domain.APIKey, error) {
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil {
		return domain.APIKey{}, err
	}
	stored, err := s.store.StoredAPIKey(ctx, id)
	if err == nil && !caller.Sees(stored.Key.Organization) {
		err = domain.Absent("API key", id)
	}
	if err != nil {
		return domain.APIKey{}, err
	}
	return stored.Key, nil
}

// List returns a page of the keys, the newest first. The error is Denied.
func (s *APIKeys) List(ctx context.Context, caller domain.Principal, in ports.ListAPIKeys) (ports.Page[domain.APIKey], error) {
	var visible bool
	in.Organization, visible = caller.Confine(in.Organization)
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil || !visible {
		return ports.Page[domain.APIKey]{}, err
	}
	return s.store.ListAPIKeys(ctx, in)
}

// RotateAPIKey replaces a key.
type RotateAPIKey struct {
	ID domain.APIKeyID
	// Overlap is how long both keys admit, at most MaxOverlap.
	Overlap time.Duration
	// ExpiresAt, unless it is zero, is when the new key ends.
	ExpiresAt time.Time
}

// Rotate makes a new key with the name and the rights of another, which ends after
// the overlap. It returns the new key and its token. The error is Denied, Invalid,
// or that of ports.APIKeyWriter.
func (s *APIKeys) Rotate(ctx context.Context, caller domain.Principal, in RotateAPIKey) (domain.APIKey, domain.APIToken, error) {
	old, err := s.Get(ctx, caller, in.ID)
	if err != nil {
		return domain.APIKey{}, domain.APIToken{}, err
	}
	now := domain.Instant(s.clock.Now())
	token := s.newToken()
	key := domain.APIKey{ID: token.ID, CreatedAt: now, CreatedBy: caller.Subject, ExpiresAt: in.ExpiresAt}
	if err := errors.Join(caller.RequireAPIKey(&old), checkOverlap(in.Overlap), key.Check(now)); err != nil {
		return domain.APIKey{}, domain.APIToken{}, err
	}
	key, err = s.store.RotateAPIKey(by(ctx, caller), ports.RotateAPIKey{
		ID: in.ID, Until: now.Add(in.Overlap), New: ports.StoredAPIKey{Key: key, Hash: token.Hash()},
	})
	return key, token, err
}

func checkOverlap(overlap time.Duration) error {
	if overlap >= 0 && overlap <= MaxOverlap {
		return nil
	}
	return &domain.Error{
		Kind: domain.Invalid, Reason: domain.ReasonRange, Field: "overlap",
		Detail: "is " + overlap.String(), Fix: "send 0 to 2592000 seconds, which are 30 days",
	}
}

// Revoke ends a key at once, on every replica. One that is revoked stays so. The
// error is Denied or NotFound.
func (s *APIKeys) Revoke(ctx context.Context, caller domain.Principal, id domain.APIKeyID) error {
	if _, err := s.Get(ctx, caller, id); err != nil {
		return err
	}
	return s.store.RevokeAPIKey(by(ctx, caller), ports.RevokeAPIKey{ID: id, At: domain.Instant(s.clock.Now()), By: caller.Subject})
}

// Authenticate returns the caller that has the token's key. The error is
// Unauthenticated, and is the same for a key that does not exist and for a wrong
// secret; or Unavailable.
func (s *APIKeys) Authenticate(ctx context.Context, token domain.APIToken) (domain.Principal, error) {
	stored, err := s.store.StoredAPIKey(ctx, token.ID)
	if errors.Is(err, domain.NotFound) || err == nil && !token.Matches(stored.Hash) {
		return domain.Principal{}, domain.UnknownAPIKey(err)
	}
	if err != nil {
		return domain.Principal{}, err
	}
	now := s.clock.Now()
	if err := stored.Key.Usable(now); err != nil {
		return domain.Principal{}, err
	}
	s.uses.note(token.ID, now)
	return stored.Key.Principal(), nil
}

// KeepUses stores the last uses of keys since its last call.
func (s *APIKeys) KeepUses(ctx context.Context) error {
	taken := s.uses.take()
	if len(taken) == 0 {
		return nil
	}
	err := s.store.NoteAPIKeyUses(ctx, taken)
	if err != nil {
		s.uses.giveBack(taken)
	}
	return err
}
