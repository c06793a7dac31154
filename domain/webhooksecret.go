package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// WebhookSecret signs what is posted to a webhook, as Standard Webhooks 1.0.0 says: 32
// random bytes, shown as whsec_ and their base64.
type WebhookSecret struct{ bytes string }

const webhookSecretPrefix = "whsec_"

// NewWebhookSecret makes a secret: random fills its argument with random bytes.
func NewWebhookSecret(random func([]byte)) WebhookSecret {
	secret := make([]byte, sha256.Size)
	random(secret)
	return WebhookSecret{string(secret)}
}

// WebhookSecretOf is the secret of these bytes, as a store keeps them.
func WebhookSecretOf(stored []byte) WebhookSecret { return WebhookSecret{string(stored)} }

// Bytes are what a store keeps.
func (s WebhookSecret) Bytes() []byte { return []byte(s.bytes) }

// Token returns the text that its receiver needs.
func (s WebhookSecret) Token() string {
	return webhookSecretPrefix + base64.StdEncoding.EncodeToString([]byte(s.bytes))
}

// String hides the secret, for logs.
func (WebhookSecret) String() string { return webhookSecretPrefix + "…" }

// SignWebhook returns the header webhook-signature of a message: a signature for each
// secret, so that receivers can go from an old one to a new one.
func SignWebhook(secrets []WebhookSecret, id string, at time.Time, body []byte) string {
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret.bytes))
		mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " ")
}
