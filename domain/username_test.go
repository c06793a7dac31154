package domain_test

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"pgregory.net/rapid"
)

func TestUsernamesAreASCIIHandles(t *testing.T) {
	for _, text := range []string{"a", "Z", "0", "ada_lovelace_12345", "Ada.L-o_v", strings.Repeat("x", 64)} {
		if got, err := domain.ParseUsername(text); err != nil || got.String() != text {
			t.Errorf("ParseUsername(%q) = %q, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "-ada", ".ada", "_ada", "ada lovelace", "zoë", "ada\x00", "ada@home", "李", "\xff", strings.Repeat("x", 65), "a\n",
	} {
		_, err := domain.ParseUsername(text)
		refused(t, err, "username", text)
	}
}

func TestUsernameKeysFoldASCIIOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._-]{0,63}`).Draw(t, "text")
		name := domain.MustParse(domain.ParseUsername(text))
		if name.Key() != strings.ToLower(text) {
			t.Fatalf("key of %q is %q", text, name.Key())
		}
	})
}

func TestExternalIDsAreShortFreeText(t *testing.T) {
	if id, err := domain.ParseExternalID("hr:0042/ü"); err != nil || id.String() != "hr:0042/ü" || id.IsZero() {
		t.Errorf("got %q, %v", id, err)
	}
	for _, text := range []string{"", " ", "a\tb", "\xff", strings.Repeat("ü", 256)} {
		_, err := domain.ParseExternalID(text)
		refused(t, err, "external_id", text)
	}
}
