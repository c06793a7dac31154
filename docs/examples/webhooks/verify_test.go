package webhooks

import (
	"net/http"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
)

func TestMessagesOfRosterAreVerified(t *testing.T) {
	secret := domain.NewWebhookSecret(func(b []byte) { b[0] = 7 })
	old := domain.NewWebhookSecret(func(b []byte) { b[0] = 8 })
	at, body := time.Unix(1_767_349_230, 0), []byte(`{"specversion":"1.0"}`)
	header := http.Header{}
	header.Set("webhook-id", "01890a5d-ac96-774b-bcce-b302099a8057")
	header.Set("webhook-timestamp", "1767349230")
	header.Set("webhook-signature", domain.SignWebhook([]domain.WebhookSecret{secret, old}, header.Get("webhook-id"), at, body))
	for _, token := range []string{secret.Token(), old.Token()} {
		if !Verify(token, header, body, at.Add(time.Minute)) {
			t.Error("a message of Roster is refused")
		}
	}
	other := domain.NewWebhookSecret(func(b []byte) { b[0] = 9 })
	switch {
	case Verify(other.Token(), header, body, at):
		t.Error("another secret fits")
	case Verify(secret.Token(), header, append(body, ' '), at):
		t.Error("another body fits")
	case Verify(secret.Token(), header, body, at.Add(time.Hour)):
		t.Error("an old message is accepted")
	case Verify("whsec_?", header, body, at):
		t.Error("a secret that is none fits")
	}
}
