package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"github.com/roster-directory/roster/adapters/cloudevents"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	// timeout is how long an attempt may take, with the response.
	timeout = 15 * time.Second
	// maxResponse is how much of a response is read, so that its connection can be used
	// again. It is not kept.
	maxResponse = 16 << 10
)

// Options say what a Sender may do.
type Options struct {
	// Private is whether it posts to private networks and to this host, and without
	// encryption.
	Private bool
	// UserAgent names the program.
	UserAgent string
}

// Sender implements ports.WebhookSender.
type Sender struct {
	options Options
	client  *http.Client
}

// NewSender makes a sender.
func NewSender(options Options) *Sender {
	dialer := &net.Dialer{Timeout: timeout / 3}
	if !options.Private {
		dialer.Control = refusePrivate
	}
	return &Sender{options, &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			DialContext:     dialer.DialContext, // and no Proxy
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
			MaxConnsPerHost: 8, MaxIdleConnsPerHost: 1, MaxIdleConns: 64, IdleConnTimeout: 30 * time.Second,
			TLSHandshakeTimeout: timeout / 3, MaxResponseHeaderBytes: 64 << 10, DisableCompression: true,
			ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// errPrivate is the error of a connection to an address that is not public.
var errPrivate = errors.New("the address is not public")

// refusePrivate is the last step before a connection: the name is resolved.
func refusePrivate(network, address string, _ syscall.RawConn) error {
	host, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("%w: %s over %s", errPrivate, address, network)
	}
	if !isPublic(host.Addr()) {
		return errPrivate
	}
	return nil
}

// CheckWebhookURL implements ports.WebhookSender.
func (s *Sender) CheckWebhookURL(target domain.WebhookURL) error {
	if s.options.Private {
		return nil
	}
	refuse := func(detail, fix string) error {
		return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonRange, Field: "url", Detail: detail, Fix: fix}
	}
	if !target.IsEncrypted() {
		return refuse("is not encrypted", "send a URL that begins with https://")
	}
	u, err := url.Parse(target.String())
	if err != nil {
		return fmt.Errorf("reading the URL of a webhook: %w", err)
	}
	if address, err := netip.ParseAddr(u.Hostname()); err == nil && !isPublic(address) {
		return refuse("leads to an address that is not public",
			"send the URL of a public host, or ask the operator to set ROSTER_WEBHOOKS_PRIVATE")
	}
	return nil
}

// SendWebhook implements ports.WebhookSender.
func (s *Sender) SendWebhook(ctx context.Context, message ports.WebhookMessage) ports.WebhookOutcome {
	if err := s.CheckWebhookURL(message.URL); err != nil { // the setting may have changed
		return ports.WebhookOutcome{Problem: err.Error()}
	}
	body := cloudevents.Append(nil, &message.Entry)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, message.URL.String(), bytes.NewReader(body))
	if err != nil {
		return ports.WebhookOutcome{Problem: "the URL can't be used"}
	}
	id := message.Entry.ID.String()
	header := request.Header
	header.Set("Content-Type", cloudevents.MediaType)
	header.Set("User-Agent", s.options.UserAgent)
	header["webhook-id"] = []string{id}
	header["webhook-timestamp"] = []string{strconv.FormatInt(message.At.Unix(), 10)}
	header["webhook-signature"] = []string{domain.SignWebhook(message.Secrets, id, message.At, body)}
	response, err := s.client.Do(request)
	if err != nil {
		return ports.WebhookOutcome{Problem: explain(err)}
	}
	_, _ = io.CopyN(io.Discard, response.Body, maxResponse) // the status has come
	_ = response.Body.Close()
	return ports.WebhookOutcome{Status: response.StatusCode, RetryAfter: retryAfter(response, message.At)}
}

// explain says why there was no response, without addresses: a caller must not learn what
// is in the network.
func explain(err error) string {
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	var timedOut interface{ Timeout() bool }
	switch {
	case errors.Is(err, errPrivate):
		return "the host has an address that is not public"
	case errors.As(err, &name):
		return "the host's name can't be resolved"
	case errors.As(err, &certificate):
		return "the host's certificate is not valid"
	case errors.As(err, &timedOut) && timedOut.Timeout():
		return "the host did not answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the host refuses connections"
	}
	return "the connection failed"
}

// retryAfter reads the pause that a receiver asks for, in seconds or as a time (RFC 9110
// 10.2.3). Only those who are overloaded are asked.
func retryAfter(response *http.Response, now time.Time) time.Duration {
	if response.StatusCode != http.StatusTooManyRequests && response.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	text := response.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
