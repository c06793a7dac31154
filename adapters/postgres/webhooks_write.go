package postgres

import (
	"context"
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// webhookPosition is a position in the log as the columns of a webhook.
type webhookPosition struct {
	Timeline [16]byte
	Change   string
	Number   int64
	Seen     string
}

func positionOf(p ports.LogPosition) webhookPosition {
	return webhookPosition{p.Timeline, strconv.FormatUint(p.Change, 10), p.Number, strconv.FormatUint(p.Seen, 10)}
}

type insertWebhook struct {
	ID           [16]byte
	URL          string
	Kinds        []string
	Organization *[16]byte
	Secret       []byte
	CreatedAt    time.Time
	CreatedBy    string
	webhookPosition
}

var webhookInsert = sqlcheck.New(sqlcheck.Def[insertWebhook, sqlcheck.None]{
	Name: "webhooks.insert",
	Build: func(p insertWebhook) sq.Sqlizer {
		return sq.Insert("roster.webhooks").
			Columns("id", "url", "kinds", "organization_id", "secret", "created_at", "created_by",
				"position_timeline", "position_xid", "position_number", "position_seen").
			Values(p.ID, p.URL, p.Kinds, p.Organization, p.Secret, p.CreatedAt, p.CreatedBy,
				p.Timeline, sq.Expr("?::text::xid8", p.Change), p.Number, sq.Expr("?::text::xid8", p.Seen))
	},
})

// CreateWebhook implements ports.WebhookWriter.
func (s *Webhooks) CreateWebhook(ctx context.Context, in ports.CreateWebhook) error {
	w := in.Webhook
	p := insertWebhook{
		ID: w.ID, URL: w.URL.String(), Kinds: kindNames(w.Kinds), Organization: rows.NonZero([16]byte(w.Organization)),
		Secret: in.Secret.Bytes(), CreatedAt: w.CreatedAt, CreatedBy: w.CreatedBy, webhookPosition: positionOf(in.After),
	}
	_, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return webhookInsert.Exec(ctx, db, p) })
	return err
}

func kindNames(kinds []domain.LogKind) []string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = string(kind)
	}
	return names
}

type changeWebhook struct {
	ID     [16]byte
	URL    *string
	Kinds  sqlcheck.Opt[[]string]
	Enable bool
	Moves  bool // to the position
	webhookPosition
}

// A change ends the lease, so that a delivery under way does not undo it.
var webhookChange = sqlcheck.New(sqlcheck.Def[changeWebhook, rows.Webhook]{
	Name:  "webhooks.change",
	Enums: map[string][]string{"Enable": {"false", "true"}, "Moves": {"false", "true"}},
	Build: func(p changeWebhook) sq.Sqlizer {
		b := endedLease().Set("url", sq.Expr("coalesce(?, w.url)", p.URL))
		if p.Kinds.Set {
			b = b.Set("kinds", p.Kinds.V)
		}
		if p.Enable {
			b = b.Set("failures", sq.Expr("0")).Set("failing_since", sq.Expr("NULL")).Set("next_at", sq.Expr("now()")).
				Set("disabled_at", sq.Expr("NULL")).Set("disabled_reason", sq.Expr("NULL"))
		}
		if p.Moves {
			b = b.Set("position_timeline", p.Timeline).
				Set("position_xid", sq.Expr("?::text::xid8", p.Change)).
				Set("position_number", p.Number).
				Set("position_seen", sq.Expr("?::text::xid8", p.Seen))
		}
		return b.Where("w.id = ?", p.ID).Suffix(returning(rows.WebhookColumns("w")))
	},
})

func endedLease() sq.UpdateBuilder {
	return sq.Update("roster.webhooks AS w").Set("lease", sq.Expr("w.lease + 1")).Set("lease_until", sq.Expr("'-infinity'"))
}

// ChangeWebhook implements ports.WebhookWriter.
func (s *Webhooks) ChangeWebhook(ctx context.Context, in ports.ChangeWebhook) (domain.Webhook, error) {
	p := changeWebhook{ID: in.ID, Enable: in.Enable}
	if in.URL != nil {
		p.URL = new(in.URL.String())
	}
	if in.Kinds != nil {
		p.Kinds = sqlcheck.Opt[[]string]{V: kindNames(*in.Kinds), Set: true}
	}
	if in.After != nil {
		p.Moves, p.webhookPosition = true, positionOf(*in.After)
	}
	row, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (rows.Webhook, error) { return webhookChange.One(ctx, db, p) })
	if err != nil {
		return domain.Webhook{}, database.Absent(err, "webhook", in.ID)
	}
	return row.Value()
}

type rotateWebhook struct {
	ID     [16]byte
	Secret []byte
	Until  time.Time
}

var webhookRotate = sqlcheck.New(sqlcheck.Def[rotateWebhook, sqlcheck.None]{
	Name: "webhooks.rotate",
	Build: func(p rotateWebhook) sq.Sqlizer {
		return endedLease().Set("old_secret", sq.Expr("w.secret")).Set("old_secret_until", p.Until).Set("secret", p.Secret).
			Where("w.id = ?", p.ID)
	},
})

// RotateWebhookSecret implements ports.WebhookWriter.
func (s *Webhooks) RotateWebhookSecret(ctx context.Context, in ports.RotateWebhookSecret) error {
	p := rotateWebhook{in.ID, in.Secret.Bytes(), in.Until}
	return s.one(in.ID)(database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return webhookRotate.Exec(ctx, db, p) }))
}

var webhookDelete = sqlcheck.New(sqlcheck.Def[webhookID, sqlcheck.None]{
	Name:  "webhooks.delete",
	Build: func(p webhookID) sq.Sqlizer { return sq.Delete("roster.webhooks AS w").Where("w.id = ?", p.ID) },
})

// DeleteWebhook implements ports.WebhookWriter.
func (s *Webhooks) DeleteWebhook(ctx context.Context, id domain.WebhookID) error {
	p := webhookID{id}
	return s.one(id)(database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return webhookDelete.Exec(ctx, db, p) }))
}

// one is the error of a statement that has to find a webhook.
func (*Webhooks) one(id domain.WebhookID) func(int64, error) error {
	return func(found int64, err error) error {
		if err == nil && found == 0 {
			err = domain.Absent("webhook", id)
		}
		return err
	}
}
