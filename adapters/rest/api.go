package rest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/roster-directory/roster/adapters/rest/admin"
	"github.com/roster-directory/roster/adapters/rest/guard"
	"github.com/roster-directory/roster/adapters/rest/rates"
	"github.com/roster-directory/roster/adapters/rest/reference"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
)

func complete(s app.Services) bool {
	return s.Users != nil && s.Organizations != nil && s.Memberships != nil && s.Plans != nil && s.Activity != nil && s.Bulk != nil &&
		s.APIKeys != nil && s.Log != nil && s.Webhooks != nil
}

// Options configure the API. Ready, CursorKey and Logger are required; the zero
// value of the others is the strictest.
type Options struct {
	// Authenticate returns the caller of a request. The API answers its error as
	// it answers that of a use case. Nil authenticates by API keys, and by AccessTokens.
	Authenticate func(*http.Request) (domain.Principal, error)
	// AccessTokens, unless it is nil, admits by tokens that are no API keys.
	AccessTokens AccessTokens
	// Resource tells clients where to get access tokens; nil where none is accepted.
	Resource *ResourceMetadata
	// SignIn says how people sign in to the page at /admin.
	SignIn admin.SignIn
	// Ready returns nil while Roster can serve, else why it can't.
	Ready func(context.Context) error
	// CursorKey returns the secret that encrypts cursors: any bytes, the same in
	// every replica. The API calls it for the first cursor, and again until it
	// succeeds.
	CursorKey func(context.Context) ([]byte, error)
	// RequireIfMatch refuses to change a user or an organization without an
	// If-Match.
	RequireIfMatch bool
	// AllowedHosts are the names, without a port, by which requests may address
	// Roster besides those of the loopback interface; "*" is any. guard.ParseHost
	// reads each.
	AllowedHosts []string
	// AllowedOrigins are the origins ("https://app.example.com") whose pages
	// may use Roster besides those on the loopback interface; "*" is any.
	// guard.ParseOrigin reads each.
	AllowedOrigins []string
	Logger         *slog.Logger
	// AccessLog writes a line for every request.
	AccessLog bool
	// SlowRequest is how long a request may take before it is logged; 0 never
	// logs it.
	SlowRequest time.Duration
	// Memory is the most bytes of bodies and responses in progress, at least
	// MinMemory; beyond it, requests get 503. 0 is a tenth of the memory limit of
	// the process (GOMEMLIMIT), or 256 MiB without one.
	Memory int64
	// Rates limits what each caller may ask, by its Subject; nil limits nothing.
	Rates *rates.Limiter
	// StreamTimeout is how long the client of a stream may neither send nor
	// read, and how long one line of an import may take; 0 is 30 s.
	StreamTimeout time.Duration
}

// API is Roster's HTTP API. It is safe for concurrent use. An edge calls Mount
// with its router, and puts Middleware around it.
type API struct {
	dispatcher
	guard    *guard.Guard
	paths    knownPaths
	draining *draining
}

// New makes the API. The error names an option that is missing or malformed.
func New(services app.Services, options Options) (*API, error) {
	switch {
	case !complete(services):
		return nil, errors.New("rest: a service is missing: make them with app.New")
	case options.Ready == nil || options.Logger == nil || options.CursorKey == nil:
		return nil, errors.New("rest: Options lacks Ready, Logger or CursorKey")
	}
	admission, err := guard.New(options.AllowedHosts, options.AllowedOrigins)
	if err != nil {
		return nil, fmt.Errorf("rest: %w", err)
	}
	pages, err := reference.New()
	if err != nil {
		return nil, fmt.Errorf("rest: %w", err)
	}
	directory, err := admin.New(options.SignIn)
	if err != nil {
		return nil, fmt.Errorf("rest: %w", err)
	}
	tokens := options.Authenticate == nil
	if tokens {
		options.Authenticate = byToken(services.APIKeys, options.AccessTokens)
	}
	if options.StreamTimeout == 0 {
		options.StreamTimeout = 30 * time.Second
	}
	draining := newDraining()
	api := &API{
		dispatcher: dispatcher{
			operations: &handlers{
				users: services.Users, organizations: services.Organizations, memberships: services.Memberships,
				plans: services.Plans, activity: services.Activity, bulk: services.Bulk, apiKeys: services.APIKeys,
				log: services.Log, webhooks: services.Webhooks,
				cursors: &cursors{secret: options.CursorKey}, ready: options.Ready, draining: draining, timeout: options.StreamTimeout,
				reference: pages, admin: directory, resource: options.Resource,
			},
			authenticate: options.Authenticate, requireIfMatch: options.RequireIfMatch,
			memory: newMemory(options.Memory), rates: options.Rates,
			failures: failures{
				log:       requestLog{logger: options.Logger, all: options.AccessLog, slow: options.SlowRequest},
				refused:   newRefusalLog(),
				challenge: challenge{tokens, options.Resource},
			},
		},
		guard:    admission,
		draining: draining,
	}
	api.paths = newKnownPaths(api.routes())
	return api, nil
}

// Drain makes GET /readyz fail from now on, so that balancers send their
// requests elsewhere, and ends imports, each after the part that it is storing.
// Everything else is still answered, and every response asks the client to close the
// connection. It may be called again.
func (a *API) Drain() { a.draining.start() }

// IsChecked reports whether somebody has asked for GET /readyz.
func (a *API) IsChecked() bool { return a.draining.checked.Load() }
