package rows

import (
	"strconv"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Webhook is a row of roster.webhooks without its secrets and its position.
type Webhook struct {
	ID             [16]byte   `db:"id"`
	URL            string     `db:"url"`
	Kinds          []string   `db:"kinds"`
	Organization   *[16]byte  `db:"organization_id"`
	CreatedAt      time.Time  `db:"created_at"`
	CreatedBy      string     `db:"created_by"`
	Failures       int64      `db:"failures"`
	FailingSince   *time.Time `db:"failing_since"`
	NextAt         *time.Time `db:"next_at"`
	DisabledAt     *time.Time `db:"disabled_at"`
	DisabledReason *string    `db:"disabled_reason"`
}

// WebhookColumns are the columns of Webhook, in a table with a name.
func WebhookColumns(table string) []string {
	return append(Qualified(table, "id", "url", "kinds", "organization_id", "created_at", "created_by", "failures", "failing_since"),
		"CASE WHEN "+table+".failures > 0 THEN "+table+".next_at END AS next_at", table+".disabled_at", table+".disabled_reason")
}

// Value converts the row.
func (r Webhook) Value() (domain.Webhook, error) {
	c := Conversion{Table: "webhooks", ID: domain.WebhookID(r.ID).String()}
	return domain.Webhook{
		ID:             r.ID,
		URL:            Parse(&c, "url", r.URL, domain.ParseWebhookURL),
		Kinds:          Parse(&c, "kinds", r.Kinds, domain.ParseWebhookKinds),
		Organization:   OrZero(r.Organization),
		CreatedAt:      r.CreatedAt.UTC(),
		CreatedBy:      r.CreatedBy,
		Failures:       int(r.Failures),
		FailingSince:   OrZero(r.FailingSince).UTC(),
		NextAt:         OrZero(r.NextAt).UTC(),
		DisabledAt:     OrZero(r.DisabledAt).UTC(),
		DisabledReason: domain.WebhookEnd(OrZero(r.DisabledReason)),
	}, c.Err()
}

// LeasedWebhook is a row of roster.webhooks that was leased.
type LeasedWebhook struct {
	Webhook
	Secret    []byte   `db:"secret"`
	OldSecret *[]byte  `db:"old_secret"`
	Timeline  [16]byte `db:"position_timeline"`
	Change    string   `db:"position_xid"`
	Number    int64    `db:"position_number"`
	Seen      string   `db:"position_seen"`
	Lease     int64    `db:"lease"`
}

// Leased converts the row.
func (r LeasedWebhook) Leased() (ports.LeasedWebhook, error) {
	webhook, err := r.Value()
	if err != nil {
		return ports.LeasedWebhook{}, err
	}
	c := Conversion{Table: "webhooks", ID: webhook.ID.String()}
	number := func(text string) (uint64, error) { return strconv.ParseUint(text, 10, 64) }
	return ports.LeasedWebhook{
		Webhook: webhook, Secrets: Secrets(r.Secret, r.OldSecret), Lease: r.Lease,
		After: ports.LogPosition{
			Timeline: r.Timeline, Number: r.Number,
			Change: Parse(&c, "position_xid", r.Change, number), Seen: Parse(&c, "position_seen", r.Seen, number),
		},
	}, c.Err()
}

// Secrets are the secrets of a webhook, the newest first.
func Secrets(secret []byte, old *[]byte) []domain.WebhookSecret {
	secrets := []domain.WebhookSecret{domain.WebhookSecretOf(secret)}
	if old != nil {
		secrets = append(secrets, domain.WebhookSecretOf(*old))
	}
	return secrets
}
