package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// WebhookReader finds webhooks.
type WebhookReader interface {
	// WebhookByID returns a webhook, or a NotFound error.
	WebhookByID(context.Context, domain.WebhookID) (domain.Webhook, error)
	// ListWebhooks returns webhooks, the newest first. Its pages have the guarantee of
	// UserLister.ListUsers.
	ListWebhooks(context.Context, ListWebhooks) (Page[domain.Webhook], error)
	// WebhookSecrets returns the secrets by which a webhook signs at a time, the newest
	// first, or a NotFound error.
	WebhookSecrets(context.Context, domain.WebhookID, time.Time) ([]domain.WebhookSecret, error)
}

// ListWebhooks asks for a page of webhooks.
type ListWebhooks struct {
	// Organization, unless it is zero, selects the webhooks that are limited to it.
	Organization domain.OrganizationID
	// After is the position after which the page begins; nil is the beginning.
	After *domain.WebhookPosition
	// Limit is the most webhooks of the page.
	Limit domain.PageSize
}

// CreateWebhook stores a webhook.
type CreateWebhook struct {
	Webhook domain.Webhook
	Secret  domain.WebhookSecret
	// After is the position in the log after which entries are posted.
	After LogPosition
}

// ChangeWebhook changes what is not nil.
type ChangeWebhook struct {
	ID    domain.WebhookID
	URL   *domain.WebhookURL
	Kinds *[]domain.LogKind
	// Enable begins attempts again, at once.
	Enable bool
	// After is a new position in the log after which entries are posted.
	After *LogPosition
}

// RotateWebhookSecret gives a webhook another secret.
type RotateWebhookSecret struct {
	ID     domain.WebhookID
	Secret domain.WebhookSecret
	// Until is how long the old secret signs, too. Older ones end at once.
	Until time.Time
}

// WebhookWriter changes webhooks.
type WebhookWriter interface {
	// CreateWebhook stores a webhook. The error is Invalid (ReasonUnknown) and names
	// "organization" where there is no such organization.
	CreateWebhook(context.Context, CreateWebhook) error
	// ChangeWebhook changes a webhook and returns it. A delivery that is under way with
	// the old values does not undo the change. The error is NotFound.
	ChangeWebhook(context.Context, ChangeWebhook) (domain.Webhook, error)
	// RotateWebhookSecret changes the secret. The error is NotFound.
	RotateWebhookSecret(context.Context, RotateWebhookSecret) error
	// DeleteWebhook removes a webhook. The error is NotFound.
	DeleteWebhook(context.Context, domain.WebhookID) error
}

// LeaseWebhook asks for a webhook that has something to do.
type LeaseWebhook struct {
	// End is the end of the log: a webhook that is there has nothing to do.
	End LogPosition
	// Now is the present, and Until when another caller may lease the webhook.
	Now, Until time.Time
}

// LeasedWebhook is a webhook that is lent to one caller.
type LeasedWebhook struct {
	Webhook domain.Webhook
	Secrets []domain.WebhookSecret
	// After is the position of the last entry that needs no delivery any more.
	After LogPosition
	// Lease is a number that belongs to this lease.
	Lease int64
}

// WebhookProgress is how far a webhook has come.
type WebhookProgress struct {
	// Webhook has the fields that attempts change: from Failures on.
	Webhook domain.Webhook
	After   LogPosition
	Lease   int64
	// Until is when another caller may lease the webhook; the zero time is at once.
	Until time.Time
}

// WebhookLeases lends webhooks to those that deliver.
type WebhookLeases interface {
	// LeaseWebhook lends a webhook that is enabled, due, behind the end of the log and
	// lent to nobody: the one that has waited longest. The error is NotFound where there
	// is none.
	LeaseWebhook(context.Context, LeaseWebhook) (LeasedWebhook, error)
	// KeepWebhookProgress stores the progress. The error is a Conflict where the lease has
	// ended, or the webhook was changed or deleted meanwhile: then nothing is stored.
	KeepWebhookProgress(context.Context, WebhookProgress) error
}

// Webhooks is everything that a store does for webhooks.
type Webhooks interface {
	WebhookReader
	WebhookWriter
	WebhookLeases
}

// WebhookMessage is what is posted to a webhook.
type WebhookMessage struct {
	URL domain.WebhookURL
	// At is when it is sent.
	At      time.Time
	Secrets []domain.WebhookSecret
	Entry   domain.LogEntry
}

// WebhookOutcome is what became of a message.
type WebhookOutcome struct {
	// Status is that of the response; 0 where there was none.
	Status int
	// RetryAfter is the pause that the receiver asks for; 0 where it asks for none.
	RetryAfter time.Duration
	// Problem says why there was no response, in words for the operator of the webhook.
	Problem string
}

// Delivered reports whether the receiver has accepted the message.
func (o WebhookOutcome) Delivered() bool { return o.Status >= 200 && o.Status < 300 }

// WebhookSender posts messages.
type WebhookSender interface {
	// CheckWebhookURL returns an Invalid error that names "url" for a URL to which
	// SendWebhook would send nothing, as far as its text tells.
	CheckWebhookURL(domain.WebhookURL) error
	// SendWebhook posts a message, and returns in bounded time.
	SendWebhook(context.Context, WebhookMessage) WebhookOutcome
}
