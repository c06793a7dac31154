package oidc

import (
	"context"
	"sync"
	"time"

	"github.com/roster-directory/roster/domain"
)

// maxCached is the number of tokens that a Verifier remembers.
const maxCached = 4096

// verified is a token that passed all steps.
type verified struct {
	caller domain.Principal
	// account finds the token's user; nil if no user is looked up.
	account func(context.Context) (domain.Account, error)
	issuer  *issuer
	// keys are the issuer's keys at that time: others need another look.
	keys *keySet
	// end is when the token expires, with the leeway.
	end time.Time
}

// valid reports whether the token would pass again.
func (v *verified) valid(now time.Time) bool {
	return now.Before(v.end) && v.issuer.keys.Load() == v.keys
}

// cache are verified tokens by their SHA-256. Tokens that are refused are not in it.
type cache struct {
	mu     sync.RWMutex
	tokens map[[32]byte]*verified
}

// get returns a token that is still valid, or nil.
func (c *cache) get(digest [32]byte, now time.Time) *verified {
	c.mu.RLock()
	found := c.tokens[digest]
	c.mu.RUnlock()
	if found == nil || !found.valid(now) {
		return nil
	}
	return found
}

func (c *cache) put(digest [32]byte, token *verified, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tokens == nil {
		c.tokens = make(map[[32]byte]*verified)
	}
	if len(c.tokens) >= maxCached {
		c.shrink(now)
	}
	c.tokens[digest] = token
}

// shrink removes the tokens that are not valid any more; a quarter of all, as they
// come, if that is not enough.
func (c *cache) shrink(now time.Time) {
	for digest, token := range c.tokens {
		if !token.valid(now) {
			delete(c.tokens, digest)
		}
	}
	for digest := range c.tokens {
		if len(c.tokens) <= maxCached*3/4 {
			return
		}
		delete(c.tokens, digest)
	}
}
