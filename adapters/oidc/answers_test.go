package oidc_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestBadAnswersOfAProviderLeaveTheKeysAsTheyAre(t *testing.T) {
	keys := map[string]func() string{
		"no keys":           func() string { return `{"keys":[]}` },
		"null":              func() string { return `null` },
		"HTML":              func() string { return `<html>` },
		"a secret as a key": func() string { return `{"keys":[{"kty":"oct","k":"c2VjcmV0","alg":"HS256","kid":"one"}]}` },
		"a key of encryption": func() string {
			return strings.Replace((&provider{keys: []signer{rsaSigner("x", 2)}}).keySet(), `"sig"`, `"enc"`, 1)
		},
		"a repeated name": func() string { return `{"keys":[],"keys":[]}` },
		"a huge body":     func() string { return `{"keys":[],"pad":"` + strings.Repeat("a", 1<<20) + `"}` },
		"too many keys":   func() string { return `{"keys":[` + strings.Repeat(`{},`, 100) + `{}]}` },
		"a weak key": func() string {
			return `{"keys":[{"kty":"RSA","n":"` + strings.Repeat("A", 170) + `","e":"AQAB","kid":"one"}]}`
		},
		"a point beside the curve": func() string {
			return `{"keys":[{"kty":"EC","crv":"P-256","x":"` + strings.Repeat("A", 42) + `E","y":"` + strings.Repeat("A", 42) + `E"}]}`
		},
	}
	documents := map[string]string{
		"another issuer":            `{"issuer":"https://evil.example","jwks_uri":"https://id.example.com/jwks"}`,
		"keys over http":            `{"issuer":"` + staff + `","jwks_uri":"http://id.example.com/jwks"}`,
		"keys on this machine":      `{"issuer":"` + staff + `","jwks_uri":"http://127.0.0.1/jwks"}`,
		"keys in a file":            `{"issuer":"` + staff + `","jwks_uri":"file:///etc/passwd"}`,
		"no place of keys":          `{"issuer":"` + staff + `"}`,
		"a document that is a list": `[]`,
		"a huge document":           `{"issuer":"` + staff + `","pad":"` + strings.Repeat("a", 1<<20) + `"}`,
	}
	check := func(name string, spoil func(*provider)) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld().start(t)
			s := w.staff.keys[0]
			w.accepts(t, token(s, nil, nil))
			w.staff.change(spoil)
			time.Sleep(6 * time.Minute)
			w.accepts(t, token(s, nil, nil))
			w.stop()
			if !strings.Contains(w.log.String(), "can't be fetched") {
				t.Errorf("%s: the log has %s", name, w.log.String())
			}
		})
	}
	for name, document := range keys {
		check(name, func(p *provider) { p.document = document })
	}
	for name, document := range documents {
		check(name, func(p *provider) { p.discovery = document })
	}
}
