package rest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/roster-directory/roster/adapters/rest/reference"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
)

// bodyLimit is the most bytes of a body, for operations that state no other.
const bodyLimit = 1 << 20

// Services are the use cases that the API serves.
type Services struct {
	Users         *app.Users
	Organizations *app.Organizations
	Memberships   *app.Memberships
	Plans         *app.Plans
	Activity      *app.Activity
	Bulk          *app.Bulk
}

// whole reports whether no service is missing.
func (s Services) whole() bool {
	return s.Users != nil && s.Organizations != nil && s.Memberships != nil && s.Plans != nil && s.Activity != nil && s.Bulk != nil
}

// Options say how the API meets the world. Authenticate, Ready,
// CursorKey and Logger are required; the zero value of the others is the strictest.
type Options struct {
	// Authenticate returns who makes a request. Its error is answered as an
	// error of a use case is.
	Authenticate func(*http.Request) (domain.Principal, error)
	// Ready returns nil while Roster can serve, else why it can't.
	Ready func(context.Context) error
	// CursorKey returns the secret that seals cursors: any bytes, the same in
	// every replica. It is asked when the first is needed, and again until it
	// does not fail.
	CursorKey func(context.Context) ([]byte, error)
	// RequireIfMatch refuses to change a user or an organization without an
	// If-Match.
	RequireIfMatch bool
	// AllowedHosts are the names, without a port, under which requests may
	// address Roster beside those of the loopback interface; "*" is any.
	AllowedHosts []string
	// AllowedOrigins are the origins ("https://app.example.com") whose pages
	// may use Roster beside those on the loopback interface; "*" is any.
	AllowedOrigins []string
	Logger         *slog.Logger
	// AccessLog writes a line for every request.
	AccessLog bool
	// SlowRequest is how long a request may take before it is logged; 0 never
	// logs it.
	SlowRequest time.Duration
	// StreamTimeout is how long the client of a stream may neither send nor
	// read; 0 is 30 s.
	StreamTimeout time.Duration
}

// API is Roster's HTTP API. It is safe for concurrent use. An edge calls Mount
// with its router, and Wrap around it.
type API struct {
	operations operations
	options    Options
	hosts      hostPolicy
	origins    originPolicy
	paths      []knownPath
	draining   *draining
}

// New makes the API. The error names an option that is missing or malformed.
func New(services Services, options Options) (*API, error) {
	switch {
	case !services.whole():
		return nil, errors.New("rest: Services lacks one")
	case options.Authenticate == nil || options.Ready == nil || options.Logger == nil || options.CursorKey == nil:
		return nil, errors.New("rest: Options lacks Authenticate, Ready, Logger or CursorKey")
	}
	origins, err := newOriginPolicy(options.AllowedOrigins)
	if err != nil {
		return nil, err
	}
	hosts, err := newHostPolicy(options.AllowedHosts)
	if err != nil {
		return nil, err
	}
	pages, err := reference.New()
	if err != nil {
		return nil, fmt.Errorf("rest: %w", err)
	}
	draining := &draining{begun: make(chan struct{})}
	if options.StreamTimeout == 0 {
		options.StreamTimeout = 30 * time.Second
	}
	api := &API{
		operations: &handlers{
			users: services.Users, organizations: services.Organizations, memberships: services.Memberships,
			plans: services.Plans, activity: services.Activity, bulk: services.Bulk,
			cursors: &cursors{secret: options.CursorKey}, ready: options.Ready, draining: draining, patience: options.StreamTimeout,
			reference: pages,
		},
		options:  options,
		hosts:    hosts,
		origins:  origins,
		draining: draining,
	}
	api.paths = knownPaths(api.routes())
	return api, nil
}

// Drain makes GET /readyz fail from now on, so that balancers send their
// requests elsewhere, and ends imports, each after what it is storing;
// everything else is still answered. It may be called again.
func (a *API) Drain() { a.draining.begin() }

// draining says whether the process is about to end.
type draining struct {
	once  sync.Once
	begun chan struct{}
}

func (d *draining) begin() { d.once.Do(func() { close(d.begun) }) }

func (d *draining) hasBegun() bool {
	select {
	case <-d.begun:
		return true
	default:
		return false
	}
}

// ending is the Unavailable of a process that is about to end.
func ending() error {
	return &domain.Error{Kind: domain.Unavailable, Reason: domain.ReasonUnreachable, Detail: "this process is shutting down", Fix: "ask another"}
}
