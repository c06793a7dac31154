package sample

import "time"

// period is the times of a directory. Users join in the first part, and events happen
// on each day of the last one.
type period struct {
	firstJoined, lastJoined time.Time
	// firstEvent and lastEvent are days; there are no events on the last one.
	firstEvent, lastEvent time.Time
	// end is after everything that happens.
	end time.Time
}

// periodOf returns the times of a directory of now. Without a time they are fixed, and
// all users join before the first event.
func periodOf(now time.Time) period {
	if now.IsZero() {
		firstEvent, end := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 8, 0, 0, 0, 0, time.UTC)
		return period{
			firstJoined: time.Date(2022, 1, 3, 8, 0, 0, 0, time.UTC), lastJoined: firstEvent,
			firstEvent: firstEvent, lastEvent: end.AddDate(0, 0, -7), end: end,
		}
	}
	now = now.UTC().Truncate(time.Millisecond)
	tomorrow := now.Truncate(24*time.Hour).AddDate(0, 0, 1)
	return period{
		firstJoined: now.AddDate(-3, 0, 0), lastJoined: now.AddDate(0, 0, -1),
		firstEvent: tomorrow.AddDate(0, 0, -7*Weeks), lastEvent: tomorrow, end: now,
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
