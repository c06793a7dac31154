package postgres

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type webhookID struct{ ID [16]byte }

var webhookByID = sqlcheck.New(sqlcheck.Def[webhookID, rows.Webhook]{
	Name:  "webhooks.by_id",
	Build: func(p webhookID) sq.Sqlizer { return selectWebhooks().Where("w.id = ?", p.ID) },
})

type listWebhooks struct {
	Organization sqlcheck.Opt[[16]byte]
	At           time.Time
	ID           [16]byte
	Limit        int32
}

var webhooksListed = sqlcheck.New(sqlcheck.Def[listWebhooks, rows.Webhook]{
	Name: "webhooks.list",
	Build: func(p listWebhooks) sq.Sqlizer {
		b := selectWebhooks()
		if p.Organization.Set {
			b = b.Where("w.organization_id = ?", p.Organization.V)
		}
		return b.Where("(w.created_at, w.id) < (?, ?)", p.At, p.ID).
			OrderBy("w.created_at DESC", "w.id DESC").Suffix("LIMIT ?", p.Limit)
	},
})

func selectWebhooks() sq.SelectBuilder {
	return sq.Select(rows.WebhookColumns("w")...).From("roster.webhooks w")
}

type webhookSecretsAt struct {
	ID [16]byte
	At time.Time
}

type webhookSecretsRow struct {
	Secret    []byte  `db:"secret"`
	OldSecret *[]byte `db:"old_secret"`
}

const oldSecret = "CASE WHEN w.old_secret_until > ? THEN w.old_secret END AS old_secret"

var webhookSecrets = sqlcheck.New(sqlcheck.Def[webhookSecretsAt, webhookSecretsRow]{
	Name: "webhooks.secrets",
	Build: func(p webhookSecretsAt) sq.Sqlizer {
		return sq.Select("w.secret").Column(oldSecret, p.At).From("roster.webhooks w").Where("w.id = ?", p.ID)
	},
})

// Webhooks implements ports.Webhooks.
type Webhooks struct{ pool *database.Pool }

// NewWebhooks returns the webhooks kept in d.
func NewWebhooks(d *Database) *Webhooks { return &Webhooks{pool: d.pool} }

// WebhookByID implements ports.WebhookReader.
func (s *Webhooks) WebhookByID(ctx context.Context, id domain.WebhookID) (domain.Webhook, error) {
	return database.One(ctx, s.pool, webhookByID, webhookID{id}, rows.Webhook.Value, "webhook", id)
}

// ListWebhooks implements ports.WebhookReader.
func (s *Webhooks) ListWebhooks(ctx context.Context, in ports.ListWebhooks) (ports.Page[domain.Webhook], error) {
	p := listWebhooks{
		Organization: within(in.Organization),
		At:           database.Latest, ID: database.LastID, Limit: database.Limit(in.Limit) + 1,
	}
	if in.After != nil {
		p.At, p.ID = in.After.At, in.After.ID
	}
	return database.Page(ctx, s.pool, webhooksListed, p, rows.Webhook.Value, in.Limit)
}

// WebhookSecrets implements ports.WebhookReader.
func (s *Webhooks) WebhookSecrets(ctx context.Context, id domain.WebhookID, at time.Time) ([]domain.WebhookSecret, error) {
	return database.One(ctx, s.pool, webhookSecrets, webhookSecretsAt{id, at}, func(r webhookSecretsRow) ([]domain.WebhookSecret, error) {
		return rows.Secrets(r.Secret, r.OldSecret), nil
	}, "webhook", id)
}
