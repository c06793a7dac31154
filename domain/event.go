package domain

import "time"

// EventKind names what a user did ("login"): 1 to 64 of A-Z, a-z, 0-9, '.', '_'
// and '-', starting with a letter or digit.
type EventKind struct{ text string }

// ParseEventKind reads a kind. The error is Invalid and names "kind".
func ParseEventKind(text string) (EventKind, error) {
	err := token("kind", text, 64, "use 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-', starting with a letter or digit", isAlnum,
		func(c byte) bool { return isAlnum(c) || c == '.' || c == '_' || c == '-' })
	if err != nil {
		return EventKind{}, err
	}
	return EventKind{text}, nil
}

// String returns the kind.
func (k EventKind) String() string { return k.text }

// Event is an action of a user in an organization. ID and OccurredAt together
// identify it: however often the same pair is sent, it counts once.
type Event struct {
	ID           EventID
	Organization OrganizationID
	User         UserID
	Kind         EventKind
	OccurredAt   time.Time
	Payload      Payload
}

// FirstEventYear is the earliest year in which an event can have occurred.
const FirstEventYear = 2000

// ParseOccurredAt checks the time of an event: from the year 2000 on, and at most
// a day after now, since clocks differ. The error is Invalid and names
// "occurred_at".
func ParseOccurredAt(t, now time.Time) (time.Time, error) {
	if t.UTC().Year() < FirstEventYear || t.After(now.Add(24*time.Hour)) {
		return time.Time{}, invalid(ReasonRange, "occurred_at", "send a time between the year 2000 and now", "%s is out of range",
			t.Format(time.RFC3339))
	}
	return Instant(t), nil
}
