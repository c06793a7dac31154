package domain_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/roster-directory/roster/domain"
)

// text is a value that is read from a text, by the field that its errors name.
type text struct {
	field string
	most  int // characters
	parse func(string) (string, error)
}

// shows parses a value and returns its text.
func shows[T interface{ String() string }](parse func(string) (T, error)) func(string) (string, error) {
	return func(s string) (string, error) {
		v, err := parse(s)
		return v.String(), err
	}
}

func texts() map[string]text {
	return map[string]text{
		"id":                {"id", 36, shows(func(s string) (domain.UserID, error) { return domain.ParseID[domain.User]("id", s) })},
		"username":          {"username", 64, shows(domain.ParseUsername)},
		"email":             {"email", 254, shows(domain.ParseEmail)},
		"external id":       {"external_id", 255, shows(domain.ParseExternalID)},
		"display name":      {"display_name", 200, shows(domain.ParseDisplayName)},
		"organization name": {"name", 200, shows(domain.ParseOrganizationName)},
		"slug":              {"slug", 63, shows(domain.ParseSlug)},
		"plan code":         {"plan", 32, shows(domain.ParsePlanCode)},
		"plan name":         {"name", 100, shows(domain.ParsePlanName)},
		"event kind":        {"kind", 64, shows(domain.ParseEventKind)},
		"search term":       {"term", 1024, shows(domain.ParseSearchTerm)},
	}
}

// FuzzTexts holds that what a value shows is short, plain, and reads as the same value.
func FuzzTexts(f *testing.F) {
	for _, seed := range []string{
		"", "ada", "Ada.Lovelace", "ada@example.com", "01890A5D-ac96-774b-bcce-b302099a8057", "team-1", "com.example.login",
		"Nguye\u0302\u0303n", "李小龍", "a\x00b", "\u0085", "\xff", " ", "\u200b", strings.Repeat("a", 300), "\u1100\u1161\u11a8",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		for name, c := range texts() {
			shown, err := c.parse(sent)
			if err != nil {
				if failures := domain.Failures(err); !errors.Is(err, domain.Invalid) || len(failures) != 1 || failures[0].Field != c.field ||
					failures[0].Fix == "" {
					t.Errorf("%s %q: %#v", name, sent, err)
				}
				continue
			}
			if n := utf8.RuneCountInString(shown); n == 0 || n > c.most || !utf8.ValidString(shown) ||
				strings.ContainsFunc(shown, unicode.IsControl) {
				t.Errorf("%s %q shows %q", name, sent, shown)
			}
			if again, err := c.parse(shown); err != nil || again != shown {
				t.Errorf("%s %q shows %q, which shows %q, %v", name, sent, shown, again, err)
			}
		}
	})
}
