package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// webhookConfig has the flags of all commands for webhooks.
type webhookConfig struct {
	databaseFlags
	Webhooks settings.Webhooks `group:"Webhooks"`
}

// Help implements helper.
func (*webhookConfig) Help() string {
	return `A webhook posts the entries of the log of changes to a URL, in order, signed as
Standard Webhooks says.

Examples:

	roster webhook create https://example.com/hooks/roster --kind user.created --kind user.deleted
	roster webhook test 01890a5d-ac96-774b-bcce-b302099a8059
	roster webhook enable 01890a5d-ac96-774b-bcce-b302099a8059`
}

type (
	webhookCreate struct {
		*webhookConfig
		URL          string   `arg:"" help:"Where entries are posted."`
		Kind         []string `placeholder:"KIND" help:"Kind of entries that are posted; all unless given. Repeat it for several."`
		Organization string   `placeholder:"ID" help:"Id or slug of the organization to whose entries the webhook is limited."`
	}
	webhookList struct {
		*webhookConfig
		JSON bool `name:"json" help:"Print a JSON object a line."`
	}
	webhookTest struct {
		*webhookConfig
		ID string `arg:"" help:"Id of the webhook to post a test to."`
	}
	webhookEnable struct {
		*webhookConfig
		ID string `arg:"" help:"Id of the webhook to begin attempts again."`
	}
	webhookReplay struct {
		*webhookConfig
		ID string `arg:"" help:"Id of the webhook whose entries are posted again, from the beginning of the log."`
	}
	webhookRotate struct {
		*webhookConfig
		ID      string        `arg:"" help:"Id of the webhook whose secret is replaced."`
		Overlap time.Duration `default:"24h" placeholder:"TIME" help:"How long the replaced secret still signs."`
	}
	webhookDelete struct {
		*webhookConfig
		ID string `arg:"" help:"Id of the webhook to delete."`
	}
)

// Run makes a webhook and prints its secret.
func (c *webhookCreate) Run(ctx context.Context, s *session) error {
	url, badURL := domain.ParseWebhookURL(c.URL)
	kinds, badKinds := domain.ParseWebhookKinds(c.Kind)
	if err := errors.Join(badURL, badKinds); err != nil {
		return &usageError{err}
	}
	return s.withWebhooks(ctx, c.databaseFlags, c.Webhooks, func(services app.Services) error {
		in := app.CreateWebhook{URL: url, Kinds: kinds}
		if c.Organization != "" {
			organization, err := findOrganization(ctx, services.Organizations, c.Organization)
			if err != nil {
				return err
			}
			in.Organization = organization.ID
		}
		webhook, secret, err := services.Webhooks.Create(ctx, local, in)
		if err != nil {
			return err
		}
		return s.printSecret(&webhook, secret)
	})
}

// printSecret prints the secret alone to the standard output, so that a shell can keep it in
// a variable.
func (s *session) printSecret(webhook *domain.Webhook, secret domain.WebhookSecret) error {
	if err := printf(s.stderr, "Webhook %s (%s). Keep its secret: it is not shown again.\n", webhook.ID, webhook.URL); err != nil {
		return err
	}
	return printf(s.stdout, "%s\n", secret.Token())
}

// Run lists the webhooks.
func (c *webhookList) Run(ctx context.Context, s *session) error {
	return s.withWebhooks(ctx, c.databaseFlags, c.Webhooks, func(services app.Services) error {
		list := newListing(s.stdout, c.JSON, "ID", "URL", "KINDS", "STATE")
		err := eachPage(0, func(after *domain.Webhook, size domain.PageSize) (ports.Page[domain.Webhook], error) {
			in := ports.ListWebhooks{Limit: size}
			if after != nil {
				in.After = &domain.WebhookPosition{At: after.CreatedAt, ID: after.ID}
			}
			return services.Webhooks.List(ctx, local, in)
		}, each(func(w *domain.Webhook) error { return addWebhook(list, w) }))
		if err != nil {
			return err
		}
		return list.flush()
	})
}

func addWebhook(list *listing, w *domain.Webhook) error {
	line := webhookLine{
		ID: w.ID.String(), URL: w.URL.String(), Kinds: w.Kinds, CreatedAt: w.CreatedAt, CreatedBy: w.CreatedBy, Failures: w.Failures,
		FailingSince: w.FailingSince, DisabledAt: w.DisabledAt, DisabledReason: w.DisabledReason,
	}
	if !w.Organization.IsZero() {
		line.Organization = w.Organization.String()
	}
	object, err := json.Marshal(line)
	if err != nil {
		return err
	}
	kinds := make([]string, len(w.Kinds))
	for i, kind := range w.Kinds {
		kinds[i] = string(kind)
	}
	state := "active"
	switch {
	case !w.DisabledAt.IsZero():
		state = "disabled: " + string(w.DisabledReason)
	case w.Failures > 0:
		state = "failing: " + strconv.Itoa(w.Failures) + " attempts since " + shownTime(w.FailingSince)
	}
	return list.add(func() []byte { return object }, w.ID.String(), w.URL.String(), orAll(strings.Join(kinds, ",")), state)
}

func orAll(kinds string) string {
	if kinds == "" {
		return "all"
	}
	return kinds
}

// webhookLine is a webhook in roster webhook list --json, with the names of the HTTP API.
type webhookLine struct {
	ID             string            `json:"id"`
	URL            string            `json:"url"`
	Kinds          []domain.LogKind  `json:"kinds"`
	Organization   string            `json:"organization,omitzero"`
	CreatedAt      time.Time         `json:"created_at"`
	CreatedBy      string            `json:"created_by"`
	Failures       int               `json:"failures"`
	FailingSince   time.Time         `json:"failing_since,omitzero"`
	DisabledAt     time.Time         `json:"disabled_at,omitzero"`
	DisabledReason domain.WebhookEnd `json:"disabled_reason,omitzero"`
}

// withWebhook runs fn for a webhook that is named by its id.
func (c *webhookConfig) withWebhook(ctx context.Context, s *session, name string, fn func(*app.Webhooks, domain.WebhookID) error) error {
	id, err := domain.ParseID[domain.Webhook]("id", name)
	if err != nil {
		return &usageError{err}
	}
	return s.withWebhooks(ctx, c.databaseFlags, c.Webhooks, func(services app.Services) error { return fn(services.Webhooks, id) })
}

// Run posts a test.
func (c *webhookTest) Run(ctx context.Context, s *session) error {
	return c.withWebhook(ctx, s, c.ID, func(webhooks *app.Webhooks, id domain.WebhookID) error {
		outcome, err := webhooks.Test(ctx, local, id)
		switch {
		case err != nil:
			return err
		case outcome.Delivered():
			return printf(s.stdout, "delivered: the response has status %d\n", outcome.Status)
		case outcome.Status != 0:
			return fmt.Errorf("not delivered: the response has status %d; it should have 200 to 299", outcome.Status)
		}
		return fmt.Errorf("not delivered: %s", outcome.Problem)
	})
}

// Run begins attempts again.
func (c *webhookEnable) Run(ctx context.Context, s *session) error {
	return c.withWebhook(ctx, s, c.ID, func(webhooks *app.Webhooks, id domain.WebhookID) error {
		if _, err := webhooks.Enable(ctx, local, id); err != nil {
			return err
		}
		return printf(s.stdout, "enabled %s\n", id)
	})
}

// Run posts all entries again.
func (c *webhookReplay) Run(ctx context.Context, s *session) error {
	return c.withWebhook(ctx, s, c.ID, func(webhooks *app.Webhooks, id domain.WebhookID) error {
		if _, err := webhooks.Replay(ctx, local, app.ReplayWebhook{ID: id}); err != nil {
			return err
		}
		return printf(s.stdout, "%s begins again\n", id)
	})
}

// Run replaces the secret and prints the new one.
func (c *webhookRotate) Run(ctx context.Context, s *session) error {
	return c.withWebhook(ctx, s, c.ID, func(webhooks *app.Webhooks, id domain.WebhookID) error {
		webhook, secret, err := webhooks.Rotate(ctx, local, app.RotateWebhook{ID: id, Overlap: c.Overlap})
		if err != nil {
			return err
		}
		return s.printSecret(&webhook, secret)
	})
}

// Run deletes a webhook.
func (c *webhookDelete) Run(ctx context.Context, s *session) error {
	return c.withWebhook(ctx, s, c.ID, func(webhooks *app.Webhooks, id domain.WebhookID) error {
		if err := webhooks.Delete(ctx, local, id); err != nil {
			return err
		}
		return printf(s.stdout, "deleted %s\n", id)
	})
}
