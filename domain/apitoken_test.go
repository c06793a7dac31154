package domain_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
)

func drawToken(t *rapid.T) domain.APIToken {
	var id domain.APIKeyID
	copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	return domain.NewAPIToken(id, func(b []byte) { copy(b, rapid.SliceOfN(rapid.ByteMax(247), len(b), len(b)).Draw(t, "random")) })
}

func zeros() domain.APIToken { return domain.NewAPIToken(domain.APIKeyID{}, func([]byte) {}) }

func ones(b []byte) {
	for i := range b {
		b[i] = 1
	}
}

func TestAPITokensAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := drawToken(t)
		text := token.String()
		if len(text) != 79 || !domain.IsAPIToken(text) {
			t.Fatalf("%q has %d characters, want 79 and the prefix", text, len(text))
		}
		read, err := domain.ParseAPIToken(text)
		if err != nil || read != token {
			t.Fatalf("%q is read as %v, %v", text, read, err)
		}
		if !read.Matches(token.Hash()) {
			t.Fatal("a token does not match its own hash")
		}
	})
}

func TestTypingErrorsInAPITokensAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawToken(t).String()
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		differs := func(c string) bool { return c != text[at:at+1] }
		other := rapid.SampledFrom(strings.Split("0123456789ABCxyz_-.", "")).Filter(differs).Draw(t, "other")
		_, err := domain.ParseAPIToken(text[:at] + other + text[at+1:])
		if !errors.Is(err, domain.Unauthenticated) {
			t.Fatalf("character %d changed to %s: got %v, want an Unauthenticated error", at, other, err)
		}
	})
}

func TestAPITokensOfTheWrongFormAreRefused(t *testing.T) {
	token := zeros().String()
	for name, text := range map[string]string{
		"empty": "", "another prefix": "rooster" + token[6:], "too short": token[:78], "too long": token + "0",
		"a separator that is a digit": strings.Replace(token, "0_0", "000", 1), "not ASCII": strings.Replace(token, "00", "é", 1),
		"an id of more than 128 bits": "roster_zzzzzzzzzzzzzzzzzzzzzz" + token[29:],
	} {
		if _, err := domain.ParseAPIToken(text); !errors.Is(err, domain.Unauthenticated) {
			t.Errorf("%s: got %v, want an Unauthenticated error", name, err)
		}
	}
}

func TestAnotherSecretDoesNotMatch(t *testing.T) {
	if domain.NewAPIToken(domain.APIKeyID{}, ones).Matches(zeros().Hash()) {
		t.Error("another secret matches")
	}
}

func FuzzParseAPIToken(f *testing.F) {
	f.Add(zeros().String())
	f.Add("roster_")
	f.Fuzz(func(t *testing.T, text string) {
		token, err := domain.ParseAPIToken(text)
		if err == nil && token.String() != text {
			t.Errorf("%q is read as the token of %q", text, token)
		}
		if err != nil && len(text) > 12 && strings.Contains(err.Error(), text) {
			t.Errorf("the error shows the token: %v", err)
		}
	})
}

func TestDigitsOfSecretsAreEquallyLikely(t *testing.T) {
	next := byte(0)
	token := domain.NewAPIToken(domain.APIKeyID{}, func(b []byte) {
		for i := range b {
			b[i], next = 255-next, next+1
		}
	})
	// The bytes 255 to 248 are passed over: the secret begins with byte 247, the digit z.
	if !strings.HasPrefix(token.Secret, "zyxw") {
		t.Errorf("the secret is %s", token.Secret)
	}
}
