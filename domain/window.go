package domain

import (
	"strings"
	"time"
)

// Window is a span of time [From, To): it includes From, but not To.
type Window struct{ from, to time.Time }

// MaxWindow is the longest window: ten years with their leap days.
const MaxWindow = 3653 * 24 * time.Hour

// ParseWindow checks that from is before to, that both are between the years 1
// and 9999, and that they are no more than MaxWindow apart. The error is
// Invalid and names "to" or "from".
func ParseWindow(from, to time.Time) (Window, error) {
	from, to = Instant(from), Instant(to)
	for _, end := range []struct {
		field string
		at    time.Time
	}{{"from", from}, {"to", to}} {
		if y := end.at.Year(); y < 1 || y > 9999 {
			return Window{}, invalid(ReasonRange, end.field, "send a year from 1 to 9999", "is in the year %d", y)
		}
	}
	if !from.Before(to) {
		return Window{}, invalid(ReasonRange, "to", "send a time after from", "%s is not after from, %s", to.Format(time.RFC3339),
			from.Format(time.RFC3339))
	}
	if to.Sub(from) > MaxWindow {
		return Window{}, invalid(ReasonRange, "to", "ask for ten years or less at a time", "%s is more than ten years after from, %s",
			to.Format(time.RFC3339), from.Format(time.RFC3339))
	}
	return Window{from, to}, nil
}

// Wider reports whether the window is longer than days.
func (w Window) Wider(days int) bool { return w.to.Sub(w.from) > time.Duration(days)*24*time.Hour }

// From is the first instant of the window.
func (w Window) From() time.Time { return w.from }

// To is the first instant after the window.
func (w Window) To() time.Time { return w.to }

// Bucket is the length of each part of a series.
type Bucket string

// The lengths, in calendar days of a time zone. Weeks begin on Monday (ISO 8601).
const (
	Day   Bucket = "day"
	Week  Bucket = "week"
	Month Bucket = "month"
)

// MaxBuckets is the most buckets of a series.
const MaxBuckets = 1000

// ParseBucket reads a length. The error is Invalid and names "bucket".
func ParseBucket(text string) (Bucket, error) {
	switch b := Bucket(text); b {
	case Day, Week, Month:
		return b, nil
	}
	return "", invalid(ReasonSyntax, "bucket", `send "day", "week" or "month"`, "%s is not a length of time", quote(text))
}

// ParseTimeZone finds a time zone by its name in the IANA time zone database.
// The error is Invalid and names "time_zone".
func ParseTimeZone(name string) (*time.Location, error) {
	if isZoneName(name) {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, invalid(ReasonUnknown, "time_zone", `send a name such as "UTC" or "Europe/Berlin"`,
		"%s is not the name of a time zone", quote(name))
}

// isZoneName reports whether a name has the form of IANA's names: each part begins
// with a capital letter. The folder of a host also holds files that are zones of this
// host alone (localtime, posixrules), or count other seconds (right/UTC), and "Local"
// is the zone of the process.
func isZoneName(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || !isUpper(part[0]) {
			return false
		}
	}
	return name != "Local"
}

// start is the beginning of the bucket with an instant, in the zone of the instant.
func (b Bucket) start(at time.Time) time.Time {
	y, m, d := at.Date()
	switch b {
	case Day:
	case Month:
		d = 1
	case Week:
		d -= (int(at.Weekday()) + 6) % 7
	}
	return firstInstant(y, m, d, at.Location())
}

// firstInstant is the beginning of a day: midnight, or the first of two. Where the
// clocks of the zone skip midnight, it is the time of that.
func firstInstant(y int, m time.Month, d int, zone *time.Location) time.Time {
	at := time.Date(y, m, d, 0, 0, 0, 0, zone)
	start, end := at.ZoneBounds()
	if wanted := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Day(); at.Day() != wanted {
		return end
	}
	if at.Hour() != 0 || at.Minute() != 0 {
		return start
	}
	if start.IsZero() {
		return at
	}
	_, now := at.Zone()
	_, before := start.Add(-time.Nanosecond).Zone()
	if earlier := at.Add(time.Duration(now-before) * time.Second); earlier.Before(start) && earlier.Before(at) {
		return earlier
	}
	return at
}

// Buckets returns the beginnings of the buckets of a window, in zone, and the end
// of the last. The first may begin before the window, and the last end after it.
// The error is Invalid and names "bucket" for more than MaxBuckets.
func (w Window) Buckets(b Bucket, zone *time.Location) ([]time.Time, error) {
	starts := []time.Time{b.start(w.from.In(zone))}
	for {
		last := starts[len(starts)-1]
		if !last.Before(w.to) {
			return starts, nil
		}
		if len(starts) > MaxBuckets {
			return nil, invalid(ReasonRange, "bucket", "send longer buckets or a narrower window", "the window has more than %d of them",
				MaxBuckets)
		}
		y, m, d := last.Date()
		switch b {
		case Month:
			m++
		case Week:
			d += 7
		default:
			d++
		}
		starts = append(starts, firstInstant(y, m, d, zone))
	}
}
