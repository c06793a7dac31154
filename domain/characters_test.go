package domain

import (
	"slices"
	"testing"
	"unicode"
)

// The definition is that of Unicode's DerivedCoreProperties.txt.
func TestIgnorablesAreUnicodes(t *testing.T) {
	prepended := []span{{0x600, 0x605}, {0x6dd, 0x6dd}, {0x70f, 0x70f}, {0x890, 0x891}, {0x8e2, 0x8e2}, {0x110bd, 0x110bd}, {0x110cd, 0x110cd}}
	visible := []span{{0xfff9, 0xfffb}, {0x13430, 0x1343f}}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Cf, unicode.Variation_Selector) &&
			!unicode.Is(unicode.White_Space, r) && !within(r, slices.Concat(prepended, visible))
		if got := within(r, ignorables); got != want {
			t.Errorf("%U is ignorable: %t; want %t", r, got, want)
		}
	}
}

func TestTextWithoutAVisibleCharacterIsRefused(t *testing.T) {
	fields := map[string]func(string) error{
		"display_name": func(s string) error { _, err := ParseDisplayName(s); return err },
		"external_id":  func(s string) error { _, err := ParseExternalID(s); return err },
		"name":         func(s string) error { _, err := ParseOrganizationName(s); return err },
		"plan name":    func(s string) error { _, err := ParsePlanName(s); return err },
		"term":         func(s string) error { _, err := ParseSearchTerm(s); return err },
		"slug":         func(s string) error { _, err := ParseSlug(s); return err },
		"username":     func(s string) error { _, err := ParseUsername(s); return err },
		"plan code":    func(s string) error { _, err := ParsePlanCode(s); return err },
		"kind":         func(s string) error { _, err := ParseEventKind(s); return err },
	}
	invisible := []string{
		"\u00ad", "\u034f", "\u061c", "\u115f\u1160", "\u17b4", "\u180b", "\u180e", "\u200b", "\u200c\u200d", "\u200e", "\u202e", "\u2060",
		"\u2064", "\u206a", "\u2800", "\u3000", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff0", "\ufffb", "\U0001bca0", "\U0001d173",
		"\U0001d159", "\U000e0001\U000e0041", "\U000e0100", "\u00a0 \u2002\u2800\u200b", "\u1680", "\u2028", "\U00016fe4", "\U00013441",
	}
	for field, parse := range fields {
		for _, text := range invisible {
			if parse(text) == nil {
				t.Errorf("%s: %+q is taken", field, text)
			}
		}
	}
	for _, text := range []string{"a\u200b", "\u200dج\u200d", "👩\u200d💻", "\u0301", "-", "\u00adx", "\ufffd", "ㅤ김"} {
		for _, field := range []string{"display_name", "external_id", "name", "plan name"} {
			if err := fields[field](text); err != nil {
				t.Errorf("%s: %+q: %v", field, text, err)
			}
		}
		if name, _ := ParseDisplayName(text); name.String() != text {
			t.Errorf("%+q is kept as %+q", text, name)
		}
	}
}
