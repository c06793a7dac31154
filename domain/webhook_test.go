package domain

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestURLsOfWebhooks(t *testing.T) {
	for _, good := range []string{
		"https://example.com", "https://example.com/hooks?a=b%20c", "http://example.com:8080/", "https://[2001:4860:4860::8888]/",
		"https://xn--bcher-kva.example/",
		"https://a.example/" + strings.Repeat("x", 2048-len("https://a.example/")),
	} {
		if u, err := ParseWebhookURL(good); err != nil || u.String() != good || u.IsEncrypted() != strings.HasPrefix(good, "https") {
			t.Errorf("%s: %v, %v", good, u, err)
		}
	}
	for _, bad := range []string{
		"", "example.com", "ftp://example.com", "https:", "https://", "https:///path", "https:example.com", "mailto:a@example.com",
		"https://ada@example.com/", "https://ada:secret@example.com/", "https://example.com/#part", "https://example.com/#",
		"https://example.com:0/", "https://example.com:/", "https://example.com:99999/", "https://exa mple.com/", "https://example.com/a b",
		"https://bücher.example/", "https://example.com\\@127.0.0.1/", "https://[fe80::1%25eth0]/", "https://example.com/\x00",
		"https://example.com/\n",
		"https://a.example/" + strings.Repeat("x", 2049-len("https://a.example/")), "javascript:alert(1)", "file:///etc/passwd",
	} {
		if u, err := ParseWebhookURL(bad); err == nil || Failures(err)[0].Field != "url" {
			t.Errorf("%q: %v, %v", bad, u, err)
		}
	}
}

func TestKindsOfWebhooks(t *testing.T) {
	kinds := LogKinds()
	if !slices.IsSorted(kinds) || len(slices.Compact(slices.Clone(kinds))) != len(kinds) {
		t.Errorf("the kinds are not in order: %v", kinds)
	}
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = string(kind)
	}
	if got, err := ParseWebhookKinds(words); err != nil || !slices.Equal(got, kinds) {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range [][]string{{"user.created", "user.created"}, {"user"}, {""}, {"user.created", "x"}} {
		if got, err := ParseWebhookKinds(bad); err == nil || Failures(err)[0].Field != "kinds" {
			t.Errorf("%v: %v, %v", bad, got, err)
		}
	}
}

func TestAWebhookWantsItsKindsAndOrganization(t *testing.T) {
	home, other := OrganizationID{1}, OrganizationID{2}
	ofHome, ofUser := LogEntry{Kind: MembershipCreated, Organization: home}, LogEntry{Kind: UserUpdated}
	for name, c := range map[string]struct {
		webhook Webhook
		entry   LogEntry
		members []OrganizationID
		want    bool
	}{
		"everything":                {Webhook{}, ofUser, nil, true},
		"a kind":                    {Webhook{Kinds: []LogKind{UserUpdated}}, ofUser, nil, true},
		"another kind":              {Webhook{Kinds: []LogKind{UserCreated}}, ofUser, nil, false},
		"its organization":          {Webhook{Organization: home}, ofHome, nil, true},
		"another organization":      {Webhook{Organization: other}, ofHome, nil, false},
		"a member":                  {Webhook{Organization: home}, ofUser, []OrganizationID{other, home}, true},
		"a member of another":       {Webhook{Organization: home}, ofUser, []OrganizationID{other}, false},
		"its kind, but not its own": {Webhook{Organization: home, Kinds: []LogKind{UserUpdated}}, ofUser, nil, false},
	} {
		if got := c.webhook.Wants(&c.entry, c.members); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestAttemptsAreRepeatedForThreeDays(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var w Webhook
	var pauses []time.Duration
	for w.DisabledAt.IsZero() {
		w.Fail(now, 0, 0)
		if w.DisabledAt.IsZero() {
			pauses = append(pauses, w.NextAt.Sub(now))
			now = w.NextAt
		}
	}
	want := []time.Duration{
		5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
		3 * time.Hour, 3 * time.Hour,
	}
	if !slices.Equal(pauses[:8], want) || len(pauses) != 30 {
		t.Errorf("%d pauses: %v", len(pauses), pauses)
	}
	if took := w.DisabledAt.Sub(w.FailingSince); took < MaxWebhookFailing || took > MaxWebhookFailing+3*time.Hour ||
		w.DisabledReason != WebhookFailed {
		t.Errorf("it was disabled after %s: %s", took, w.DisabledReason)
	}
	w.Enable()
	if w.Failures != 0 || !w.FailingSince.IsZero() || !w.NextAt.IsZero() || !w.DisabledAt.IsZero() || w.DisabledReason != "" {
		t.Errorf("it is enabled again, and %+v", w)
	}
	w.Fail(now, 20*time.Second, 0.5)
	if pause := w.NextAt.Sub(now); pause != 21*time.Second {
		t.Errorf("a receiver that asks for 20 s gets %s", pause)
	}
	w.Succeed()
	w.Fail(now, 9*time.Hour, 0)
	if pause := w.NextAt.Sub(now); pause != 3*time.Hour {
		t.Errorf("a receiver that asks for 9 hours gets %s", pause)
	}
}

// The example of the specification of Standard Webhooks.
func TestSignaturesAreThoseOfStandardWebhooks(t *testing.T) {
	stored, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	secret := WebhookSecretOf(stored)
	at := time.Unix(1614265330, 0)
	got := SignWebhook([]WebhookSecret{secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, []byte(`{"test": 2432232314}`))
	if got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("the signature is %s", got)
	}
	if secret.Token() != "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" || strings.Contains(secret.String(), "MfKQ") ||
		string(secret.Bytes()) != string(stored) {
		t.Errorf("the secret is %s, and %s in logs", secret.Token(), secret)
	}
	other := NewWebhookSecret(func(b []byte) { b[0] = 1 })
	two := SignWebhook([]WebhookSecret{other, secret}, "a", at, nil)
	if first, second, ok := strings.Cut(two, " "); !ok || first == second || second != SignWebhook([]WebhookSecret{secret}, "a", at, nil) {
		t.Errorf("two secrets sign %s", two)
	}
}
