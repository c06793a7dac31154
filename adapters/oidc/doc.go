// Package oidc admits callers by access tokens of OpenID providers: JSON Web Tokens
// (RFC 7519), checked after RFC 8725 and RFC 9068.
//
// A [Verifier] checks a token in the order of steps.go, which [Verifier.Explain]
// shows. It trusts the issuers of its Config and no other, and looks a key up among
// those of the token's issuer only. A header can't bring a key along (jwk, jku, x5c,
// x5u): it is not looked at.
//
// Each issuer has a goroutine that fetches its keys:
//
//	when                              | what happens
//	every 5 minutes                   | discovery, then the key set
//	a token has an unknown key id     | the same, and the request waits for it; but no
//	                                  | fetch begins within 10 s of another
//	a fetch fails, or finds no key    | the known keys stay; the next try is after 10 s,
//	                                  | then 20 s, up to 5 minutes
//	all fetches fail for three days   | the known keys are dropped
//	the keys changed                  | the database keeps them, for the next start
//
// Requests whose key is known never wait for a fetch.
//
// A token that was verified is remembered by its SHA-256, until it expires or its
// issuer's keys change. Whether its user is active is asked with each request.
package oidc
