package domain

import "time"

// EventKind says what happened ("login"): 1 to 64 of A-Z, a-z, 0-9, '.', '_'
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

// Event is one thing that a user did in an organization. Its identity is ID
// with OccurredAt: the same pair counts once, however often it is sent.
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

// ParseOccurredAt checks when an event occurred: from the year 2000 on and not
// more than a day after now, since clocks differ. The error is Invalid and
// names "occurred_at".
func ParseOccurredAt(t, now time.Time) (time.Time, error) {
	if t.UTC().Year() < FirstEventYear || t.After(now.Add(24*time.Hour)) {
		return time.Time{}, invalid(ReasonRange, "occurred_at", "send a time between the year 2000 and now", "%s is out of range",
			t.Format(time.RFC3339))
	}
	return Instant(t), nil
}
