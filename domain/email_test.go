package domain_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"pgregory.net/rapid"
)

func TestEmailsOfRFC5321AreAccepted(t *testing.T) {
	for text, want := range map[string]string{
		"ada@example.com":              "ada@example.com",
		"Ada.Lovelace@EXAMPLE.Com":     "Ada.Lovelace@example.com",
		"o'neil+news@xn--bcher-kva.de": "o'neil+news@xn--bcher-kva.de",
		"!#$%&'*+-/=?^_`{|}~@a.b":      "!#$%&'*+-/=?^_`{|}~@a.b",
		"root@localhost":               "root@localhost",
		"a@[192.0.2.1]":                "a@[192.0.2.1]",
		"a@[IPv6:2001:DB8::1]":         "a@[ipv6:2001:db8::1]",
		strings.Repeat("l", 64) + "@" + strings.Repeat("d", 63) + ".com": strings.Repeat("l", 64) + "@" + strings.Repeat("d", 63) + ".com",
	} {
		got, err := domain.ParseEmail(text)
		if err != nil || got.String() != want {
			t.Errorf("ParseEmail(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestOtherEmailsAreRefusedWithFieldAndFix(t *testing.T) {
	for _, text := range []string{
		"", "ada", "@example.com", "ada@", "a..b@example.com", ".a@example.com", "a.@example.com",
		`"ada l"@example.com`, "ada l@example.com", "ada@exa mple.com", "ada@-example.com", "ada@example-.com",
		"ada@example..com", "ada@example.com.", "ada@münchen.de", "zoë@example.com", "a@b@c@", "a@[300.0.0.1]",
		"a@[2001:db8::1]", "a@[IPv6:192.0.2.1]", "a@[192.0.2.1", "a@[IPv6:fe80::1%eth0]", "ada@example.com\x00", "ada@under_score.com",
		strings.Repeat("l", 65) + "@example.com",
		"a@" + strings.Repeat("d", 64) + ".com",
		"a@" + strings.Repeat("d.", 127) + "com",
	} {
		_, err := domain.ParseEmail(text)
		refused(t, err, "email", text)
	}
}

func TestEmailsThatDifferByCaseHaveOneKey(t *testing.T) {
	a, b := domain.MustParse(domain.ParseEmail("ADA@example.com")), domain.MustParse(domain.ParseEmail("ada@EXAMPLE.com"))
	if a.Key() != b.Key() || a == b {
		t.Errorf("keys %q and %q of %q and %q", a.Key(), b.Key(), a, b)
	}
}

func TestParsingAnEmailAgainChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := `[a-zA-Z0-9!#$%&'*+/=?^_{|}~-]{1,10}(\.[a-zA-Z]{1,5})?@[a-zA-Z0-9]{1,8}(\.[a-zA-Z]{2,6}){0,2}`
		text := rapid.StringMatching(pattern).Draw(t, "text")
		first, err := domain.ParseEmail(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if again, err := domain.ParseEmail(first.String()); err != nil || again != first {
			t.Fatalf("%q became %q, then %q (%v)", text, first, again, err)
		}
	})
}

// refused checks that err is an Invalid Error with a field, a detail and a fix.
func refused(t *testing.T, err error, field, input string) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) {
		t.Errorf("%.80q was accepted", input)
		return
	}
	if e.Kind != domain.Invalid || e.Reason == "" || e.Field != field || e.Detail == "" || e.Fix == "" {
		t.Errorf("%.80q: error is not complete: %+v", input, *e)
	}
	if strings.ContainsRune(e.Error(), 0) {
		t.Errorf("%.80q: error shows the raw input: %q", input, e)
	}
}
