package oidc

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Config says which tokens are accepted, and what they allow.
type Config struct {
	// Issuers are the providers, as "iss" names them.
	Issuers []string
	// Audience must be among those of "aud".
	Audience string
	// AnyType accepts tokens that do not have the type at+jwt of RFC 9068.
	AnyType bool
	// Rights are what callers may do.
	Rights Rights
	// Users, unless it is empty, refuses tokens whose user is not an active user of
	// the directory.
	Users UserField
	// UserClaim names the user. The zero Claim is the one that Users implies.
	UserClaim Claim
}

// Outside is what a Verifier needs. Log and Clock are required.
type Outside struct {
	Clock ports.Clock
	Log   *slog.Logger
	// Keys keeps key sets from one start to the next; nil keeps none.
	Keys ports.IssuerKeys
	// Accounts finds users; it is required if Config has Users.
	Accounts ports.AccountReader
	// Transport, unless it is nil, is the way to the providers.
	Transport http.RoundTripper
}

// Verifier admits callers by access tokens. It is safe for concurrent use.
type Verifier struct {
	config  Config
	outside Outside
	issuers map[string]*issuer
	cache   cache
	client  *http.Client
}

// New makes a Verifier. The error names a field of the Config that is wrong.
func New(config Config, outside Outside) (*Verifier, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	if config.Users != "" && outside.Accounts == nil {
		return nil, errors.New("oidc: Outside lacks Accounts, which Config.Users needs")
	}
	if config.UserClaim.IsZero() {
		config.UserClaim = config.Users.claim()
	}
	v := &Verifier{config: config, outside: outside, issuers: map[string]*issuer{}, client: newClient(outside.Transport)}
	for _, name := range config.Issuers {
		v.issuers[name] = newIssuer(source{issuer: name, client: v.client}, outside)
	}
	return v, nil
}

func (c *Config) check() error {
	if len(c.Issuers) == 0 || c.Audience == "" {
		return errors.New("oidc: Config lacks Issuers or Audience")
	}
	for _, name := range c.Issuers {
		if err := CheckIssuer(name); err != nil {
			return fmt.Errorf("oidc: Issuers: %w", err)
		}
	}
	return c.Users.Check()
}

// Start reads the key sets that the database keeps, and fetches keys in the
// background from then on. The returned function ends that.
func (v *Verifier) Start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	for _, i := range v.issuers {
		i.load(ctx)
		i.expectFetch()
		running.Go(func() { i.run(ctx) })
	}
	return func() {
		cancel()
		running.Wait()
		v.client.CloseIdleConnections()
	}
}

// Authenticate returns the caller of a token. The error is Unauthenticated, and shows
// nothing of the token; or Unavailable, where the issuer's keys or the user can't be
// read now.
func (v *Verifier) Authenticate(ctx context.Context, token string) (domain.Principal, error) {
	if len(token) > maxToken {
		return domain.Principal{}, tooLarge().err()
	}
	digest := sha256.Sum256([]byte(token))
	found := v.cache.get(digest, v.outside.Clock.Now())
	if found == nil {
		c := &check{verifier: v, token: token}
		if refused := c.run(ctx); refused != nil {
			return domain.Principal{}, refused.err()
		}
		result := c.result
		found = &result
		v.cache.put(digest, found, v.outside.Clock.Now())
	}
	if found.account != nil {
		if err := active(found.account(ctx)); err != nil {
			return domain.Principal{}, err
		}
	}
	return found.caller, nil
}
