package postgres

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var apiKeysByID = sqlcheck.New(sqlcheck.Def[byIDs, rows.APIKey]{
	Name:  "api_keys.by_ids",
	Build: func(p byIDs) sq.Sqlizer { return selectAPIKeys().Where("k.id = ANY(?)", p.IDs) },
})

type listAPIKeys struct {
	Organization sqlcheck.Opt[[16]byte]
	At           time.Time
	ID           [16]byte
	Limit        int32
}

var apiKeysListed = sqlcheck.New(sqlcheck.Def[listAPIKeys, rows.APIKey]{
	Name: "api_keys.list",
	Build: func(p listAPIKeys) sq.Sqlizer {
		b := selectAPIKeys()
		if p.Organization.Set {
			b = b.Where("k.organization_id = ?", p.Organization.V)
		}
		return b.Where("(k.created_at, k.id) < (?, ?)", p.At, p.ID).
			OrderBy("k.created_at DESC", "k.id DESC").Suffix("LIMIT ?", p.Limit)
	},
})

func selectAPIKeys() sq.SelectBuilder {
	return sq.Select(
		"k.id", "k.name", "k.secret_hash", "k.scopes", "k.organization_id", "k.role", "k.created_at", "k.created_by",
		"k.expires_at", "k.revoked_at", "k.revoked_by", "u.last_used_at",
	).From("roster.api_keys k").LeftJoin("roster.api_key_uses u ON u.key_id = k.id")
}

// APIKeys implements ports.APIKeys.
type APIKeys struct {
	pool *database.Pool
	byID database.Batcher[domain.APIKeyID, domain.APIKeyID, ports.StoredAPIKey]
}

// NewAPIKeys returns the API keys kept in d. It starts a batcher: every request
// with a key reads it, since a key that was revoked must not admit again.
func NewAPIKeys(d *Database) *APIKeys {
	s := &APIKeys{pool: d.pool}
	s.byID = database.Reads(d.pool, database.ManyReads, batch.Work[domain.APIKeyID, domain.APIKeyID, ports.StoredAPIKey]{
		Key: database.Itself[domain.APIKeyID], Run: s.readMany,
	})
	return s
}

// StoredAPIKey implements ports.APIKeyReader.
func (s *APIKeys) StoredAPIKey(ctx context.Context, id domain.APIKeyID) (ports.StoredAPIKey, error) {
	return s.byID.Do(ctx, id)
}

// readMany answers requests for one key each.
func (s *APIKeys) readMany(ctx context.Context, ids []domain.APIKeyID, results []batch.Result[ports.StoredAPIKey]) error {
	found, err := database.All(ctx, s.pool, apiKeysByID, wanted(ids), database.AsIs[rows.APIKey])
	if err != nil {
		return err
	}
	answerEach(ids, results, found, func(row *rows.APIKey) domain.APIKeyID { return row.ID }, rows.APIKey.Stored,
		func(id domain.APIKeyID) error { return domain.Absent("API key", id) })
	return nil
}

// ListAPIKeys implements ports.APIKeyReader.
func (s *APIKeys) ListAPIKeys(ctx context.Context, in ports.ListAPIKeys) (ports.Page[domain.APIKey], error) {
	p := listAPIKeys{
		Organization: within(in.Organization),
		At:           database.Latest, ID: database.LastID, Limit: database.Limit(in.Limit) + 1,
	}
	if in.After != nil {
		p.At, p.ID = in.After.At, in.After.ID
	}
	return database.Page(ctx, s.pool, apiKeysListed, p, rows.APIKey.Value, in.Limit)
}
