package resttest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
)

const (
	webhookPath = "/webhooks/" + adaID
	webhookJSON = `{"id":"` + adaID + `","url":"https://example.com/hooks","kinds":["user.created","user.deleted"],` +
		`"organization":"` + orgID + `",` +
		`"state":"disabled","created_at":"2026-01-01T00:00:01Z","created_by":"local","failures":3,"failing_since":"2026-01-02T00:00:00Z",` +
		`"disabled_at":"2026-01-03T00:00:00Z","disabled_reason":"failed"}`
	plainWebhookJSON = `{"id":"` + adaID + `","url":"https://example.com/hooks","kinds":[],"state":"active",` +
		`"created_at":"2026-01-01T00:00:01Z","created_by":"local","failures":0}`
	webhookSecret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" // the random bytes of a world are zeros
)

func plainWebhook() domain.Webhook {
	return domain.Webhook{
		ID: domain.WebhookID(ada().ID), URL: domain.MustParse(domain.ParseWebhookURL("https://example.com/hooks")),
		CreatedAt: instant("2026-01-01T00:00:01Z"), CreatedBy: "local",
	}
}

// webhook is a webhook with everything that it may have.
func webhook() domain.Webhook {
	w := plainWebhook()
	w.Kinds = []domain.LogKind{domain.UserCreated, domain.UserDeleted}
	w.Organization, w.Failures, w.FailingSince = engines().ID, 3, instant("2026-01-02T00:00:00Z")
	w.NextAt = instant("2026-01-04T00:00:00Z")
	w.Disable(instant("2026-01-03T00:00:00Z"), domain.WebhookFailed)
	return w
}

func testWebhooks(t *testing.T, edge Edge) {
	t.Run("operations follow the contract", func(t *testing.T) { testWebhookResponses(t, edge) })
	t.Run("a secret is in one response only", func(t *testing.T) { testSecretsAreShownOnce(t, edge) })
	t.Run("requests reach the store", func(t *testing.T) { testWebhookCommands(t, edge) })
	t.Run("requests that break the contract are refused", func(t *testing.T) { testWebhookFaults(t, edge) })
	t.Run("only administrators have webhooks", func(t *testing.T) { testWebhookRights(t, edge) })
}

func testWebhookResponses(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, c := range []struct{ method, target, body, want string }{
		{"GET", "/webhooks", "", "[" + webhookJSON + "," + plainWebhookJSON + "]"},
		{"GET", "/webhooks?limit=2&organization=" + orgID, "", "[" + webhookJSON + "," + plainWebhookJSON + "]"},
		{"GET", webhookPath, "", webhookJSON},
		{"PATCH", webhookPath, `{"kinds":[]}`, plainWebhookJSON},
		{"POST", webhookPath + "/enable", "", plainWebhookJSON},
		{"POST", webhookPath + "/replay", `{"after":"beginning"}`, plainWebhookJSON},
		{"POST", webhookPath + "/test", "", `{"delivered":true,"status":204}`},
	} {
		accepted(t, w.ask(t, c.method, c.target, c.body), 200, c.want)
	}
	accepted(t, w.ask(t, "DELETE", webhookPath, ""), 204, "")
	failing := plainWebhook()
	failing.Fail(instant("2026-01-02T00:00:00Z"), time.Minute, 0)
	reply(&w.webhooks.WebhookByIDFunc, failing, nil)
	if got := w.ask(t, "GET", webhookPath, "").Body.String(); !strings.Contains(got, `"state":"failing"`) ||
		!strings.Contains(got, `"next_attempt_at":"2026-01-02T00:01:00Z"`) {
		t.Errorf("a webhook that fails is %s", got)
	}
}

func testSecretsAreShownOnce(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for target, location := range map[string]string{"/webhooks": "webhooks/" + adaID, webhookPath + "/rotate": "../" + adaID} {
		body := `{"url":"https://example.com/hooks"}`
		if target != "/webhooks" {
			body = `{"overlap":60}`
		}
		got := w.ask(t, "POST", target, body)
		if got.Code != 201 || !strings.Contains(got.Body.String(), `"secret":"`+webhookSecret+`"`) || got.Header().Get("Location") != location ||
			got.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v %s", target, got.Code, got.Header(), got.Body)
		}
	}
	for _, target := range []string{"/webhooks", webhookPath} {
		if body := w.ask(t, "GET", target, "").Body.String(); strings.Contains(body, "whsec_") {
			t.Errorf("%s shows a secret: %s", target, body)
		}
	}
	if text := w.logs.String(); strings.Contains(text, "whsec_AAAA") {
		t.Errorf("the log shows a secret: %s", text)
	}
}

func testWebhookCommands(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "POST", "/webhooks", `{"url":"https://example.com/hooks","kinds":["user.created"],"organization":"`+orgID+`"}`)
	made := w.webhooks.CreateWebhookCalls()[0].CreateWebhook
	if made.After != followed().Next || made.Webhook.Organization != engines().ID || len(made.Webhook.Kinds) != 1 ||
		made.Webhook.CreatedBy != "local" {
		t.Errorf("made %+v", made)
	}
	w.ask(t, "PATCH", webhookPath, `{"url":"https://example.org/"}`)
	changed := w.webhooks.ChangeWebhookCalls()[0].ChangeWebhook
	if changed.URL.String() != "https://example.org/" || changed.Kinds != nil || changed.Enable || changed.After != nil {
		t.Errorf("changed %+v", changed)
	}
	feed := w.ask(t, "GET", "/log/feed", "")
	_, cursor, _ := strings.Cut(links("/log/feed", feed.Header())["next"], "after=")
	w.ask(t, "POST", webhookPath+"/replay", `{"after":"`+cursor+`"}`)
	w.ask(t, "POST", webhookPath+"/rotate", `{}`)
	if moved := w.webhooks.ChangeWebhookCalls()[1].ChangeWebhook; moved.After == nil || *moved.After != followed().Next {
		t.Errorf("moved %+v", moved)
	}
	if got := w.webhooks.RotateWebhookSecretCalls()[0].RotateWebhookSecret; got.Until != instant("2026-01-02T00:00:01Z") {
		t.Errorf("the old secret signs until %s", got.Until)
	}
	sent := w.ask(t, "POST", webhookPath+"/test", "")
	if message := w.sender.SendWebhookCalls()[0].WebhookMessage; message.Entry.Kind != "webhook.test" ||
		len(message.Secrets) != 1 || sent.Code != 200 {
		t.Errorf("sent %+v", message)
	}
}

func testWebhookFaults(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for body, place := range map[string]string{
		`{}`: "/url", `{"url":1}`: "/url", `{"url":"example.com"}`: "/url", `{"url":"https://ada@example.com"}`: "/url",
		`{"url":"https://example.com","kinds":["user"]}`: "/kinds", `{"url":"https://example.com","organization":"1"}`: "/organization",
		`{"url":"https://example.com","secret":"whsec_1"}`: "/secret",
	} {
		refused(t, w.ask(t, "POST", "/webhooks", body), 422, "invalid", place)
	}
	refused(t, w.ask(t, "PATCH", webhookPath, `{"url":"ftp://example.com"}`), 422, "invalid", "/url")
	refused(t, w.ask(t, "POST", webhookPath+"/rotate", `{"overlap":2592001}`), 422, "invalid", "/overlap")
	refused(t, w.ask(t, "POST", webhookPath+"/replay", `{}`), 422, "invalid", "/after")
	refused(t, w.ask(t, "POST", webhookPath+"/replay", `{"after":"a"}`), 422, "invalid", "/after")
	refused(t, w.ask(t, "GET", "/webhooks/12", ""), 400, "parameter", "?id")
	w.sender.CheckWebhookURLFunc = func(domain.WebhookURL) error { return failing(domain.Invalid, domain.ReasonRange, "url") }
	refused(t, w.ask(t, "POST", "/webhooks", `{"url":"https://127.0.0.1"}`), 422, "invalid", "/url")
	reply(&w.webhooks.WebhookByIDFunc, domain.Webhook{}, failing(domain.NotFound, domain.ReasonUnknown, ""))
	refused(t, w.ask(t, "GET", webhookPath, ""), 404, "not-found")
}

func testWebhookRights(t *testing.T, edge Edge) {
	caller := domain.Principal{Subject: "key:1", Scopes: []domain.Scope{domain.ScopeWrite}}
	w := newWorld(t, edge, func(o *rest.Options) {
		o.Authenticate = func(*http.Request) (domain.Principal, error) { return caller, nil }
	})
	refused(t, w.ask(t, "GET", "/webhooks", ""), 403, "denied")
	refused(t, w.ask(t, "POST", "/webhooks", `{"url":"https://example.com"}`), 403, "denied")
	caller = domain.Principal{Subject: "key:1", Scopes: []domain.Scope{domain.ScopeAdmin}, Within: engines().ID}
	w.ask(t, "POST", "/webhooks", `{"url":"https://example.com"}`)
	if got := w.webhooks.CreateWebhookCalls()[0].CreateWebhook.Webhook.Organization; got != engines().ID {
		t.Errorf("the webhook of a bound caller is limited to %v", got)
	}
	w.ask(t, "GET", "/webhooks", "")
	if got := w.webhooks.ListWebhooksCalls()[0].ListWebhooks; got.Organization != engines().ID {
		t.Errorf("a bound caller lists %+v", got)
	}
	reply(&w.webhooks.WebhookByIDFunc, plainWebhook(), nil)
	for _, method := range []string{"GET", "DELETE"} {
		refused(t, w.ask(t, method, webhookPath, ""), 404, "not-found")
	}
}
