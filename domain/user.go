package domain

import "time"

// Version counts the writes of a user or organization, from 1. As an expected
// version, 0 accepts any.
type Version int64

// Status says whether a user may act.
type Status string

// The statuses of a user.
const (
	Active    Status = "active"
	Suspended Status = "suspended"
)

// ParseStatus reads a status. The error is Invalid and names "status".
func ParseStatus(text string) (Status, error) {
	switch s := Status(text); s {
	case Active, Suspended:
		return s, nil
	}
	return "", invalid(ReasonSyntax, "status", `send "active" or "suspended"`, "%s is not a status", quote(text))
}

// User is a person or program in the directory. Times are UTC, to the microsecond.
type User struct {
	ID          UserID
	ExternalID  ExternalID
	Username    Username
	Email       Email
	DisplayName DisplayName
	Attributes  Attributes
	Status      Status
	CreatedAt   time.Time
	UpdatedAt   time.Time
	// DeletedAt is when the user was deleted; zero while it is not.
	DeletedAt time.Time
	Version   Version
}

// NewUser makes an active user, at version 1, whose display name is the
// username until another is given.
func NewUser(id UserID, name Username, email Email, now time.Time) User {
	now = Instant(now)
	return User{
		ID: id, Username: name, Email: email, DisplayName: DisplayName(name),
		Status: Active, CreatedAt: now, UpdatedAt: now, Version: 1,
	}
}

// Instant is t as Roster keeps it: UTC, to the microsecond, without a
// monotonic reading.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
