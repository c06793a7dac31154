package domain

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// WebhookID identifies a webhook.
type WebhookID = ID[Webhook]

// Webhook asks that entries of the log are posted to a URL, in order.
type Webhook struct {
	ID  WebhookID
	URL WebhookURL
	// Kinds are the kinds of entries that are posted; none means all.
	Kinds []LogKind
	// Organization limits the entries to those that belong to it, and to those of users
	// who are its members; the zero id is no limit.
	Organization OrganizationID
	CreatedAt    time.Time
	// CreatedBy is the subject of the principal that made the webhook.
	CreatedBy string
	// Failures is how many attempts in a row have failed, and FailingSince when the first
	// of them did; 0 and the zero time if the last attempt succeeded.
	Failures     int
	FailingSince time.Time
	// NextAt is when the next attempt is due after one that failed.
	NextAt time.Time
	// DisabledAt is when the webhook was disabled; the zero time if it is not.
	DisabledAt     time.Time
	DisabledReason WebhookEnd
}

// WebhookEnd is why a webhook was disabled.
type WebhookEnd string

// The reasons.
const (
	// WebhookGone is that the receiver answered with 410 Gone.
	WebhookGone WebhookEnd = "gone"
	// WebhookFailed is that all attempts failed for MaxWebhookFailing.
	WebhookFailed WebhookEnd = "failed"
	// WebhookExpired is that entries which were not posted are no longer kept.
	WebhookExpired WebhookEnd = "expired"
)

// MaxWebhookFailing is how long a webhook may fail before it is disabled.
const MaxWebhookFailing = 72 * time.Hour

// webhookPauses are the pauses after attempts that failed; the last one repeats.
var webhookPauses = [...]time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour,
}

// ParseWebhookKinds reads kinds, each once; none means all. The error is Invalid and names
// "kinds".
func ParseWebhookKinds(words []string) ([]LogKind, error) {
	const fix = "send kinds such as user.created, each once, or none for all"
	kinds := make([]LogKind, 0, len(words))
	for _, word := range words {
		kind, err := ParseLogKind(word)
		if err != nil {
			return nil, invalid(ReasonSyntax, "kinds", fix, "%s is not a kind of entry", quote(word))
		}
		if slices.Contains(kinds, kind) {
			return nil, invalid(ReasonSyntax, "kinds", fix, "%s is repeated", quote(word))
		}
		kinds = append(kinds, kind)
	}
	return kinds, nil
}

// Succeed notes that an attempt succeeded.
func (w *Webhook) Succeed() {
	w.Failures, w.FailingSince, w.NextAt = 0, time.Time{}, time.Time{}
}

// Fail notes that an attempt failed. The next one is due after a pause that grows, and of
// which up to a tenth is added (jitter is from 0 to 1), so that webhooks that failed
// together are not tried together. A receiver may ask for a longer pause (after), up to
// three hours. After MaxWebhookFailing the webhook is disabled.
func (w *Webhook) Fail(now time.Time, after time.Duration, jitter float64) {
	if w.Failures == 0 {
		w.FailingSince = now
	}
	longest := webhookPauses[len(webhookPauses)-1]
	pause := max(webhookPauses[min(w.Failures, len(webhookPauses)-1)], min(after, longest))
	w.Failures++
	w.NextAt = now.Add(pause + time.Duration(jitter*float64(pause)/10))
	if now.Sub(w.FailingSince) >= MaxWebhookFailing {
		w.Disable(now, WebhookFailed)
	}
}

// Disable ends the attempts.
func (w *Webhook) Disable(now time.Time, reason WebhookEnd) {
	w.DisabledAt, w.DisabledReason = now, reason
}

// Enable begins attempts again, at once.
func (w *Webhook) Enable() {
	w.Succeed()
	w.DisabledAt, w.DisabledReason = time.Time{}, ""
}

// Wants reports whether an entry is to be posted. Members are the organizations of the user
// that the entry concerns, for entries that belong to no organization.
func (w *Webhook) Wants(entry *LogEntry, members []OrganizationID) bool {
	if len(w.Kinds) > 0 && !slices.Contains(w.Kinds, entry.Kind) {
		return false
	}
	return w.Organization.IsZero() || entry.Organization == w.Organization || slices.Contains(members, w.Organization)
}

// WebhookURL is where entries are posted: an absolute URL with https or http and a host,
// without a user and a fragment, of up to 2,048 bytes.
type WebhookURL struct{ text string }

// ParseWebhookURL reads a URL. The error is Invalid and names "url".
func ParseWebhookURL(text string) (WebhookURL, error) {
	const fix = "send a URL such as https://example.com/hooks"
	if len(text) > 2048 {
		return WebhookURL{}, invalid(ReasonRange, "url", "shorten it", "has %d bytes; 2048 is the most", len(text))
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' }) {
		return WebhookURL{}, invalid(ReasonSyntax, "url", "escape it as %XX, and write the host in its ASCII form (xn--…)",
			"has a space, a backslash or a character beyond ASCII")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Opaque != "":
		return WebhookURL{}, invalid(ReasonSyntax, "url", fix, "is not a URL")
	case u.Scheme != "https" && u.Scheme != "http":
		return WebhookURL{}, invalid(ReasonSyntax, "url", fix, "does not begin with https://")
	case u.Hostname() == "" || strings.Contains(u.Host, "%"):
		return WebhookURL{}, invalid(ReasonMissing, "url", fix, "names no host")
	case u.User != nil:
		return WebhookURL{}, invalid(ReasonSyntax, "url", "leave them out: each delivery is signed", "has a user or a password")
	case u.Fragment != "" || strings.HasSuffix(text, "#"):
		return WebhookURL{}, invalid(ReasonSyntax, "url", "leave out what begins with #", "has a fragment")
	case strings.HasSuffix(u.Host, ":") || u.Port() != "" && !isPort(u.Port()):
		return WebhookURL{}, invalid(ReasonRange, "url", "send a port from 1 to 65535, or none", "has no port that can be reached")
	}
	return WebhookURL{u.String()}, nil
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}

// String returns the URL.
func (u WebhookURL) String() string { return u.text }

// IsEncrypted reports whether the URL begins with https.
func (u WebhookURL) IsEncrypted() bool { return strings.HasPrefix(u.text, "https:") }

// WebhookPosition is the position of a webhook in a list, the newest first.
type WebhookPosition struct {
	At time.Time
	ID WebhookID
}
