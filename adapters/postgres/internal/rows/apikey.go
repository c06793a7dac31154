package rows

import (
	"fmt"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// APIKey is a row of roster.api_keys with the last use of the key.
type APIKey struct {
	ID           [16]byte   `db:"id"`
	Name         string     `db:"name"`
	SecretHash   []byte     `db:"secret_hash"`
	Scopes       []string   `db:"scopes"`
	Organization *[16]byte  `db:"organization_id"`
	Role         *string    `db:"role"`
	CreatedAt    time.Time  `db:"created_at"`
	CreatedBy    string     `db:"created_by"`
	ExpiresAt    *time.Time `db:"expires_at"`
	RevokedAt    *time.Time `db:"revoked_at"`
	RevokedBy    *string    `db:"revoked_by"`
	LastUsedAt   *time.Time `db:"last_used_at"`
}

// Value converts the row.
func (r APIKey) Value() (domain.APIKey, error) {
	c := Conversion{Table: "api_keys", ID: domain.APIKeyID(r.ID).String()}
	key := domain.APIKey{
		ID:           r.ID,
		Name:         Parse(&c, "name", r.Name, domain.ParseAPIKeyName),
		Scopes:       Parse(&c, "scopes", r.Scopes, domain.ParseScopes),
		Organization: OrZero(r.Organization),
		CreatedAt:    r.CreatedAt.UTC(),
		CreatedBy:    r.CreatedBy,
		ExpiresAt:    OrZero(r.ExpiresAt).UTC(),
		RevokedAt:    OrZero(r.RevokedAt).UTC(),
		RevokedBy:    OrZero(r.RevokedBy),
		LastUsedAt:   OrZero(r.LastUsedAt).UTC(),
	}
	if r.Role != nil {
		key.Role = Parse(&c, "role", *r.Role, domain.ParseRole)
	}
	return key, c.Err()
}

// Stored converts the row, with the hash of the secret.
func (r APIKey) Stored() (ports.StoredAPIKey, error) {
	key, err := r.Value()
	if err == nil && len(r.SecretHash) != len(ports.SecretHash{}) {
		err = fmt.Errorf("roster.api_keys holds a row, %s, whose secret_hash has %d bytes", key.ID, len(r.SecretHash))
	}
	if err != nil {
		return ports.StoredAPIKey{}, err
	}
	return ports.StoredAPIKey{Key: key, Hash: ports.SecretHash(r.SecretHash)}, nil
}
