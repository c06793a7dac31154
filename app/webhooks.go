package app

import (
	"context"
	"errors"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// DefaultSecretOverlap is how long the old secret of a webhook signs beside the new one,
// unless the caller says otherwise.
const DefaultSecretOverlap = 24 * time.Hour

// Webhooks is the service for webhooks. It needs the scope admin. A caller that is bound to
// an organization has only the webhooks that are limited to it.
type Webhooks struct {
	store  ports.Webhooks
	log    ports.LogFollower
	sender ports.WebhookSender
	clock  ports.Clock
	ids    ports.IDs
	random ports.Random
}

// NewWebhooks makes the service.
func NewWebhooks(
	store ports.Webhooks, log ports.LogFollower, sender ports.WebhookSender, clock ports.Clock, ids ports.IDs, random ports.Random,
) *Webhooks {
	return &Webhooks{store, log, sender, clock, ids, random}
}

// CreateWebhook is a new webhook.
type CreateWebhook struct {
	URL   domain.WebhookURL
	Kinds []domain.LogKind
	// Organization, unless it is zero, limits the webhook to its entries. A caller that is
	// bound to an organization makes only webhooks that are limited to it.
	Organization domain.OrganizationID
}

// Create makes a webhook for entries after the call, and returns it with its secret, which
// can't be read again. The error is Denied, Invalid, or that of ports.WebhookWriter.
func (s *Webhooks) Create(ctx context.Context, caller domain.Principal, in CreateWebhook) (domain.Webhook, domain.WebhookSecret, error) {
	none := domain.WebhookSecret{}
	organization, visible := caller.Confine(in.Organization)
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil {
		return domain.Webhook{}, none, err
	}
	if !visible {
		return domain.Webhook{}, none, caller.RequireSight(in.Organization)
	}
	if err := s.sender.CheckWebhookURL(in.URL); err != nil {
		return domain.Webhook{}, none, err
	}
	end, err := s.log.LogEnd(ctx)
	if err != nil {
		return domain.Webhook{}, none, err
	}
	webhook := domain.Webhook{
		ID: s.ids.NewID(), URL: in.URL, Kinds: in.Kinds, Organization: organization,
		CreatedAt: domain.Instant(s.clock.Now()), CreatedBy: caller.Subject,
	}
	secret := domain.NewWebhookSecret(s.random.Fill)
	return webhook, secret, s.store.CreateWebhook(by(ctx, caller), ports.CreateWebhook{Webhook: webhook, Secret: secret, After: end})
}

// Get returns a webhook. The error is Denied or NotFound.
func (s *Webhooks) Get(ctx context.Context, caller domain.Principal, id domain.WebhookID) (domain.Webhook, error) {
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil {
		return domain.Webhook{}, err
	}
	webhook, err := s.store.WebhookByID(ctx, id)
	if err == nil && !caller.Sees(webhook.Organization) {
		return domain.Webhook{}, domain.Absent("webhook", id)
	}
	return webhook, err
}

// List returns a page of the webhooks, the newest first. The error is Denied.
func (s *Webhooks) List(ctx context.Context, caller domain.Principal, in ports.ListWebhooks) (ports.Page[domain.Webhook], error) {
	var visible bool
	in.Organization, visible = caller.Confine(in.Organization)
	if err := caller.RequireWithin(domain.ScopeAdmin); err != nil || !visible {
		return ports.Page[domain.Webhook]{}, err
	}
	return s.store.ListWebhooks(ctx, in)
}

// ChangeWebhook changes what is not nil.
type ChangeWebhook struct {
	ID    domain.WebhookID
	URL   *domain.WebhookURL
	Kinds *[]domain.LogKind
}

// Change changes a webhook. The error is Denied, Invalid or NotFound.
func (s *Webhooks) Change(ctx context.Context, caller domain.Principal, in ChangeWebhook) (domain.Webhook, error) {
	if _, err := s.Get(ctx, caller, in.ID); err != nil {
		return domain.Webhook{}, err
	}
	if in.URL != nil {
		if err := s.sender.CheckWebhookURL(*in.URL); err != nil {
			return domain.Webhook{}, err
		}
	}
	return s.store.ChangeWebhook(by(ctx, caller), ports.ChangeWebhook{ID: in.ID, URL: in.URL, Kinds: in.Kinds})
}

// Enable begins attempts again where a webhook was disabled, at once. The error is Denied
// or NotFound.
func (s *Webhooks) Enable(ctx context.Context, caller domain.Principal, id domain.WebhookID) (domain.Webhook, error) {
	if _, err := s.Get(ctx, caller, id); err != nil {
		return domain.Webhook{}, err
	}
	return s.store.ChangeWebhook(by(ctx, caller), ports.ChangeWebhook{ID: id, Enable: true})
}

// ReplayWebhook says from where on entries are posted.
type ReplayWebhook struct {
	ID domain.WebhookID
	// After is the position after which they are; nil is the beginning.
	After *ports.LogPosition
}

// Replay posts the entries after a position, also those that were posted before. The error
// is Denied, NotFound, or that of ports.LogFollower.
func (s *Webhooks) Replay(ctx context.Context, caller domain.Principal, in ReplayWebhook) (domain.Webhook, error) {
	if _, err := s.Get(ctx, caller, in.ID); err != nil {
		return domain.Webhook{}, err
	}
	var after ports.LogPosition
	if in.After == nil {
		end, err := s.log.LogEnd(ctx)
		if err != nil {
			return domain.Webhook{}, err
		}
		after.Timeline = end.Timeline
	} else {
		after = *in.After
		if _, err := s.log.FollowLog(ctx, ports.FollowLog{After: &after, Limit: domain.DefaultListSize}); err != nil {
			return domain.Webhook{}, err
		}
	}
	return s.store.ChangeWebhook(by(ctx, caller), ports.ChangeWebhook{ID: in.ID, After: &after})
}

// RotateWebhook replaces the secret of a webhook.
type RotateWebhook struct {
	ID domain.WebhookID
	// Overlap is how long both secrets sign, at most MaxOverlap.
	Overlap time.Duration
}

// Rotate makes a new secret. The error is Denied, Invalid or NotFound.
func (s *Webhooks) Rotate(ctx context.Context, caller domain.Principal, in RotateWebhook) (domain.Webhook, domain.WebhookSecret, error) {
	webhook, err := s.Get(ctx, caller, in.ID)
	if err := errors.Join(err, checkOverlap(in.Overlap)); err != nil {
		return domain.Webhook{}, domain.WebhookSecret{}, err
	}
	secret := domain.NewWebhookSecret(s.random.Fill)
	return webhook, secret, s.store.RotateWebhookSecret(by(ctx, caller), ports.RotateWebhookSecret{
		ID: in.ID, Secret: secret, Until: domain.Instant(s.clock.Now().Add(in.Overlap)),
	})
}

// Delete removes a webhook. The error is Denied or NotFound.
func (s *Webhooks) Delete(ctx context.Context, caller domain.Principal, id domain.WebhookID) error {
	if _, err := s.Get(ctx, caller, id); err != nil {
		return err
	}
	return s.store.DeleteWebhook(by(ctx, caller), id)
}

// webhookTest is the kind of an entry that tells of nothing.
const webhookTest domain.LogKind = "webhook.test"

// Test posts a message of the kind webhook.test at once, and returns what became of it. The
// error is Denied or NotFound.
func (s *Webhooks) Test(ctx context.Context, caller domain.Principal, id domain.WebhookID) (ports.WebhookOutcome, error) {
	webhook, err := s.Get(ctx, caller, id)
	if err != nil {
		return ports.WebhookOutcome{}, err
	}
	now := domain.Instant(s.clock.Now())
	secrets, err := s.store.WebhookSecrets(ctx, id, now)
	if err != nil {
		return ports.WebhookOutcome{}, err
	}
	entry := domain.LogEntry{
		ID: s.ids.NewID(), At: now, Kind: webhookTest, Subject: id.String(), Organization: webhook.Organization, Actor: caller.Subject,
	}
	return s.sender.SendWebhook(ctx, ports.WebhookMessage{URL: webhook.URL, At: now, Secrets: secrets, Entry: entry}), nil
}
