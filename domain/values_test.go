package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
)

func TestValuesAcceptOnlyValidTexts(t *testing.T) {
	parse := func(f func(string) error) func(string) error { return f }
	for _, c := range []struct {
		field     string
		parse     func(string) error
		good, bad []string
	}{
		{
			"slug", parse(func(s string) error { _, err := domain.ParseSlug(s); return err }),
			[]string{"a", "org-1", "0", strings.Repeat("s", 63)},
			[]string{"", "-a", "A", "a_b", "a b", "ü", strings.Repeat("s", 64)},
		},
		{
			"plan", parse(func(s string) error { _, err := domain.ParsePlanCode(s); return err }),
			[]string{"free", "team_2", "x-y", strings.Repeat("p", 32)},
			[]string{"", "_a", "Free", "a b", strings.Repeat("p", 33)},
		},
		{
			"kind", parse(func(s string) error { _, err := domain.ParseEventKind(s); return err }),
			[]string{"login", "com.Example.signed-in", strings.Repeat("k", 64)},
			[]string{"", ".a", "a b", "ü", "a\x00", strings.Repeat("k", 65)},
		},
		{
			"status", parse(func(s string) error { _, err := domain.ParseStatus(s); return err }),
			[]string{"active", "suspended"},
			[]string{"", "Active", "deleted"},
		},
		{
			"role", parse(func(s string) error { _, err := domain.ParseRole(s); return err }),
			[]string{"owner", "admin", "member"},
			[]string{"", "OWNER", "root"},
		},
		{
			"name", parse(func(s string) error { _, err := domain.ParseOrganizationName(s); return err }),
			[]string{"Ångström & Söhne", strings.Repeat("n", 200)},
			[]string{"", " ", "a\rb", strings.Repeat("n", 201)},
		},
		{
			"name", parse(func(s string) error { _, err := domain.ParsePlanName(s); return err }),
			[]string{"Team", strings.Repeat("n", 100)},
			[]string{"", "\t", strings.Repeat("n", 101)},
		},
		{
			"term", parse(func(s string) error { _, err := domain.ParseSearchTerm(s); return err }),
			[]string{"turing 172", "' OR 1=1 --", `"ada lovelace" -turing`, strings.Repeat("t", 1024)},
			[]string{
				"", " ", "%", "-ada", "a\x00", "\xff", strings.Repeat("t", 1025),
				"a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd ee ff gg", strings.Repeat("李", 342), strings.Repeat("李", 342),
			},
		},
	} {
		for _, text := range c.good {
			if err := c.parse(text); err != nil {
				t.Errorf("%s %.40q: %v", c.field, text, err)
			}
		}
		for _, text := range c.bad {
			refused(t, c.parse(text), c.field, text)
		}
	}
}

func TestValuesKeepTheirText(t *testing.T) {
	for want, got := range map[string]string{
		"org-1": domain.MustParse(domain.ParseSlug("org-1")).String(),
		"Org":   domain.MustParse(domain.ParseOrganizationName("Org")).String(),
		"free":  domain.MustParse(domain.ParsePlanCode("free")).String(),
		"Free":  domain.MustParse(domain.ParsePlanName("Free")).String(),
		"login": domain.MustParse(domain.ParseEventKind("login")).String(),
		"term":  domain.MustParse(domain.ParseSearchTerm("term")).String(),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSeatsAreALimitOrNone(t *testing.T) {
	if n, limited := domain.MustParse(domain.ParseSeats(5)).Limit(); n != 5 || !limited {
		t.Errorf("five seats are %d, %t", n, limited)
	}
	if _, limited := (domain.Seats{}).Limit(); limited {
		t.Error("the zero Seats limit")
	}
	for _, n := range []int64{-1, 0, 1_000_001, 1 << 40} {
		_, err := domain.ParseSeats(n)
		refused(t, err, "seats", "")
	}
}

func TestPageSizesAreBounded(t *testing.T) {
	for _, n := range []int{1, 1000} {
		if size, err := domain.ParsePageSize(n); err != nil || size.Int() != n {
			t.Errorf("%d: %d, %v", n, size.Int(), err)
		}
	}
	for _, n := range []int{-1, 0, 1001} {
		_, err := domain.ParsePageSize(n)
		refused(t, err, "limit", "")
	}
	if domain.DefaultListSize.Int() != 50 || domain.DefaultSearchSize.Int() != 20 || domain.DefaultReportSize.Int() != 50 {
		t.Error("the default sizes are not the API's")
	}
}

func TestANewUserIsActiveAndShownByItsUsername(t *testing.T) {
	zone := time.FixedZone("east", 3600)
	now := time.Date(2026, 3, 1, 12, 0, 0, 123456789, zone)
	u := domain.NewUser(domain.UserID{1}, domain.MustParse(domain.ParseUsername("Ada")),
		domain.MustParse(domain.ParseEmail("ada@example.com")), now)
	if u.Status != domain.Active || u.DisplayName.String() != "Ada" || u.Version != 1 || u.Attributes.String() != "{}" {
		t.Errorf("got %+v", u)
	}
	if want := time.Date(2026, 3, 1, 11, 0, 0, 123456000, time.UTC); u.CreatedAt != want || u.UpdatedAt != want {
		t.Errorf("times are %v and %v; want %v", u.CreatedAt, u.UpdatedAt, want)
	}
	o := domain.NewOrganization(domain.OrganizationID{2}, domain.OrganizationName{}, domain.Slug{}, domain.PlanCode{}, now)
	if o.Version != 1 || o.CreatedAt != u.CreatedAt {
		t.Errorf("got %+v", o)
	}
}

func TestEventsOccurBetweenTheYear2000AndTomorrow(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, at := range []time.Time{time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), now, now.Add(24 * time.Hour)} {
		if got, err := domain.ParseOccurredAt(at, now); err != nil || !got.Equal(at) {
			t.Errorf("%v: %v, %v", at, got, err)
		}
	}
	for _, at := range []time.Time{{}, time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC), now.Add(24*time.Hour + 1)} {
		_, err := domain.ParseOccurredAt(at, now)
		refused(t, err, "occurred_at", at.String())
	}
}

func TestAWindowRunsForward(t *testing.T) {
	from := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	w, err := domain.ParseWindow(from, from.Add(time.Microsecond))
	if err != nil || !w.From().Equal(from) || !w.To().Equal(from.Add(time.Microsecond)) {
		t.Errorf("got %v, %v", w, err)
	}
	for _, to := range []time.Time{from, from.Add(-time.Hour), from.Add(time.Nanosecond)} {
		_, err := domain.ParseWindow(from, to)
		refused(t, err, "to", to.String())
	}
	_, err = domain.ParseWindow(time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), from)
	refused(t, err, "from", "")
	_, err = domain.ParseWindow(from, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))
	refused(t, err, "to", "")
}
