package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/cloudevents"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var sentAt = time.Date(2026, 1, 2, 10, 20, 30, 0, time.UTC)

func messageTo(t *testing.T, url string) ports.WebhookMessage {
	t.Helper()
	return ports.WebhookMessage{
		URL: domain.MustParse(domain.ParseWebhookURL(url)), At: sentAt,
		Secrets: []domain.WebhookSecret{
			domain.WebhookSecretOf([]byte("a secret of twenty-four.")),
			domain.WebhookSecretOf([]byte("another secret that is...")),
		},
		Entry: domain.LogEntry{ID: domain.LogEntryID{7}, At: sentAt, Kind: domain.UserCreated, Subject: "ada", Version: 1, Actor: "local"},
	}
}

func TestAMessageIsSignedAndCanBeVerified(t *testing.T) {
	var got *http.Request
	var body []byte
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer receiver.Close()
	message := messageTo(t, receiver.URL+"/hooks?x=1")
	outcome := NewSender(Options{Private: true, UserAgent: "roster/test"}).SendWebhook(t.Context(), message)
	if !outcome.Delivered() || outcome.Status != 204 || outcome.Problem != "" {
		t.Fatalf("%+v", outcome)
	}
	if got.Method != "POST" || got.URL.String() != "/hooks?x=1" || got.Header.Get("Content-Type") != cloudevents.MediaType ||
		got.Header.Get("User-Agent") != "roster/test" || got.Header.Get("Webhook-Id") != message.Entry.ID.String() ||
		got.Header.Get("Webhook-Timestamp") != "1767349230" {
		t.Errorf("%s %s %v", got.Method, got.URL, got.Header)
	}
	if string(body) != string(cloudevents.Append(nil, &message.Entry)) {
		t.Errorf("the body is %s", body)
	}
	// As a receiver does it.
	mac := hmac.New(sha256.New, []byte("another secret that is..."))
	mac.Write([]byte(got.Header.Get("Webhook-Id") + "." + got.Header.Get("Webhook-Timestamp") + "." + string(body)))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if all := strings.Split(got.Header.Get("Webhook-Signature"), " "); len(all) != 2 || all[1] != want {
		t.Errorf("the signatures are %v, and not %s", all, want)
	}
}

func TestWhatBecomesOfAMessage(t *testing.T) {
	private := http.NewServeMux()
	private.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	private.HandleFunc("/busy", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	private.HandleFunc("/later", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", sentAt.Add(time.Minute).Format(http.TimeFormat))
		w.WriteHeader(http.StatusTooManyRequests)
	})
	private.HandleFunc("/wrong", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(http.StatusInternalServerError)
	})
	private.HandleFunc("/elsewhere", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/followed",
			http.StatusTemporaryRedirect)
	})
	private.HandleFunc("/followed", func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") })
	private.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		for range 1000 {
			_, _ = w.Write(make([]byte, 1<<16))
		}
	})
	receiver := httptest.NewServer(private)
	defer receiver.Close()
	sender := NewSender(Options{Private: true})
	for path, want := range map[string]ports.WebhookOutcome{
		"/gone": {Status: 410}, "/busy": {Status: 503, RetryAfter: 90 * time.Second}, "/later": {Status: 429, RetryAfter: time.Minute},
		"/wrong": {Status: 500}, "/elsewhere": {Status: 307}, "/endless": {Status: 200},
	} {
		if got := sender.SendWebhook(t.Context(), messageTo(t, receiver.URL+path)); got != want {
			t.Errorf("%s: %+v, not %+v", path, got, want)
		}
	}
	receiver.Close()
	if got := sender.SendWebhook(t.Context(), messageTo(t, receiver.URL)); got.Status != 0 || got.Problem != "the host refuses connections" {
		t.Errorf("a closed port: %+v", got)
	}
	if got := sender.SendWebhook(t.Context(), messageTo(t, "http://nobody.invalid/")); got.Status != 0 || got.Problem == "" ||
		strings.Contains(got.Problem, "invalid") {
		t.Errorf("an unknown name: %+v", got)
	}
}

// The name localhost passes every check of the text. Its address is refused.
func TestAConnectionToThisHostIsRefused(t *testing.T) {
	receiver := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the message was sent") }))
	defer receiver.Close()
	_, port, err := net.SplitHostPort(receiver.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HTTPS_PROXY", receiver.URL) // which is not used
	sender := NewSender(Options{})
	for _, host := range []string{"localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0177.0.0.1", "2130706433", "127.1", "0x7f000001"} {
		got := sender.SendWebhook(t.Context(), messageTo(t, "https://"+host+":"+port))
		if got.Status != 0 || got.Problem == "" {
			t.Errorf("%s: %+v", host, got)
		}
	}
	if err := refusePrivate("tcp4", "127.0.0.1:443", nil); err == nil {
		t.Error("a connection to this host is allowed")
	}
	if err := refusePrivate("tcp6", "[64:ff9b::a00:1]:443", nil); err == nil {
		t.Error("a connection through NAT64 to a private network is allowed")
	}
	if err := refusePrivate("unix", "/run/roster.sock", nil); err == nil {
		t.Error("a Unix socket is allowed")
	}
	if err := refusePrivate("tcp4", "8.8.8.8:443", nil); err != nil {
		t.Errorf("a public host is refused: %v", err)
	}
}

func TestURLsAreRefusedBeforeTheyAreStored(t *testing.T) {
	public, private := NewSender(Options{}), NewSender(Options{Private: true})
	for url, refused := range map[string]bool{
		"https://example.com/": false, "https://8.8.8.8/": false, "http://example.com/": true, "https://127.0.0.1/": true,
		"https://[::1]/": true, "https://169.254.169.254/latest/meta-data": true, "https://[64:ff9b::7f00:1]/": true,
	} {
		target := domain.MustParse(domain.ParseWebhookURL(url))
		err := public.CheckWebhookURL(target)
		if (err != nil) != refused || refused && domain.Failures(err)[0].Field != "url" {
			t.Errorf("%s: %v", url, err)
		}
		if err := private.CheckWebhookURL(target); err != nil {
			t.Errorf("%s with private networks allowed: %v", url, err)
		}
	}
}
