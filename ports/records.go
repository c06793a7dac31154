package ports

import (
	"iter"
	"time"

	"github.com/roster-directory/roster/domain"
)

// RecordKind is a kind of record in a data set. Its text is the name of the file
// without the extension.
type RecordKind string

// The kinds, in the order in which records refer to earlier ones.
const (
	PlanRecords         RecordKind = "plans"
	OrganizationRecords RecordKind = "organizations"
	UserRecords         RecordKind = "users"
	MembershipRecords   RecordKind = "memberships"
	EventRecords        RecordKind = "events"
)

// RecordKinds returns every kind, in the order of an import.
func RecordKinds() []RecordKind {
	return []RecordKind{PlanRecords, OrganizationRecords, UserRecords, MembershipRecords, EventRecords}
}

// OrganizationRecord is an organization in a data set. ID, CreatedAt and Version
// are optional there, and zero where the record does not give them.
type OrganizationRecord struct {
	domain.Organization
	// NewID is the ID of the organization if the record gives none and is new.
	NewID domain.OrganizationID
}

// UserRecord is a user in a data set. Everything but Username and Email is
// optional, and zero where the record does not give it. A deleted user has an ID,
// since another user may have its username now.
type UserRecord struct {
	domain.User
	// HasAttributes says that the record gives attributes.
	HasAttributes bool
	// NewID is the ID of the user if the record gives none and is new.
	NewID domain.UserID
}

// OrganizationRef names an organization by its ID, or by its slug where the ID is
// zero.
type OrganizationRef struct {
	ID   domain.OrganizationID
	Slug domain.Slug
}

// UserRef names a user by its ID or, where that is zero, by its username, which
// names no deleted user. The zero UserRef is an erased user.
type UserRef struct {
	ID       domain.UserID
	Username domain.Username
}

// IsZero reports whether the reference names no user.
func (r UserRef) IsZero() bool { return r == UserRef{} }

// MembershipRecord is a membership in a data set. JoinedAt is zero where the
// record does not give it.
type MembershipRecord struct {
	Organization OrganizationRef
	User         UserRef
	Role         domain.Role
	JoinedAt     time.Time
}

// EventRecord is an event in a data set. ID is zero where the record gives none.
type EventRecord struct {
	ID           domain.EventID
	Organization OrganizationRef
	User         UserRef
	Kind         domain.EventKind
	OccurredAt   time.Time
	Payload      domain.Payload
}

// Line is one line of a data set's file. Where Fault is not nil, it is no record.
type Line[T any] struct {
	// Number counts the lines of the file from 1.
	Number int64
	Record T
	Fault  error
	// Text is the line as it is in the file. Only a line with a fault has it, and
	// none of a stream.
	Text string
	// Size is the length of the line in bytes.
	Size int
	// Pause says that the next line of a stream has not arrived yet.
	Pause bool
}

// Lines gives the lines of a file in order. An error ends them.
type Lines[T any] = iter.Seq2[Line[T], error]

// Refusal is a line that is not stored.
type Refusal struct {
	Line int64
	// Problem says why.
	Problem error
	// Text is the line as it is in the file; empty where it has to be read again.
	Text string
}
