package domain_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
)

func TestTimesAreThoseOfRFC3339(t *testing.T) {
	at := time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-01-31T09:30:00Z":                at,
		"2026-01-31t09:30:00z":                at,
		"2026-01-31t10:30:00+01:00":           at,
		"2026-01-31T09:30:00-00:00":           at,
		"2026-01-31T09:30:00.1234567890123Z":  at.Add(123456 * time.Microsecond),
		"0001-01-01T00:00:00Z":                {},
		"9999-12-31t23:59:59.999999z":         time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC),
		"2016-12-31T23:59:60Z":                time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC),
		"2016-12-31T15:59:60.5-08:00":         time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC),
		"2026-02-28T23:59:59.999999999+00:00": time.Date(2026, 2, 28, 23, 59, 59, 999999000, time.UTC),
	} {
		if got, err := domain.ParseTime("created_at", text); err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s is %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"":                              `created_at: "" is not a time of RFC 3339; send a time such as 2026-01-31T09:30:00Z`,
		"2026-01-31":                    "is not a time of RFC 3339",
		"2026-01-31 09:30:00Z":          "is not a time of RFC 3339",
		"2026-01-31T09:30:00":           "is not a time of RFC 3339",
		"2026-01-31T9:30:00Z":           "is not a time of RFC 3339",
		"2026-01-31T09:30:00,5Z":        "is not a time of RFC 3339",
		"2026-01-31T09:30:00+24:00":     "is not a time of RFC 3339",
		"2026-01-31T09:30:00+05:60":     "is not a time of RFC 3339",
		"2026-01-31T24:00:00Z":          "is not a time of RFC 3339",
		"2026-02-30T09:30:00Z":          "is not a time of RFC 3339",
		"2026-01-31T09:30:60Z":          "is not a time of RFC 3339",
		"2026-01-31T23:59:60+05:00":     "is not a time of RFC 3339",
		"2026-01-31T23:59:61Z":          "is not a time of RFC 3339",
		"0000-01-01T00:00:00Z":          "is in the year 0; send a year from 1 to 9999",
		"0001-01-01T00:00:00+01:00":     "is in the year 0",
		"9999-12-31T23:59:59.9-00:01":   "is in the year 10000",
		"9999-12-31T23:59:60Z":          "is in the year 10000",
		"2026-01-31T09:30:00Z" + "\x00": "is not a time of RFC 3339",
	} {
		if _, err := domain.ParseTime("created_at", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: the error is %v", text, err)
		}
	}
}

func TestWholeNumbersAreReadHoweverTheyAreWritten(t *testing.T) {
	for text, want := range map[string]int64{
		"25": 25, "25.0": 25, "25.000": 25, "2.5e1": 25, "2.5E+1": 25, "250e-1": 25, "0.25e2": 25, "0.0025e4": 25, "-25.0": -25,
		"0": 0, "-0": 0, "0.0": 0, "-0.0": 0, "0e999999999999": 0, "0.0e-999999999999": 0, "100": 100, "1e2": 100, "1e18": 1e18,
		"9007199254740993.0": 9007199254740993, "9223372036854775807": math.MaxInt64, "9223372036854775807.0": math.MaxInt64,
		"-9223372036854775808.0": math.MinInt64, "0.9223372036854775807e19": math.MaxInt64,
		"1" + strings.Repeat("0", 300) + "e-300": 1,
	} {
		if got, err := domain.ParseInteger("seats", text); err != nil || got != want {
			t.Errorf("%s is %d, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"25.5": "seats: 25.5 is not a whole number; send a number such as 25", "1e-1": "is not a whole number",
		"25.0000000000000000000000001": "is not a whole number", "1e-999999999999": "is not a whole number",
		"9223372036854775808": "is too large", "9223372036854775807.5": "is not a whole number", "1e19": "is too large",
		"1e999999999999": "seats: 1e999999999999 is too large", "": "is not a whole number", "+25": "is not a whole number",
		".5": "is not a whole number", "1e": "is not", "1e+": "is not", "0x10": "is not", "1_000": "is not", "1e5e5": "is not", "--1": "is not",
		strings.Repeat("9", 1000): "…",
	} {
		if got, err := domain.ParseInteger("seats", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is %d; the error is %v, not %q", text, got, err, want)
		}
	}
}

func TestAValueOfTheWrongKindIsNamed(t *testing.T) {
	for first, want := range map[byte]string{
		'n': "null", 't': "a boolean", 'f': "a boolean", '"': "a string", '0': "a number", '-': "a number", '7': "a number",
		'[': "an array", '{': "an object",
	} {
		err := domain.WrongKind("email", first, "a list")
		if err.Error() != "email: is "+want+", not a list; send a list, or leave it out if it is optional" {
			t.Errorf("%c: %v", first, err)
		}
	}
}
