package oidc

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	// minPause is the shortest time from the beginning of a fetch to the next.
	minPause = 10 * time.Second
	// maxPause is the longest: how often keys are fetched that nothing asks for.
	maxPause = 5 * time.Minute
	// fetchTimeout bounds a fetch, and so how long a request waits for one.
	fetchTimeout = 5 * time.Second
	// maxAge is how long keys are used that can't be fetched again.
	maxAge = 72 * time.Hour
	// storeTimeout bounds the storage of a key set.
	storeTimeout = 5 * time.Second
)

// issuer is a provider with its keys. One goroutine fetches them.
type issuer struct {
	source source
	clock  ports.Clock
	log    *slog.Logger
	store  ports.IssuerKeys // nil: none

	// keys are the issuer's keys now; nil while there are none.
	keys atomic.Pointer[keySet]

	// wanted wakes the goroutine for a fetch before its time.
	wanted chan struct{}

	mu sync.Mutex
	// running is closed when the fetch that is under way, or asked for, ends; nil if
	// there is none.
	running chan struct{}
	// earliest is when the next fetch may begin.
	earliest time.Time

	// fetchedAt and failing belong to the goroutine.
	fetchedAt time.Time
	failing   bool
}

func newIssuer(from source, outside Outside) *issuer {
	return &issuer{
		source: from, clock: outside.Clock, log: outside.Log.With("issuer", from.issuer), store: outside.Keys,
		wanted: make(chan struct{}, 1),
	}
}

// load reads the keys that the store has, unless they are too old.
func (i *issuer) load(ctx context.Context) {
	if i.store == nil {
		return
	}
	kept, err := i.store.IssuerKeySet(ctx, i.source.issuer)
	if err == nil && i.clock.Now().Sub(kept.FetchedAt) < maxAge {
		var set *keySet
		if set, err = parseKeySet(kept.JSON); err == nil {
			i.fetchedAt = kept.FetchedAt
			i.keys.Store(set)
		}
	}
	if err != nil && !errors.Is(err, domain.NotFound) {
		i.log.WarnContext(ctx, "The kept keys of an issuer can't be read", "error", err)
	}
}

// expectFetch announces the first fetch, so that early requests wait for it.
func (i *issuer) expectFetch() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.running = make(chan struct{})
}

// run fetches keys until ctx ends.
func (i *issuer) run(ctx context.Context) {
	next := time.NewTimer(0)
	defer next.Stop()
	defer i.done()
	failures := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		case <-i.wanted:
		}
		if err := i.fetch(ctx); err == nil {
			failures = 0
			next.Reset(maxPause)
		} else {
			next.Reset(min(minPause<<min(failures, 10), maxPause))
			failures++
		}
	}
}

// begin notes that a fetch begins.
func (i *issuer) begin() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.running == nil {
		i.running = make(chan struct{})
	}
	select {
	case <-i.wanted: // it is this one
	default:
	}
	i.earliest = i.clock.Now().Add(minPause)
}

// done lets those go on who wait for the fetch.
func (i *issuer) done() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.running != nil {
		close(i.running)
		i.running = nil
	}
}

// renew waits for the fetch that is under way, or for a new one unless the last began
// too short a time ago. It reports whether there was one.
func (i *issuer) renew(ctx context.Context) bool {
	i.mu.Lock()
	running := i.running
	if running == nil {
		if i.clock.Now().Before(i.earliest) {
			i.mu.Unlock()
			return false
		}
		running = make(chan struct{})
		i.running = running
		i.wanted <- struct{}{} // it has room, since nothing was under way
	}
	i.mu.Unlock()
	limit := time.NewTimer(fetchTimeout)
	defer limit.Stop()
	select {
	case <-running:
	case <-limit.C:
	case <-ctx.Done():
	}
	return true
}

// fetch fetches the keys and puts them in the place of the known ones, which stay if
// it fails.
func (i *issuer) fetch(ctx context.Context) error {
	i.begin()
	limited, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	now := i.clock.Now()
	set, err := i.source.keySet(limited)
	if err != nil {
		i.failed(ctx, now, err)
	} else {
		i.succeeded(ctx, now, set)
	}
	i.done()
	if err == nil {
		i.keep(ctx, now, set)
	}
	return err
}

func (i *issuer) succeeded(ctx context.Context, now time.Time, set *keySet) {
	if i.failing {
		i.log.InfoContext(ctx, "The keys of an issuer can be fetched again")
	}
	i.failing, i.fetchedAt = false, now
	if known := i.keys.Load(); known == nil || !bytes.Equal(known.text, set.text) {
		i.log.InfoContext(ctx, "The keys of an issuer are new", "keys", len(set.keys))
		i.keys.Store(set)
	}
}

// failed notes that a fetch failed; it logs the first of a row.
func (i *issuer) failed(ctx context.Context, now time.Time, err error) {
	if ctx.Err() != nil {
		return
	}
	if !i.failing {
		i.log.WarnContext(ctx, "The keys of an issuer can't be fetched; the known ones stay in use", "error", err)
	}
	i.failing = true
	if i.keys.Load() != nil && now.Sub(i.fetchedAt) >= maxAge {
		i.log.ErrorContext(ctx, "The keys of an issuer could not be fetched for three days, and are dropped", "error", err)
		i.keys.Store(nil)
	}
}

// keep stores the keys for the next start.
func (i *issuer) keep(ctx context.Context, now time.Time, set *keySet) {
	if i.store == nil {
		return
	}
	limited, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	err := i.store.KeepIssuerKeySet(limited, ports.IssuerKeySet{Issuer: i.source.issuer, JSON: set.text, FetchedAt: domain.Instant(now)})
	if err != nil {
		i.log.WarnContext(ctx, "The keys of an issuer were not stored", "error", err)
	}
}
