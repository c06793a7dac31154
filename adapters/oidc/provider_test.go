package oidc_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"github.com/roster-directory/roster/adapters/oidc"
)

const (
	staff    = "https://id.example.com/realms/staff"
	partner  = "https://partner.example"
	audience = "https://roster.example.com"
)

// signer is a key with which a provider signs.
type signer struct {
	id, algorithm string
	private       any
}

func (s signer) public() any {
	switch private := s.private.(type) {
	case *rsa.PrivateKey:
		return private.Public()
	case *ecdsa.PrivateKey:
		return private.Public()
	case ed25519.PrivateKey:
		return private.Public()
	}
	return nil
}

func (s signer) jwk() jwkset.JWKMarshal {
	options := jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{KID: s.id, USE: jwkset.UseSig}}
	key, err := jwkset.NewJWKFromKey(s.public(), options)
	if err != nil {
		panic(err)
	}
	return key.Marshal()
}

var rsaKeys = sync.OnceValue(func() (keys [3]*rsa.PrivateKey) {
	for i := range keys {
		keys[i], _ = rsa.GenerateKey(rand.Reader, 2048)
	}
	return keys
})

func rsaSigner(id string, n int) signer { return signer{id, "RS256", rsaKeys()[n]} }

func ecSigner(id, algorithm string, curve elliptic.Curve) signer {
	key, _ := ecdsa.GenerateKey(curve, rand.Reader)
	return signer{id, algorithm, key}
}

func edSigner(id string) signer {
	_, key, _ := ed25519.GenerateKey(rand.Reader)
	return signer{id, "EdDSA", key}
}

func encode(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// sign signs a token as its header says.
func sign(header, claims string, s signer) string {
	signed := header + "." + claims
	signature, err := jwt.GetSigningMethod(s.algorithm).Sign(signed, s.private)
	if err != nil {
		panic(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

type fields = map[string]any

// with is a copy of some fields with changes; nil removes one.
func with(base, changes fields) fields {
	all := maps.Clone(base)
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	return all
}

func goodHeader(s signer) fields { return fields{"alg": s.algorithm, "kid": s.id, "typ": "at+jwt"} }

func goodClaims() fields {
	now := time.Now().Unix()
	return fields{
		"iss": staff, "aud": audience, "sub": "ada", "client_id": "app", "jti": "1", "iat": now, "exp": now + 600,
		"scope": "openid directory.read",
	}
}

// token is a good token with changes.
func token(s signer, header, claims fields) string {
	return sign(encode(with(goodHeader(s), header)), encode(with(goodClaims(), claims)), s)
}

// provider answers for an issuer.
type provider struct {
	mu        sync.Mutex
	issuer    string
	keys      []signer
	document  func() string // of the key set; nil: the keys
	discovery string        // empty: the right one
	down      bool
	slow      time.Duration
	fetches   []time.Time
}

func (p *provider) change(fn func(*provider)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fn(p)
}

func (p *provider) fetched() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.fetches)
}

func (p *provider) keySet() string {
	set := jwkset.JWKSMarshal{}
	for _, s := range p.keys {
		set.Keys = append(set.Keys, s.jwk())
	}
	text, _ := json.Marshal(set)
	return string(text)
}

func (p *provider) answer(request *http.Request) (*http.Response, error) {
	p.mu.Lock()
	if strings.HasSuffix(request.URL.Path, "/openid-configuration") {
		p.fetches = append(p.fetches, time.Now())
	}
	down, slow := p.down, p.slow
	p.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	text := p.discovery
	switch {
	case down:
		return nil, errors.New("no route to host")
	case request.URL.Path == "/jwks" && p.document != nil:
		text = p.document()
	case request.URL.Path == "/jwks":
		text = p.keySet()
	case text == "":
		text = `{"issuer":"` + p.issuer + `","jwks_uri":"https://` + request.URL.Host + `/jwks"}`
	}
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(text)), Header: http.Header{}, Request: request}, nil
}

// internet leads requests to providers by their host.
type internet map[string]*provider

func (n internet) RoundTrip(request *http.Request) (*http.Response, error) {
	p := n[request.URL.Host]
	if p == nil {
		return nil, errors.New("no such host")
	}
	return p.answer(request)
}

// clock is the time of the machine, or of a test with a clock of its own.
type clock struct{}

func (clock) Now() time.Time { return time.Now() }

// world is a verifier with two providers.
type world struct {
	staff, partner *provider
	config         oidc.Config
	outside        oidc.Outside
	log            bytes.Buffer
	verifier       *oidc.Verifier
	stop           func()
}

func rule(text string) oidc.ScopeRule {
	r, err := oidc.ParseScopeRule(text)
	if err != nil {
		panic(err)
	}
	return r
}

func newWorld() *world {
	w := &world{
		staff:   &provider{issuer: staff, keys: []signer{rsaSigner("one", 0)}},
		partner: &provider{issuer: partner, keys: []signer{rsaSigner("two", 1)}},
	}
	w.config = oidc.Config{
		Issuers: []string{staff, partner}, Audience: audience,
		Rights: oidc.Rights{Scopes: []oidc.ScopeRule{rule("read:scope=directory.read")}},
	}
	w.outside = oidc.Outside{
		Clock: clock{}, Log: slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Transport: internet{"id.example.com": w.staff, "partner.example": w.partner},
	}
	return w
}

// start starts a verifier; it stops at the end of the test, if not before.
func (w *world) start(t *testing.T) *world {
	t.Helper()
	verifier, err := oidc.New(w.config, w.outside)
	if err != nil {
		t.Fatal(err)
	}
	w.verifier, w.stop = verifier, sync.OnceFunc(verifier.Start(context.Background()))
	t.Cleanup(w.stop)
	return w
}

func (w *world) authenticate(token string) error {
	_, err := w.verifier.Authenticate(context.Background(), token)
	return err
}
