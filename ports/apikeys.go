package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// SecretHash is the SHA-256 of the secret of an API key.
type SecretHash = [32]byte

// StoredAPIKey is an API key with the hash of its secret.
type StoredAPIKey struct {
	Key  domain.APIKey
	Hash SecretHash
}

// APIKeyReader finds API keys, also those that expired or were revoked.
type APIKeyReader interface {
	// StoredAPIKey returns the key as it is now, never as it was before the call,
	// or a NotFound error.
	StoredAPIKey(context.Context, domain.APIKeyID) (StoredAPIKey, error)
	// ListAPIKeys returns keys, the newest first. Its pages have the guarantee of
	// UserLister.ListUsers.
	ListAPIKeys(context.Context, ListAPIKeys) (Page[domain.APIKey], error)
}

// ListAPIKeys asks for a page of API keys.
type ListAPIKeys struct {
	// Organization, unless it is zero, selects the keys that are bound to it.
	Organization domain.OrganizationID
	// After is the position after which the page begins; nil is the beginning.
	After *domain.APIKeyPosition
	// Limit is the most keys of the page.
	Limit domain.PageSize
}

// RotateAPIKey replaces a key by a new one.
type RotateAPIKey struct {
	ID domain.APIKeyID
	// Until is when the replaced key expires, unless it expires earlier.
	Until time.Time
	// New becomes a key with the name, scopes, organization and role of the old one.
	New StoredAPIKey
}

// RevokeAPIKey ends a key.
type RevokeAPIKey struct {
	ID domain.APIKeyID
	At time.Time
	// By is the subject of the principal that revokes it.
	By string
}

// APIKeyWriter changes API keys.
type APIKeyWriter interface {
	// CreateAPIKey stores a key. The error is Invalid (ReasonUnknown) and names
	// "organization" where there is no such organization.
	CreateAPIKey(context.Context, StoredAPIKey) error
	// RotateAPIKey stores a new key in place of one that is neither expired nor
	// revoked, and returns the new one. The error is NotFound, or a Conflict where
	// the old key no longer admits.
	RotateAPIKey(context.Context, RotateAPIKey) (domain.APIKey, error)
	// RevokeAPIKey revokes a key; one that is revoked stays as it is. No call that
	// begins after it returns finds the key usable. The error is NotFound.
	RevokeAPIKey(context.Context, RevokeAPIKey) error
	// NoteAPIKeyUses keeps the last use of each key, unless a later one is kept. A
	// key that does not exist is passed over.
	NoteAPIKeyUses(context.Context, map[domain.APIKeyID]time.Time) error
}

// APIKeys is everything that a store does for API keys.
type APIKeys interface {
	APIKeyReader
	APIKeyWriter
}
