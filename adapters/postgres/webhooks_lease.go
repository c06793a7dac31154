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

type leaseWebhook struct {
	// The end of the log.
	Timeline [16]byte
	Change   string
	Number   int64

	Now, Until time.Time
}

var webhookLease = sqlcheck.New(sqlcheck.Def[leaseWebhook, rows.LeasedWebhook]{
	Name: "webhooks.lease",
	Build: func(p leaseWebhook) sq.Sqlizer {
		due := sq.Select("d.id").From("roster.webhooks d").
			Where("d.disabled_at IS NULL AND d.next_at <= ? AND d.lease_until <= ?", p.Now, p.Now).
			Where("(d.position_timeline <> ? OR (d.position_xid, d.position_number) < (?::text::xid8, ?))",
				any(p.Timeline), p.Change, p.Number).
			OrderBy("d.next_at").Suffix("LIMIT 1 FOR UPDATE SKIP LOCKED")
		return sq.Update("roster.webhooks AS w").Set("lease", sq.Expr("w.lease + 1")).Set("lease_until", p.Until).
			Where(sq.Expr("w.id = (?)", due)).
			Suffix(returning(append(rows.WebhookColumns("w"), "w.secret"))+", "+oldSecret+
				", w.position_timeline, w.position_xid::text AS position_xid, w.position_number,"+
				" w.position_seen::text AS position_seen, w.lease", p.Now)
	},
})

// LeaseWebhook implements ports.WebhookLeases.
func (s *Webhooks) LeaseWebhook(ctx context.Context, in ports.LeaseWebhook) (ports.LeasedWebhook, error) {
	end := positionOf(in.End)
	p := leaseWebhook{end.Timeline, end.Change, end.Number, in.Now, in.Until}
	found, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) ([]rows.LeasedWebhook, error) { return webhookLease.All(ctx, db, p) })
	if err != nil {
		return ports.LeasedWebhook{}, err
	}
	if len(found) == 0 {
		return ports.LeasedWebhook{}, &domain.Error{Kind: domain.NotFound, Reason: domain.ReasonUnknown, Detail: "no webhook is due"}
	}
	return found[0].Leased()
}

type keepWebhookProgress struct {
	ID    [16]byte
	Lease int64
	Until *time.Time
	webhookPosition
	Failures       int64
	FailingSince   *time.Time
	NextAt         *time.Time
	DisabledAt     *time.Time
	DisabledReason *string
}

// A webhook without failures is next again after all others that wait.
var webhookProgress = sqlcheck.New(sqlcheck.Def[keepWebhookProgress, sqlcheck.None]{
	Name: "webhooks.progress",
	Build: func(p keepWebhookProgress) sq.Sqlizer {
		return sq.Update("roster.webhooks AS w").
			Set("lease_until", sq.Expr("coalesce(?::timestamptz, '-infinity')", p.Until)).
			Set("position_timeline", p.Timeline).
			Set("position_xid", sq.Expr("?::text::xid8", p.Change)).
			Set("position_number", p.Number).
			Set("position_seen", sq.Expr("?::text::xid8", p.Seen)).
			Set("failures", p.Failures).
			Set("failing_since", p.FailingSince).
			Set("next_at", sq.Expr("coalesce(?::timestamptz, now())", p.NextAt)).
			Set("disabled_at", p.DisabledAt).
			Set("disabled_reason", p.DisabledReason).
			Where("w.id = ? AND w.lease = ?", p.ID, p.Lease)
	},
})

// KeepWebhookProgress implements ports.WebhookLeases.
func (s *Webhooks) KeepWebhookProgress(ctx context.Context, in ports.WebhookProgress) error {
	w := in.Webhook
	p := keepWebhookProgress{
		ID: w.ID, Lease: in.Lease, Until: rows.NonZero(in.Until), webhookPosition: positionOf(in.After),
		Failures: int64(w.Failures), FailingSince: rows.NonZero(w.FailingSince), NextAt: rows.NonZero(w.NextAt),
		DisabledAt: rows.NonZero(w.DisabledAt), DisabledReason: rows.NonZero(string(w.DisabledReason)),
	}
	n, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return webhookProgress.Exec(ctx, db, p) })
	if err == nil && n == 0 {
		err = &domain.Error{Kind: domain.Conflict, Reason: domain.ReasonVersion, Detail: "the lease of the webhook has ended"}
	}
	return err
}
