package oidc_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roster-directory/roster/adapters/oidc"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports/portsmock"
)

// accountsOf is a directory with one user.
func accountsOf(account *domain.Account, err *error) *portsmock.AccessTokensMock {
	find := func(name, want string) (domain.Account, error) {
		if name != want {
			return domain.Account{}, &domain.Error{Kind: domain.NotFound}
		}
		return *account, *err
	}
	return &portsmock.AccessTokensMock{
		AccountByExternalIDFunc: func(_ context.Context, id domain.ExternalID) (domain.Account, error) { return find(id.String(), "ada") },
		AccountByEmailFunc: func(_ context.Context, email domain.Email) (domain.Account, error) {
			return find(email.String(), "ada@example.com")
		},
		AccountByUsernameFunc: func(_ context.Context, name domain.Username) (domain.Account, error) {
			return find(name.String(), "ada")
		},
	}
}

func TestTokensFallWithTheirUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		named := fields{"preferred_username": "ada", "email": "ada@example.com", "email_verified": true}
		for _, field := range []oidc.UserField{oidc.ByExternalID, oidc.ByEmail, oidc.ByUsername} {
			account, failure := domain.Account{Status: domain.Active}, error(nil)
			w := newWorld()
			w.config.Users, w.outside.Accounts = field, accountsOf(&account, &failure)
			w.start(t)
			text := token(w.staff.keys[0], nil, named)
			w.accepts(t, text, text)
			account.Status = domain.Suspended
			w.refuses(t, []badToken{{"suspended", text, "not an active user"}})
			account.Status, failure = domain.Active, &domain.Error{Kind: domain.NotFound}
			w.refuses(t, []badToken{{"deleted", text, "not an active user"}})
			failure = &domain.Error{Kind: domain.Unavailable}
			if err := w.authenticate(text); !errors.Is(err, domain.Unavailable) {
				t.Errorf("got %v", err)
			}
			failure = nil
			w.accepts(t, text)
			nobody := with(named, fields{"sub": "eve", "email": "eve@example.com", "preferred_username": "eve"})
			w.refuses(t, []badToken{{"unknown", token(w.staff.keys[0], nil, nobody), "not an active user"}})
			if field == oidc.ByEmail {
				w.refuses(t, []badToken{
					{"unverified", token(w.staff.keys[0], nil, with(named, fields{"email_verified": false})), "names no user"},
					{"unverified, in words", token(w.staff.keys[0], nil, with(named, fields{"email_verified": "true"})), "names no user"},
				})
			}
			w.stop()
		}
	})
}

func TestRememberedTokensExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld().start(t)
		text := token(w.staff.keys[0], nil, fields{"aud": []string{"x", audience}})
		w.accepts(t, text, text)
		time.Sleep(11*time.Minute - time.Second) // with the leeway
		w.accepts(t, text)
		time.Sleep(time.Second)
		w.refuses(t, []badToken{{"expired", text, "expired"}})
		early := fields{"iat": time.Now().Unix() + 59, "nbf": time.Now().Unix() + 59}
		w.accepts(t, token(w.staff.keys[0], nil, early))
		w.stop()
	})
}

// TestTheMemoryOfTokensIsBounded counts the bytes of more tokens than are remembered.
func TestTheMemoryOfTokensIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		s := edSigner("ed")
		w.staff.keys = []signer{s}
		w.start(t)
		held := func() uint64 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		ask := func(from, to int) {
			for n := from; n < to; n++ {
				w.accepts(t, token(s, nil, fields{"jti": fmt.Sprint(n)}))
			}
		}
		ask(0, 4200)
		before := held()
		ask(4200, 12000)
		if after := held(); after > before+(2<<20) {
			t.Errorf("%d bytes more are held", after-before)
		}
		w.stop()
	})
}

func BenchmarkAuthenticate(b *testing.B) {
	for name, config := range map[string]struct {
		s        signer
		remember bool
	}{
		"remembered": {rsaSigner("one", 0), true}, "RS256": {rsaSigner("one", 0), false}, "EdDSA": {edSigner("one"), false},
	} {
		b.Run(name, func(b *testing.B) {
			w := newWorld()
			w.staff.keys = []signer{config.s}
			verifier, err := oidc.New(w.config, w.outside)
			if err != nil {
				b.Fatal(err)
			}
			defer verifier.Start(b.Context())()
			text := token(config.s, nil, nil)
			if _, err := verifier.Authenticate(b.Context(), text); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if config.remember {
					_, err = verifier.Authenticate(b.Context(), text)
				} else {
					_, caller := verifier.Explain(b.Context(), text)
					if caller == nil {
						b.Fatal("refused")
					}
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzToken looks for a text that is accepted although nobody signed it, and for one
// that causes a panic.
func FuzzToken(f *testing.F) {
	w := newWorld()
	s := w.staff.keys[0]
	verifier, err := oidc.New(w.config, w.outside)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(verifier.Start(context.Background()))
	good := token(s, nil, fields{"exp": time.Now().Add(24 * time.Hour).Unix()})
	f.Add(good)
	for _, bad := range append(badHeaders(s), badClaims(s)...) {
		f.Add(bad.token)
	}
	f.Fuzz(func(t *testing.T, text string) {
		caller, err := verifier.Authenticate(t.Context(), text)
		if err == nil && text != good {
			t.Errorf("accepted as %s", caller.Subject)
		}
		if err != nil && !errors.Is(err, domain.Unauthenticated) && !errors.Is(err, domain.Unavailable) {
			t.Errorf("the error is %v", err)
		}
	})
}
