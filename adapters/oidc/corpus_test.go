package oidc_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roster-directory/roster/domain"
)

// badToken is a token that must be refused, and a part of the reason.
type badToken struct{ name, token, reason string }

// confused signs with the public key as the secret of an HMAC (RFC 8725, section 2.1).
func confused(s signer, secret []byte) string {
	signed := encode(with(goodHeader(s), fields{"alg": "HS256"})) + "." + encode(goodClaims())
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func publicPEM(s signer) []byte {
	der, err := x509.MarshalPKIXPublicKey(s.public())
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func raw(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// badHeaders are after RFC 8725, sections 3.1, 3.2, 3.5, 3.10 and 3.11.
func badHeaders(s signer) []badToken {
	good, foreign := token(s, nil, nil), rsaSigner("one", 2)
	parts := strings.Split(good, ".")
	jwk, _ := json.Marshal(foreign.jwk())
	der, _ := x509.MarshalPKIXPublicKey(s.public())
	return []badToken{
		{"alg none", encode(fields{"alg": "none", "kid": s.id, "typ": "at+jwt"}) + "." + parts[1] + ".", "algorithm"},
		{"alg None", encode(fields{"alg": "None", "kid": s.id, "typ": "at+jwt"}) + "." + parts[1] + "." + parts[2], "algorithm"},
		{"no alg", encode(fields{"kid": s.id, "typ": "at+jwt"}) + "." + parts[1] + "." + parts[2], "algorithm"},
		{"HS256 by the public key in PEM", confused(s, publicPEM(s)), "algorithm"},
		{"HS256 by the public key in DER", confused(s, der), "algorithm"},
		{"ES256 with an RSA key", encode(with(goodHeader(s), fields{"alg": "ES256"})) + "." + parts[1] + "." + parts[2], "not for"},
		{"EdDSA with an RSA key", encode(with(goodHeader(s), fields{"alg": "EdDSA"})) + "." + parts[1] + "." + parts[2], "not for"},
		{"a signature of RS256 as PS256", encode(with(goodHeader(s), fields{"alg": "PS256"})) + "." + parts[1] + "." + parts[2], "signature"},
		{"crit", token(s, fields{"crit": []string{"exp"}}, nil), "critical"},
		{"crit that is empty", token(s, fields{"crit": []string{}}, nil), "critical"},
		{"crit b64", token(s, fields{"crit": []string{"b64"}, "b64": false}, nil), "critical"},
		{"a key in the header", token(foreign, fields{"jwk": json.RawMessage(jwk)}, nil), "signature"},
		{"a place of keys in the header", token(foreign, fields{"jku": "https://evil.example/jwks", "kid": "evil"}, nil), "does not publish"},
		{"typ JWT", token(s, fields{"typ": "JWT"}, nil), "at+jwt"},
		{"no typ", token(s, fields{"typ": nil}, nil), "at+jwt"},
		{"typ of a logout token", token(s, fields{"typ": "logout+jwt"}, nil), "another use"},
		{"typ that is a number", token(s, fields{"typ": 1}, nil), "malformed header"},
		{"an unknown kid", token(s, fields{"kid": "three"}, nil), "does not publish"},
		{"the kid of another issuer", token(rsaSigner("two", 1), nil, nil), "does not publish"},
		{"another issuer's key under a kid of this one", token(signer{"one", "RS256", rsaKeys()[1]}, nil, nil), "signature"},
		{"a key that nobody published", token(foreign, nil, nil), "signature"},
		{"a repeated alg", sign(raw(`{"alg":"RS256","alg":"RS256","kid":"one","typ":"at+jwt"}`), encode(goodClaims()), s), "malformed header"},
		{"a header that is no object", sign(raw(`["RS256"]`), encode(goodClaims()), s), "malformed header"},
	}
}

// badClaims are after RFC 8725, sections 3.8 to 3.12, and RFC 9068, section 4.
func badClaims(s signer) []badToken {
	now := time.Now().Unix()
	claims := func(changes fields) string { return token(s, nil, changes) }
	repeated := strings.Replace(string(must(json.Marshal(goodClaims()))), `{`, `{"sub":"root",`, 1)
	return []badToken{
		{"another audience", claims(fields{"aud": "https://other.example"}), "audience"},
		{"Keycloak's audience account", claims(fields{"aud": "account"}), "audience"},
		{"an audience that begins so", claims(fields{"aud": audience + "/"}), "audience"},
		{"an audience in other letters", claims(fields{"aud": strings.ToUpper(audience)}), "audience"},
		{"audiences without ours", claims(fields{"aud": []string{"a", "b"}}), "audience"},
		{"no audience", claims(fields{"aud": nil}), "audience"},
		{"an audience that is an object", claims(fields{"aud": fields{audience: true}}), "audience"},
		{"expired", claims(fields{"exp": now - 60}), "expired"},
		{"no exp", claims(fields{"exp": nil}), "expiry"},
		{"exp that is a text", claims(fields{"exp": "9999999999"}), "expiry"},
		{"exp beyond all years", claims(fields{"exp": 1e300}), "expiry"},
		{"nbf of the future", claims(fields{"nbf": now + 62}), "future (nbf)"},
		{"iat of the future", claims(fields{"iat": now + 62}), "future (iat)"},
		{"nbf that is a text", claims(fields{"nbf": "0"}), "malformed time (nbf)"},
		{"an unknown issuer", claims(fields{"iss": "https://evil.example"}), "not trusted"},
		{"no issuer", claims(fields{"iss": nil}), "not trusted"},
		{"an issuer with a slash more", claims(fields{"iss": staff + "/"}), "not trusted"},
		{"an issuer that is a list", claims(fields{"iss": []string{staff}}), "not trusted"},
		{"another issuer's token with this one's name", claims(fields{"iss": partner}), "does not publish"},
		{"no subject", claims(fields{"sub": nil}), "subject"},
		{"an empty subject", claims(fields{"sub": ""}), "subject"},
		{"a long subject", claims(fields{"sub": strings.Repeat("a", 256)}), "subject"},
		{"a subject with NUL", claims(fields{"sub": "a\x00"}), "subject"},
		{"bound to a key of the client", claims(fields{"cnf": fields{"jkt": "0"}}), "bound to a key"},
		{"a repeated claim", sign(encode(goodHeader(s)), raw(repeated), s), "unique names"},
		{"claims that are no object", sign(encode(goodHeader(s)), raw(`null`), s), "claims"},
		{"claims that are not UTF-8", sign(encode(goodHeader(s)), raw("{\"sub\":\"\xff\"}"), s), "claims"},
		{"text after the claims", sign(encode(goodHeader(s)), raw(string(must(json.Marshal(goodClaims())))+"{}"), s), "claims"},
		{"claims of great depth", sign(encode(goodHeader(s)), raw(strings.Repeat("[", 9000)), s), "claims"},
	}
}

// changed is a token with another signature of the same form.
func changed(good string) string {
	text := []byte(good)
	digit := &text[len(text)-20]
	if *digit == 'A' {
		*digit = 'B'
	} else {
		*digit = 'A'
	}
	return string(text)
}

func badForms(s signer) []badToken {
	good := token(s, nil, nil)
	parts := strings.Split(good, ".")
	return []badToken{
		{"nothing", "", "three parts"},
		{"no token", "opaque", "three parts"},
		{"an encrypted token", "a.b.c.d.e", "encrypted"},
		{"two parts", parts[0] + "." + parts[1], "three parts"},
		{"no signature", parts[0] + "." + parts[1] + ".", "signature"},
		{"empty parts", "..", "base64url"},
		{"padding", parts[0] + "=." + parts[1] + "." + parts[2], "base64url"},
		{"a line break", parts[0] + "." + parts[1] + "\n." + parts[2], "base64url"},
		{"base64", parts[0] + "." + parts[1] + ".+/+/", "base64url"},
		{"a changed signature", changed(good), "signature"},
		{"changed claims", parts[0] + "." + encode(with(goodClaims(), fields{"sub": "root"})) + "." + parts[2], "signature"},
		{"100 KiB", token(s, nil, fields{"pad": strings.Repeat("a", 100<<10)}), "16 KiB"},
		{"a dot a byte", strings.Repeat(".", 16<<10), "three parts"},
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func (w *world) refuses(t *testing.T, bad []badToken) {
	t.Helper()
	for _, c := range bad {
		for range 2 { // also if the first answer were remembered
			err := w.authenticate(c.token)
			if !errors.Is(err, domain.Unauthenticated) || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("%s: got %v, want %q", c.name, err, c.reason)
			}
		}
		taken, caller := w.verifier.Explain(context.Background(), c.token)
		if last := taken[len(taken)-1]; caller != nil || !strings.Contains(last.Refused, c.reason) || last.Fix == "" {
			t.Errorf("%s: explained as %+v", c.name, last)
		}
	}
}

func TestBadTokensAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld().start(t)
		s := w.staff.keys[0]
		if err := w.authenticate(token(s, nil, nil)); err != nil {
			t.Fatal(err)
		}
		w.refuses(t, slices.Concat(badHeaders(s), badClaims(s), badForms(s)))
		w.stop()
	})
}
