package rest

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListWebhooks answers with a page of webhooks.
func (h *handlers) ListWebhooks(ctx context.Context, request listWebhooksRequest) (listWebhooksResponse, error) {
	params, faults := request.read()
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	organization, badID := parseGiven(params.Organization, parseOrganization)
	if err := errors.Join(faults, badLimit, inParameter(badID)); err != nil {
		return nil, err
	}
	query := newFingerprint(request.caller, "listWebhooks", organization.String())
	after, err := h.cursors.open(ctx, query, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.ListWebhooks{Organization: organization, Limit: limit}
	if after != nil {
		in.After = &domain.WebhookPosition{At: after.at, ID: after.id}
	}
	page, err := h.webhooks.List(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := listOf(page.Items, appendWebhook)
	end := endOf(page, func(last *domain.Webhook) *position { return &position{at: last.CreatedAt, id: last.ID} })
	out.link, err = h.cursors.link(ctx, firstPage("webhooks", request.query), query, end)
	return listWebhooks200{out}, err
}

// CreateWebhook makes a webhook.
func (h *handlers) CreateWebhook(ctx context.Context, request createWebhookRequest) (createWebhookResponse, error) {
	body, faults := request.read()
	var in app.CreateWebhook
	var errs [3]error
	in.URL, errs[0] = domain.ParseWebhookURL(body.URL)
	in.Organization, errs[1] = parseOptional(body.Organization, parseOrganization)
	if body.Kinds != nil {
		in.Kinds, errs[2] = parseWebhookKinds(body.Kinds)
	}
	if err := errors.Join(faults, errors.Join(errs[:]...)); err != nil {
		return nil, err
	}
	webhook, secret, err := h.webhooks.Create(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	return createWebhook201{webhookWithSecret(&webhook, secret, "webhooks/")}, nil
}

// GetWebhook answers with a webhook.
func (h *handlers) GetWebhook(ctx context.Context, request getWebhookRequest) (getWebhookResponse, error) {
	id, err := webhookID(request.path.ID)
	if err != nil {
		return nil, err
	}
	webhook, err := h.webhooks.Get(ctx, request.caller, id)
	if err != nil {
		return nil, err
	}
	return getWebhook200{itemOf(&webhook, appendWebhook)}, nil
}

// PatchWebhook changes a webhook.
func (h *handlers) PatchWebhook(ctx context.Context, request patchWebhookRequest) (patchWebhookResponse, error) {
	body, faults := request.read()
	id, badID := webhookID(request.path.ID)
	in := app.ChangeWebhook{ID: id}
	var errs [2]error
	if body.URL != nil {
		in.URL = new(domain.WebhookURL)
		*in.URL, errs[0] = domain.ParseWebhookURL(*body.URL)
	}
	if body.Kinds != nil {
		in.Kinds = new([]domain.LogKind)
		*in.Kinds, errs[1] = parseWebhookKinds(body.Kinds)
	}
	if err := errors.Join(badID, faults, errs[0], errs[1]); err != nil {
		return nil, err
	}
	webhook, err := h.webhooks.Change(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	return patchWebhook200{itemOf(&webhook, appendWebhook)}, nil
}

// DeleteWebhook removes a webhook.
func (h *handlers) DeleteWebhook(ctx context.Context, request deleteWebhookRequest) (deleteWebhookResponse, error) {
	id, err := webhookID(request.path.ID)
	if err != nil {
		return nil, err
	}
	return deleteWebhook204{}, h.webhooks.Delete(ctx, request.caller, id)
}

// RotateWebhook replaces the secret of a webhook.
func (h *handlers) RotateWebhook(ctx context.Context, request rotateWebhookRequest) (rotateWebhookResponse, error) {
	body, faults := request.read()
	id, badID := webhookID(request.path.ID)
	if err := errors.Join(badID, faults); err != nil {
		return nil, err
	}
	in := app.RotateWebhook{ID: id, Overlap: app.DefaultSecretOverlap}
	if body.Overlap != nil {
		in.Overlap = secondsOf(*body.Overlap)
	}
	webhook, secret, err := h.webhooks.Rotate(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	return rotateWebhook201{webhookWithSecret(&webhook, secret, "../")}, nil
}

// TestWebhook posts a message to a webhook.
func (h *handlers) TestWebhook(ctx context.Context, request testWebhookRequest) (testWebhookResponse, error) {
	id, err := webhookID(request.path.ID)
	if err != nil {
		return nil, err
	}
	outcome, err := h.webhooks.Test(ctx, request.caller, id)
	if err != nil {
		return nil, err
	}
	return testWebhook200{itemOf(&outcome, appendOutcome)}, nil
}

// ReplayWebhook moves a webhook in the log.
func (h *handlers) ReplayWebhook(ctx context.Context, request replayWebhookRequest) (replayWebhookResponse, error) {
	body, faults := request.read()
	id, badID := webhookID(request.path.ID)
	if err := errors.Join(badID, faults); err != nil {
		return nil, err
	}
	after, err := h.openFeed(ctx, request.caller, body.After)
	if parameter, ok := errors.AsType[*parameterError](err); ok { // here it is a field
		err = parameter.err
	}
	if err != nil {
		return nil, err
	}
	in := app.ReplayWebhook{ID: id, After: after}
	webhook, err := h.webhooks.Replay(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	return replayWebhook200{itemOf(&webhook, appendWebhook)}, nil
}

// EnableWebhook begins attempts again.
func (h *handlers) EnableWebhook(ctx context.Context, request enableWebhookRequest) (enableWebhookResponse, error) {
	id, err := webhookID(request.path.ID)
	if err != nil {
		return nil, err
	}
	webhook, err := h.webhooks.Enable(ctx, request.caller, id)
	if err != nil {
		return nil, err
	}
	return enableWebhook200{itemOf(&webhook, appendWebhook)}, nil
}

func webhookID(text string) (domain.WebhookID, error) {
	id, err := domain.ParseID[domain.Webhook]("id", text)
	return id, inParameter(err)
}

func parseWebhookKinds(given []LogKind) ([]domain.LogKind, error) {
	words := make([]string, len(given))
	for i, word := range given {
		words[i] = string(word)
	}
	return domain.ParseWebhookKinds(words)
}

// secondsOf is a number of seconds, clamped so that a large one does not overflow.
func secondsOf(n int) time.Duration { return time.Duration(min(max(n, -1), 1<<31)) * time.Second }

func appendWebhook(b []byte, w *domain.Webhook) []byte { return append(appendWebhookFields(b, w), '}') }

func appendWebhookFields(b []byte, w *domain.Webhook) []byte {
	b = append(w.ID.AppendText(append(b, `{"id":"`...)), '"')
	b = appendString(append(b, `,"url":`...), w.URL.String())
	b = appendStrings(append(b, `,"kinds":`...), w.Kinds)
	if !w.Organization.IsZero() {
		b = append(w.Organization.AppendText(append(b, `,"organization":"`...)), '"')
	}
	state := "active"
	switch {
	case !w.DisabledAt.IsZero():
		state = "disabled"
	case w.Failures > 0:
		state = "failing"
	}
	b = appendString(append(b, `,"state":`...), state)
	b = appendTime(append(b, `,"created_at":`...), w.CreatedAt)
	b = appendString(append(b, `,"created_by":`...), w.CreatedBy)
	b = strconv.AppendInt(append(b, `,"failures":`...), int64(w.Failures), 10)
	b = appendTimeIf(b, `,"failing_since":`, w.FailingSince)
	if w.DisabledAt.IsZero() {
		return appendTimeIf(b, `,"next_attempt_at":`, w.NextAt)
	}
	b = appendTime(append(b, `,"disabled_at":`...), w.DisabledAt)
	return appendString(append(b, `,"disabled_reason":`...), string(w.DisabledReason))
}

// webhookWithSecret is the only response that has a secret. Nothing on the way may keep it.
// The webhooks are at a path relative to that of the request.
func webhookWithSecret(w *domain.Webhook, secret domain.WebhookSecret, webhooks string) *response {
	out := newResponse()
	b := appendWebhookFields(out.buf, w)
	b = appendString(append(b, `,"secret":`...), secret.Token())
	out.buf = append(b, '}')
	out.location, out.secret = webhooks+w.ID.String(), true
	return out
}

func appendOutcome(b []byte, o *ports.WebhookOutcome) []byte {
	b = strconv.AppendBool(append(b, `{"delivered":`...), o.Delivered())
	if o.Status != 0 {
		b = strconv.AppendInt(append(b, `,"status":`...), int64(o.Status), 10)
	}
	if o.Problem != "" {
		b = appendString(append(b, `,"problem":`...), o.Problem)
	}
	return append(b, '}')
}
