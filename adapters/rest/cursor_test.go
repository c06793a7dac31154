package rest

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
)

func knownSecret(context.Context) ([]byte, error) { return []byte("a secret"), nil }

func drawnPosition(t *rapid.T) position {
	return position{
		at:  time.UnixMicro(rapid.Int64().Draw(t, "at")).UTC(),
		key: rapid.String().Draw(t, "key"),
		id:  drawnID(t, "id"),
	}
}

func TestACursorIsReadAsItWasWritten(t *testing.T) {
	c := &cursors{secret: knownSecret}
	rapid.Check(t, func(t *rapid.T) {
		at, query := drawnPosition(t), fingerprint(rapid.String().Draw(t, "query"))
		cursor, err := c.appendCursor(t.Context(), []byte("before "), query, &at)
		if err != nil {
			t.Fatal(err)
		}
		text, ok := strings.CutPrefix(string(cursor), "before ")
		got, err := c.open(t.Context(), query, text)
		if err != nil || !ok || got == nil || *got != at {
			t.Fatalf("%+v became %s, and that %+v, %v", at, cursor, got, err)
		}
		if other, err := c.open(t.Context(), append(query, 120), text); err == nil {
			t.Fatalf("another query reads it as %+v", other)
		}
	})
}

func TestACursorIsEncrypted(t *testing.T) {
	c := &cursors{secret: knownSecret}
	at := position{key: "ada@example.com"}
	first, _ := c.appendCursor(t.Context(), nil, []byte("q"), &at)
	second, _ := c.appendCursor(t.Context(), nil, []byte("q"), &at)
	if string(first) == string(second) {
		t.Error("two cursors of one position are equal")
	}
	plain, err := base64.RawURLEncoding.DecodeString(string(first))
	if err != nil || strings.Contains(string(plain), "ada") {
		t.Errorf("the cursor is %q, %v", plain, err)
	}
}

func TestQueriesHaveDifferentFingerprints(t *testing.T) {
	if bytes.Equal(newFingerprint(domain.Principal{}, "list", "a", ""), newFingerprint(domain.Principal{}, "list", "", "a")) ||
		bytes.Equal(newFingerprint(domain.Principal{}, "list", "ab"), newFingerprint(domain.Principal{}, "list", "a", "b")) {
		t.Error("two queries have one fingerprint")
	}
}

func TestWithoutASecretNoCursorIsReadOrWritten(t *testing.T) {
	broken := errors.New("no database")
	c := &cursors{secret: func(context.Context) ([]byte, error) { return nil, broken }}
	if _, err := c.open(t.Context(), []byte("q"), "x"); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := c.link(t.Context(), "users", []byte("q"), &position{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if got, err := c.link(t.Context(), "users", []byte("q"), nil); err != nil || got != `<users>; rel="first"` {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestALinkLeavesTheCursorOut(t *testing.T) {
	for query, want := range map[string]string{
		"": "users", "cursor=x": "users", "limit=5": "users?limit=5", "cursor=x&limit=5&sort=-email": "users?limit=5&sort=-email",
		"limit=5&%63ursor=x&": "users?limit=5", "status=%61ctive&cursor=x": "users?status=%61ctive",
	} {
		if got := firstPage("users", query); got != want {
			t.Errorf("%q became %q, want %q", query, got, want)
		}
	}
}

func FuzzCursorsAreNotForged(f *testing.F) {
	c := &cursors{secret: knownSecret}
	whole, err := c.appendCursor(f.Context(), nil, []byte("q"), &position{at: time.UnixMicro(1), key: "k"})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		"", "x", "====", "AAAA", string(whole[1:]), string(whole[:40]), string(whole) + "A", "é",
		strings.Repeat("A", 2048),
	} {
		f.Add(seed, uint8(len(seed)), byte('A'))
	}
	f.Fuzz(func(t *testing.T, text string, at uint8, with byte) {
		altered := slices.Clone(whole)
		altered[int(at)%len(altered)] = with
		for _, forged := range []string{text, string(altered)} {
			if forged == "" || forged == string(whole) {
				continue
			}
			got, err := c.open(t.Context(), []byte("q"), forged)
			if err == nil {
				t.Fatalf("%q is read as %+v", forged, got)
			}
			failures := domain.Failures(err)
			if len(failures) != 1 || failures[0].Field != "cursor" || problemOf(err).kind != kindParameter {
				t.Fatalf("%q is refused by %v", forged, err)
			}
		}
	})
}

func BenchmarkALinkToTheNextPage(b *testing.B) {
	c := &cursors{secret: knownSecret}
	at := &position{at: time.Now()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.link(b.Context(), "/users", allUsers, at); err != nil {
			b.Fatal(err)
		}
	}
}
