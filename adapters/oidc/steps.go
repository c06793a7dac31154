package oidc

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// step is one condition that a token must meet.
type step struct {
	name string
	run  func(*check, context.Context) *refusal
}

// steps are all conditions, in the order in which they are checked. A step may rely on
// what those before it found.
var steps = []step{
	{"size", (*check).size},
	{"form", (*check).form},
	{"algorithm", (*check).algorithm},
	{"type", (*check).tokenType},
	{"issuer", (*check).issuer},
	{"key", (*check).key},
	{"signature", (*check).signature},
	{"time", (*check).time},
	{"audience", (*check).audience},
	{"use", (*check).use},
	{"subject", (*check).subject},
	{"rights", (*check).rights},
	{"user", (*check).user},
}

// check is a token on its way through the steps.
type check struct {
	verifier *Verifier
	token    string
	parts    parts
	result   verified
	signedBy key
	// note, unless it is nil, gets what a step found.
	note func(string)
}

// run takes all steps, up to the first that refuses the token.
func (c *check) run(ctx context.Context) *refusal {
	for _, each := range steps {
		if refused := each.run(c, ctx); refused != nil {
			return refused
		}
	}
	return nil
}

func (c *check) found(format string, values ...any) {
	if c.note != nil {
		c.note(fmt.Sprintf(format, values...))
	}
}

func (c *check) size(context.Context) *refusal {
	c.found("%d bytes", len(c.token))
	if len(c.token) > maxToken {
		return tooLarge()
	}
	return nil
}

func (c *check) form(context.Context) *refusal {
	var refused *refusal
	if c.parts, refused = split(c.token); refused != nil {
		return refused
	}
	c.found("header, claims and signature")
	return nil
}

func (c *check) algorithm(context.Context) *refusal {
	h := &c.parts.header
	c.found("%q", h.Algorithm)
	if h.Critical != nil {
		return refuse("has critical extensions (crit), which Roster does not understand", "have the provider leave them out")
	}
	if _, known := algorithms[h.Algorithm]; !known {
		return refuse("has no accepted algorithm",
			"have the provider sign with RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA")
	}
	return nil
}

// tokenType tells access tokens from other tokens of the same issuer (RFC 9068,
// section 4; RFC 8725, section 3.11).
func (c *check) tokenType(context.Context) *refusal {
	c.found("%q", c.parts.header.Type)
	name := strings.ToLower(c.parts.header.Type)
	switch name = strings.TrimPrefix(name, "application/"); {
	case name == "at+jwt", c.verifier.config.AnyType && (name == "jwt" || name == ""):
		return nil
	case name == "jwt" || name == "":
		return refuse("does not have the type at+jwt", "send the access token, not the ID token; "+
			"if the provider's access tokens have no such type, set ROSTER_TOKEN_TYPE=any")
	}
	return refuse("is a token for another use", "send the access token")
}

func (c *check) issuer(context.Context) *refusal {
	name := stringClaim(c.parts.claims, "iss")
	c.found("%q", name)
	if c.result.issuer = c.verifier.issuers[name]; c.result.issuer == nil {
		return refuse("is of an issuer that is not trusted", "use a provider of ROSTER_TOKEN_ISSUERS")
	}
	return nil
}

func (c *check) key(ctx context.Context) *refusal {
	h := &c.parts.header
	c.found("id %q", h.KeyID)
	issuer := c.result.issuer
	found, ok := c.lookUp()
	if !ok && issuer.renew(ctx) {
		found, ok = c.lookUp()
	}
	switch {
	case c.result.keys == nil:
		r := refuse("the keys of the access token's issuer can't be read", "try again later")
		r.unavailable = true
		return r
	case !ok:
		return refuse("is signed with a key that its issuer does not publish",
			"get a new token; right after a change of keys, try again after 10 s")
	case !found.fits(h.Algorithm):
		return refuse("has an algorithm that its key is not for", "have the provider name the key that it signs with")
	}
	c.signedBy = found
	return nil
}

// lookUp finds the key among those that the issuer has now.
func (c *check) lookUp() (key, bool) {
	c.result.keys = c.result.issuer.keys.Load()
	if c.result.keys == nil {
		return key{}, false
	}
	return c.result.keys.find(c.parts.header.KeyID, c.parts.header.Algorithm)
}

func (c *check) signature(context.Context) *refusal {
	method := algorithms[c.parts.header.Algorithm].method
	if method.Verify(c.parts.signed, c.parts.signature, c.signedBy.public) != nil {
		return refuse("has a wrong signature", "send the access token as the provider issued it")
	}
	c.found("right")
	return nil
}

// leeway is how far clocks may differ.
const leeway = time.Minute

func (c *check) time(context.Context) *refusal {
	now := c.verifier.outside.Clock.Now()
	end, ok := instant(c.parts.claims["exp"])
	if !ok {
		return refuse("has no time of expiry (exp)", "have the provider issue tokens that expire")
	}
	c.found("expires %s", end.Format(time.RFC3339))
	c.result.end = end.Add(leeway)
	if !now.Before(c.result.end) {
		return refuse("has expired", "get a new one")
	}
	for _, name := range []string{"nbf", "iat"} {
		value, given := c.parts.claims[name]
		at, ok := instant(value)
		if given && !ok {
			return refuse("has a malformed time ("+name+")", "have the provider write seconds since 1970")
		}
		if given && now.Add(leeway).Before(at) {
			return refuse("is of the future ("+name+")", "set the clocks of the provider and of Roster")
		}
	}
	return nil
}

// instant is the time of a claim: seconds since 1970, up to the year 9999.
func instant(value any) (time.Time, bool) {
	seconds, ok := value.(float64)
	if !ok || seconds < 0 || seconds > 253402300799 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)).UTC(), true
}
