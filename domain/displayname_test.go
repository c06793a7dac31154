package domain_test

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

func TestDisplayNamesOfAnyScriptAreLegal(t *testing.T) {
	for _, text := range []string{
		"Zoë", "O'Neil", "Nguyễn Thị Minh Khai", "李小龍", "محمد", "Ὀδυσσεύς", "d’Artagnan", "Ada  Lovelace",
		"👩‍💻", strings.Repeat("李", 200),
	} {
		if got, err := domain.ParseDisplayName(text); err != nil || got.String() != text {
			t.Errorf("ParseDisplayName(%q) = %q, %v", text, got, err)
		}
	}
}

func TestDisplayNamesBecomeNFC(t *testing.T) {
	got, err := domain.ParseDisplayName("Zoe\u0308")
	if err != nil || got.String() != "Zo\u00eb" {
		t.Errorf("got %+q, %v", got.String(), err)
	}
}

func TestInvalidDisplayNamesAreRefused(t *testing.T) {
	for _, text := range []string{"", "   ", "\u00a0", "a\x00b", "a\nb", "a\u0085b", "\x7f", "a\xffb", strings.Repeat("x", 201)} {
		_, err := domain.ParseDisplayName(text)
		refused(t, err, "display_name", text)
	}
}
