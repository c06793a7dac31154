package postgres

import (
	"context"
	"slices"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type insertAPIKey struct {
	ID           [16]byte
	Name         string
	SecretHash   []byte
	Scopes       []string
	Organization *[16]byte
	Role         *string
	CreatedAt    time.Time
	CreatedBy    string
	ExpiresAt    *time.Time
}

var apiKeyInsert = sqlcheck.New(sqlcheck.Def[insertAPIKey, sqlcheck.None]{
	Name: "api_keys.insert",
	Build: func(p insertAPIKey) sq.Sqlizer {
		return sq.Insert("roster.api_keys").
			Columns("id", "name", "secret_hash", "scopes", "organization_id", "role", "created_at", "created_by", "expires_at").
			Values(p.ID, p.Name, p.SecretHash, p.Scopes, p.Organization, p.Role, p.CreatedAt, p.CreatedBy, p.ExpiresAt)
	},
})

// CreateAPIKey implements ports.APIKeyWriter.
func (s *APIKeys) CreateAPIKey(ctx context.Context, in ports.StoredAPIKey) error {
	p := insertAPIKey{
		ID: in.Key.ID, Name: in.Key.Name.String(), SecretHash: in.Hash[:], Scopes: domain.ScopeNames(in.Key.Scopes),
		Organization: rows.NonZero([16]byte(in.Key.Organization)), Role: rows.NonZero(string(in.Key.Role)),
		CreatedAt: in.Key.CreatedAt, CreatedBy: in.Key.CreatedBy, ExpiresAt: rows.NonZero(in.Key.ExpiresAt),
	}
	_, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return apiKeyInsert.Exec(ctx, db, p) })
	if database.Constraint(err) == "api_keys_organization_id_fkey" {
		return &domain.Error{
			Kind: domain.Invalid, Reason: domain.ReasonUnknown, Field: "organization",
			Detail: "there is no such organization", Fix: "send the id of an organization", Err: err,
		}
	}
	return err
}

type rotateAPIKey struct {
	ID         [16]byte
	Until      time.Time
	NewID      [16]byte
	SecretHash []byte
	Now        time.Time
	By         string
	ExpiresAt  *time.Time
}

// apiKeyRotate reads the old row as it was before the statement.
var apiKeyRotate = sqlcheck.New(sqlcheck.Def[rotateAPIKey, rows.APIKey]{
	Name: "api_keys.rotate",
	Build: func(p rotateAPIKey) sq.Sqlizer {
		ended := sq.Update("roster.api_keys AS k").Set("expires_at", sq.Expr("least(k.expires_at, ?)", p.Until)).
			Where("k.id = ?", p.ID).Where("k.revoked_at IS NULL").Where("coalesce(k.expires_at, 'infinity') > ?", p.Now).
			Suffix("RETURNING k.name, k.scopes, k.organization_id, k.role")
		return sq.Insert("roster.api_keys").PrefixExpr(sq.Expr("WITH ended AS (?)", ended)).
			Columns("id", "name", "secret_hash", "scopes", "organization_id", "role", "created_at", "created_by", "expires_at").
			Select(sq.Select().
				Column("?", p.NewID).Column("e.name").Column("?", p.SecretHash).Column("e.scopes").Column("e.organization_id").
				Column("e.role").Column("?", p.Now).Column("?", p.By).Column("?", p.ExpiresAt).From("ended e")).
			Suffix("RETURNING id, name, secret_hash, scopes, organization_id, role, created_at, created_by, expires_at," +
				" revoked_at, revoked_by, NULL::timestamptz AS last_used_at")
	},
})

// RotateAPIKey implements ports.APIKeyWriter.
func (s *APIKeys) RotateAPIKey(ctx context.Context, in ports.RotateAPIKey) (domain.APIKey, error) {
	p := rotateAPIKey{
		ID: in.ID, Until: in.Until, NewID: in.New.Key.ID, SecretHash: in.New.Hash[:], Now: in.New.Key.CreatedAt,
		By: in.New.Key.CreatedBy, ExpiresAt: rows.NonZero(in.New.Key.ExpiresAt),
	}
	made, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) ([]rows.APIKey, error) { return apiKeyRotate.All(ctx, db, p) })
	if err != nil {
		return domain.APIKey{}, err
	}
	if len(made) == 1 {
		return made[0].Value()
	}
	if _, err := s.StoredAPIKey(ctx, in.ID); err != nil {
		return domain.APIKey{}, err
	}
	return domain.APIKey{}, &domain.Error{
		Kind: domain.Conflict, Reason: domain.ReasonVersion, Detail: "the API key was revoked or has expired", Fix: "make a new key",
	}
}

type revokeAPIKey struct {
	ID [16]byte
	At time.Time
	By string
}

var apiKeyRevoke = sqlcheck.New(sqlcheck.Def[revokeAPIKey, sqlcheck.None]{
	Name: "api_keys.revoke",
	Build: func(p revokeAPIKey) sq.Sqlizer {
		return sq.Update("roster.api_keys AS k").Set("revoked_at", p.At).Set("revoked_by", p.By).
			Where("k.id = ?", p.ID).Where("k.revoked_at IS NULL")
	},
})

// RevokeAPIKey implements ports.APIKeyWriter.
func (s *APIKeys) RevokeAPIKey(ctx context.Context, in ports.RevokeAPIKey) error {
	p := revokeAPIKey{in.ID, in.At, in.By}
	n, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return apiKeyRevoke.Exec(ctx, db, p) })
	if err == nil && n == 0 {
		_, err = s.StoredAPIKey(ctx, in.ID) // revoked before, or absent
	}
	return err
}

type noteAPIKeyUses struct {
	IDs [][16]byte
	At  []time.Time
}

// Keys are locked in order, so that two replicas don't wait for each other.
var apiKeyUses = sqlcheck.New(sqlcheck.Def[noteAPIKeyUses, sqlcheck.None]{
	Name: "api_keys.note_uses",
	Build: func(p noteAPIKeyUses) sq.Sqlizer {
		return sq.Expr(`INSERT INTO roster.api_key_uses AS u (key_id, last_used_at)
				SELECT k.id, n.at FROM unnest(?::uuid[], ?::timestamptz[]) AS n (id, at)
				JOIN roster.api_keys k ON k.id = n.id ORDER BY k.id
				ON CONFLICT (key_id) DO UPDATE SET last_used_at = greatest(u.last_used_at, EXCLUDED.last_used_at)`, p.IDs, p.At)
	},
})

// NoteAPIKeyUses implements ports.APIKeyWriter.
func (s *APIKeys) NoteAPIKeyUses(ctx context.Context, uses map[domain.APIKeyID]time.Time) error {
	var p noteAPIKeyUses
	for id := range uses {
		p.IDs = append(p.IDs, id)
	}
	slices.SortFunc(p.IDs, func(a, b [16]byte) int { return domain.APIKeyID(a).Compare(b) })
	for _, id := range p.IDs {
		p.At = append(p.At, uses[id])
	}
	_, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return apiKeyUses.Exec(ctx, db, p) })
	return err
}
