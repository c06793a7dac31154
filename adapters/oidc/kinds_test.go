package oidc_test

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestWithAnyTypeIDTokensAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.config.AnyType = true
		w.start(t)
		s := w.staff.keys[0]
		for _, header := range []fields{{"typ": "JWT"}, {"typ": nil}, {"typ": "application/at+JWT"}} {
			if err := w.authenticate(token(s, header, fields{"typ": "Bearer"})); err != nil {
				t.Errorf("%v: %v", header, err)
			}
		}
		jwt := fields{"typ": "JWT"}
		w.refuses(t, []badToken{
			{"nonce", token(s, jwt, fields{"nonce": "1"}), "ID token"},
			{"at_hash", token(s, jwt, fields{"at_hash": "1"}), "ID token"},
			{"Keycloak's ID token", token(s, jwt, fields{"typ": "ID"}), "another use"},
			{"Keycloak's refresh token", token(s, jwt, fields{"typ": "Refresh"}), "another use"},
			{"a logout token", token(s, fields{"typ": "logout+jwt"}, nil), "another use"},
		})
		w.stop()
	})
}

func TestTokensOfAllAlgorithmsAreAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.staff.keys = []signer{
			rsaSigner("rsa", 0), ecSigner("p256", "ES256", elliptic.P256()), ecSigner("p384", "ES384", elliptic.P384()),
			ecSigner("p521", "ES512", elliptic.P521()), edSigner("ed"),
		}
		w.start(t)
		for _, s := range w.staff.keys {
			names := []string{s.algorithm}
			if s.id == "rsa" {
				names = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
			}
			for _, name := range names {
				s.algorithm = name
				good := token(s, nil, nil)
				if err := w.authenticate(good); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				w.refuses(t, []badToken{{name + " changed", changed(good), "signature"}})
			}
		}
		if err := w.authenticate(token(w.staff.keys[4], fields{"kid": nil}, nil)); err != nil {
			t.Errorf("the only key that fits, without a kid: %v", err)
		}
		w.staff.change(func(p *provider) { p.keys = append(p.keys[:5:5], edSigner("ed2")) })
		time.Sleep(6 * time.Minute)
		w.refuses(t, []badToken{{"two keys fit", token(w.staff.keys[4], fields{"kid": nil}, nil), "does not publish"}})
		w.stop()
	})
}

func TestRefusalsShowNothingOfTheToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld().start(t)
		s := w.staff.keys[0]
		const canary = "CANARY"
		bad := []string{
			canary, canary + ".a.b", raw(canary) + ".a.b", token(s, fields{"kid": canary}, nil), token(s, fields{"typ": canary}, nil),
			token(s, fields{"alg": canary}, nil), token(s, nil, fields{"iss": canary}), token(s, nil, fields{"aud": canary}),
			token(s, nil, fields{"exp": canary}), token(s, nil, fields{"nbf": canary}), token(s, nil, fields{"sub": canary + "\n"}),
			token(s, nil, fields{"cnf": canary}), token(s, fields{"crit": canary}, nil),
		}
		for _, text := range bad {
			err := w.authenticate(text)
			if err == nil || strings.Contains(err.Error(), canary) {
				t.Errorf("%s: %v", text, err)
			}
		}
		good := token(s, nil, nil)
		taken, _ := w.verifier.Explain(context.Background(), good)
		shown := must(json.Marshal(taken))
		w.stop()
		for _, part := range strings.Split(good, ".") {
			if bytes.Contains(shown, []byte(part)) || strings.Contains(w.log.String(), part) {
				t.Errorf("a part of the token is shown: %s", part)
			}
		}
		if strings.Contains(w.log.String(), canary) {
			t.Errorf("the log has the canary: %s", w.log.String())
		}
	})
}
