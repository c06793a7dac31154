package domain_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
)

func TestInvalidWindowsAreRefused(t *testing.T) {
	at := func(text string) time.Time {
		t.Helper()
		instant, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	for _, each := range []struct{ from, to, field string }{
		{"2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "to"},
		{"2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", "to"},
		{"0000-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "from"},
		{"2016-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "to"},
	} {
		_, err := domain.ParseWindow(at(each.from), at(each.to))
		var fault *domain.Error
		if !errors.As(err, &fault) || fault.Field != each.field || fault.Kind != domain.Invalid {
			t.Errorf("from %s to %s: %v", each.from, each.to, err)
		}
	}
	window, err := domain.ParseWindow(at("2016-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"))
	if err != nil || !window.Wider(3652) || window.Wider(3653) {
		t.Errorf("ten years: %v", err)
	}
}

// Where a bucket begins, the clocks of its zone show midnight or, where they
// skip that, what comes after it.
func TestBucketsCoverTheWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, err := domain.ParseTimeZone(rapid.SampledFrom([]string{
			"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo",
			"Australia/Lord_Howe", "America/Havana",
		}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		from := time.Unix(rapid.Int64Range(1_000_000_000, 1_800_000_000).Draw(t, "from"), 0)
		window, err := domain.ParseWindow(from, from.Add(time.Duration(rapid.IntRange(1, 500*24*3600).Draw(t, "seconds"))*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		bucket := rapid.SampledFrom([]domain.Bucket{domain.Day, domain.Week, domain.Month}).Draw(t, "bucket")
		starts, err := window.Buckets(bucket, zone)
		if err != nil {
			t.Fatal(err)
		}
		if starts[0].After(window.From()) || !starts[1].After(window.From()) || starts[len(starts)-1].Before(window.To()) ||
			!starts[len(starts)-2].Before(window.To()) {
			t.Fatalf("the buckets from %s to %s don't just cover the window", starts[0], starts[len(starts)-1])
		}
		for i, start := range starts {
			checkStart(t, bucket, start)
			if i > 0 && !start.After(starts[i-1]) {
				t.Fatalf("%s does not follow %s", start, starts[i-1])
			}
		}
	})
}

func checkStart(t *rapid.T, bucket domain.Bucket, start time.Time) {
	t.Helper()
	before := start.Add(-time.Nanosecond)
	switch {
	case start.YearDay() == before.YearDay():
		t.Fatalf("%s is not the beginning of a day", start)
	case bucket == domain.Week && start.Weekday() != time.Monday:
		t.Fatalf("%s is not a Monday", start)
	case bucket == domain.Month && start.Day() != 1:
		t.Fatalf("%s is not the first of a month", start)
	}
}

func TestBucketsAreNoMoreThanAThousand(t *testing.T) {
	from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for days, ok := range map[int]bool{1000: true, 1001: false} {
		window := domain.MustParse(domain.ParseWindow(from, from.AddDate(0, 0, days)))
		starts, err := window.Buckets(domain.Day, time.UTC)
		if (err == nil) != ok || ok && len(starts) != domain.MaxBuckets+1 {
			t.Errorf("%d days have %d starts, %v", days, len(starts), err)
		}
	}
}

func TestTimeZonesAreThoseOfTheDatabase(t *testing.T) {
	for name, ok := range map[string]bool{
		"UTC": true, "Europe/Berlin": true, "Etc/GMT+5": true, "America/Argentina/Buenos_Aires": true, "America/Port_of_Spain": true,
		"W-SU": true, "NZ-CHAT": true, "EST5EDT": true,
		"": false, "Local": false, "Mars": false, "../zoneinfo/UTC": false, "/UTC": false, "UTC/": false, "Europe//Berlin": false,
		// Files of a host, beside those of the database.
		"localtime": false, "posixrules": false, "right/UTC": false, "posix/Europe/Berlin": false, "zone.tab": false, "tzdata.zi": false,
	} {
		if _, err := domain.ParseTimeZone(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := domain.ParseBucket("hour"); err == nil {
		t.Error("an hour is a bucket")
	}
}

func TestReportsAreOrderedAsTheirTextSays(t *testing.T) {
	line := domain.Engagement{Organization: domain.OrganizationID{1}, Members: 1, Activity: domain.Activity{ActiveMembers: 2, Events: 3}}
	for text, value := range map[string]int64{
		"events": 3, "-events": 3, "active_members": 2, "-active_members": 2, "members": 1, "-members": 1,
	} {
		order, err := domain.ParseEngagementOrder(text)
		if err != nil || order.String() != text || order.Ascending() != (text[0] != '-') ||
			order.Position(line) != (domain.EngagementPosition{Value: value, ID: line.Organization}) {
			t.Errorf("%s became %s, %v", text, order, err)
		}
	}
	if (domain.EngagementOrder{}).String() != "-events" {
		t.Error("the most events do not come first by default")
	}
	if _, err := domain.ParseEngagementOrder("name"); err == nil {
		t.Error("reports are ordered by name")
	}
}
