package oidc_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Times in these tests are of a clock that moves when all goroutines wait.

// keptKeys is a store of key sets in memory.
type keptKeys struct {
	mu   sync.Mutex
	sets map[string]ports.IssuerKeySet
}

func (k *keptKeys) IssuerKeySet(_ context.Context, issuer string) (ports.IssuerKeySet, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if set, ok := k.sets[issuer]; ok {
		return set, nil
	}
	return ports.IssuerKeySet{}, &domain.Error{Kind: domain.NotFound}
}

func (k *keptKeys) KeepIssuerKeySet(_ context.Context, set ports.IssuerKeySet) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.sets == nil {
		k.sets = map[string]ports.IssuerKeySet{}
	}
	k.sets[set.Issuer] = set
	return nil
}

func (p *provider) shutDown()  { p.change(func(p *provider) { p.down = true }) }
func (p *provider) comesBack() { p.change(func(p *provider) { p.down = false }) }

// spaced fails if two fetches began less than 10 s apart.
func (p *provider) spaced(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := 1; i < len(p.fetches); i++ {
		if pause := p.fetches[i].Sub(p.fetches[i-1]); pause < 10*time.Second {
			t.Errorf("fetch %d began %v after the one before", i, pause)
		}
	}
}

func (w *world) accepts(t *testing.T, tokens ...string) {
	t.Helper()
	for _, text := range tokens {
		if err := w.authenticate(text); err != nil {
			t.Error(err)
		}
	}
}

func TestKnownKeysOutliveAnOutageOfAnHourAndARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.outside.Keys = &keptKeys{}
		w.start(t)
		s := w.staff.keys[0]
		w.accepts(t, token(s, nil, nil))
		w.staff.shutDown()
		for range 60 {
			time.Sleep(time.Minute)
			w.accepts(t, token(s, nil, nil)) // a new one: the issuer's network is down, not the issuer
		}
		w.stop()
		w.start(t)
		for range 60 {
			w.accepts(t, token(s, nil, nil))
			time.Sleep(time.Minute)
		}
		w.staff.comesBack()
		w.staff.change(func(p *provider) { p.keys = []signer{rsaSigner("new", 2)} })
		time.Sleep(5 * time.Minute)
		w.accepts(t, token(rsaSigner("new", 2), nil, nil))
		w.refuses(t, []badToken{{"a key that was withdrawn", token(s, nil, nil), "does not publish"}})
		w.stop()
		w.staff.spaced(t)
	})
}

func TestWithoutAnyKeyTokensAreAnsweredLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.staff.shutDown()
		w.start(t)
		if err := w.authenticate(token(w.staff.keys[0], nil, nil)); !errors.Is(err, domain.Unavailable) {
			t.Errorf("got %v, not Unavailable", err)
		}
		w.accepts(t, token(w.partner.keys[0], nil, fields{"iss": partner}))
		w.staff.comesBack()
		time.Sleep(11 * time.Second)
		w.accepts(t, token(w.staff.keys[0], nil, nil))
		w.stop()
	})
}

func TestKeysThatCannotBeFetchedForThreeDaysAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.outside.Keys = &keptKeys{}
		w.start(t)
		time.Sleep(time.Second)
		w.staff.shutDown()
		time.Sleep(71 * time.Hour)
		w.accepts(t, token(w.staff.keys[0], nil, nil))
		remembered := token(w.staff.keys[0], nil, fields{"exp": time.Now().Add(30 * time.Hour).Unix()})
		w.accepts(t, remembered)
		time.Sleep(2 * time.Hour)
		for _, restart := range []bool{false, true} {
			if restart {
				w.stop()
				w.start(t)
			}
			if err := w.authenticate(remembered); !errors.Is(err, domain.Unavailable) {
				t.Errorf("got %v, not Unavailable", err)
			}
		}
		w.stop()
	})
}

func TestARotatedKeyIsFetchedWhenATokenNeedsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld().start(t)
		old, next := w.staff.keys[0], edSigner("next")
		remembered := token(old, nil, nil)
		w.accepts(t, remembered)
		time.Sleep(10 * time.Second)
		w.staff.change(func(p *provider) { p.keys = []signer{next} })
		w.accepts(t, remembered, token(next, nil, nil))
		w.refuses(t, []badToken{{"a token that was remembered, of a key withdrawn since", remembered, "does not publish"}})
		if n := w.staff.fetched(); n != 2 {
			t.Errorf("keys were fetched %d times", n)
		}
		w.stop()
	})
}

func TestUnknownKeyIdsNeitherFloodTheProviderNorDelayOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld().start(t)
		s := w.staff.keys[0]
		w.accepts(t, token(s, nil, nil))
		w.staff.change(func(p *provider) { p.slow = 3 * time.Second })
		claims := encode(goodClaims())
		began := time.Now()
		const seconds, each = 100, 1000
		var asking sync.WaitGroup
		for second := range seconds {
			for n := range each {
				asking.Go(func() {
					header := raw(fmt.Sprintf(`{"alg":"RS256","typ":"at+jwt","kid":"%d-%d"}`, second, n))
					asked := time.Now()
					err := w.authenticate(header + "." + claims + ".AAAA")
					if !errors.Is(err, domain.Unauthenticated) || time.Since(asked) > 5*time.Second {
						t.Errorf("got %v after %v", err, time.Since(asked))
					}
				})
			}
			asked := time.Now()
			w.accepts(t, token(s, nil, fields{"jti": fmt.Sprint(second)}), token(w.partner.keys[0], nil, fields{"iss": partner}))
			if delay := time.Since(asked); delay > 0 {
				t.Errorf("a token with a known key waited %v", delay)
			}
			time.Sleep(time.Second)
		}
		asking.Wait()
		if n, most := w.staff.fetched(), int(time.Since(began)/(10*time.Second))+2; n > most || n < most-3 {
			t.Errorf("keys were fetched %d times, not %d", n, most)
		}
		if n := w.partner.fetched(); n != 1 {
			t.Errorf("the keys of the other issuer were fetched %d times", n)
		}
		w.stop()
		w.staff.spaced(t)
	})
}

func TestARequestLeavesAFetchThatTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld().start(t)
		w.accepts(t, token(w.staff.keys[0], nil, nil))
		time.Sleep(time.Minute)
		w.staff.change(func(p *provider) { p.slow = time.Hour })
		asked := time.Now()
		_ = w.authenticate(token(rsaSigner("new", 2), nil, nil))
		if waited := time.Since(asked); waited != 5*time.Second {
			t.Errorf("it waited %v", waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		time.Sleep(10 * time.Second)
		asked = time.Now()
		_, _ = w.verifier.Authenticate(ctx, token(rsaSigner("new", 2), nil, nil))
		if waited := time.Since(asked); waited > time.Second {
			t.Errorf("it waited %v after its client had left", waited)
		}
		w.stop()
	})
}
