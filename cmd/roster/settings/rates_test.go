package settings

import (
	"strings"
	"testing"
)

func TestRatesAreChecked(t *testing.T) {
	for _, c := range []struct {
		auth        string
		rate, burst int
		want        string
	}{
		{"none", 0, 0, ""},
		{"token", 0, 0, ""},
		{"token", 1, 0, ""},
		{"token", 100_000, 360_000_000, ""},
		{"token", 5, 1, ""},
		{"token", -1, 0, "ROSTER_RATE is -1: set 1 to 100000"},
		{"token", 100_001, 0, "ROSTER_RATE is 100001: set 1 to 100000"},
		{"token", 2, 7201, "ROSTER_RATE_BURST is 7201: set 1 to 7200"},
		{"token", 2, -1, "ROSTER_RATE_BURST is -1: set 1 to 7200"},
		{"token", 0, 5, "ROSTER_RATE is 0: set the units a second"},
		{"none", 5, 0, "ROSTER_RATE is 5: set ROSTER_AUTH=token"},
	} {
		config := valid()
		config.HTTP.Auth, config.HTTP.Rate, config.HTTP.RateBurst = c.auth, c.rate, c.burst
		switch err := config.Check(); {
		case c.want == "" && err != nil:
			t.Errorf("%+v: %v", c, err)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
			t.Errorf("%+v: the error is %v", c, err)
		}
	}
}

func TestTheBurstIsByDefaultThatOfTenSeconds(t *testing.T) {
	for burst, want := range map[int]int{0: 50, 7: 7} {
		if got := (&HTTP{Rate: 5, RateBurst: burst}).Burst(); got != want {
			t.Errorf("%d is a burst of %d", burst, got)
		}
	}
}
