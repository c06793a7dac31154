package ports

import (
	"iter"
	"time"

	"github.com/roster-directory/roster/domain"
)

// RecordKind is a kind of record that a data set holds; its text is the name of
// the records' file without the extension.
type RecordKind string

// The kinds, in the order in which records refer to earlier ones.
const (
	PlanRecords         RecordKind = "plans"
	OrganizationRecords RecordKind = "organizations"
	UserRecords         RecordKind = "users"
	MembershipRecords   RecordKind = "memberships"
	EventRecords        RecordKind = "events"
)

// RecordKinds returns every kind, in the order in which an import takes them.
func RecordKinds() []RecordKind {
	return []RecordKind{PlanRecords, OrganizationRecords, UserRecords, MembershipRecords, EventRecords}
}

// OrganizationRecord is an organization in a data set. What is optional there
// is zero where it is not given: ID, CreatedAt and Version.
type OrganizationRecord struct {
	domain.Organization
	// NewID is the ID that the organization gets if it has none and is new.
	NewID domain.OrganizationID
}

// UserRecord is a user in a data set. Zero where it is not given is everything
// but Username and Email. One who is deleted has an ID: the username may be
// another's by now.
type UserRecord struct {
	domain.User
	// HasAttributes tells attributes that are given from those that are not.
	HasAttributes bool
	// NewID is the ID that the user gets if it has none and is new.
	NewID domain.UserID
}

// OrganizationRef names an organization by its ID or, where that is zero, by its slug.
type OrganizationRef struct {
	ID   domain.OrganizationID
	Slug domain.Slug
}

// UserRef names a user by its ID or, where that is zero, one that is not
// deleted by its username. The zero UserRef is a user who has been erased.
type UserRef struct {
	ID       domain.UserID
	Username domain.Username
}

// IsZero reports whether the reference names nobody.
func (r UserRef) IsZero() bool { return r == UserRef{} }

// MembershipRecord is a membership in a data set. JoinedAt is zero where it is
// not given.
type MembershipRecord struct {
	Organization OrganizationRef
	User         UserRef
	Role         domain.Role
	JoinedAt     time.Time
}

// EventRecord is an event in a data set. ID is zero where it is not given.
type EventRecord struct {
	ID           domain.EventID
	Organization OrganizationRef
	User         UserRef
	Kind         domain.EventKind
	OccurredAt   time.Time
	Payload      domain.Payload
}

// Line is one line of a data set's file: a record or, where Fault is not nil, a
// line that is none.
type Line[T any] struct {
	// Number is the line's place in its file, from 1.
	Number int64
	Record T
	Fault  error
	// Text is the line as it stands in the file; only where there is a fault,
	// and not of a stream.
	Text string
	// Size is how many bytes the line has.
	Size int
	// Pause says that the next line of a stream has not arrived yet.
	Pause bool
}

// Lines gives the lines of a file in order. An error ends them.
type Lines[T any] = iter.Seq2[Line[T], error]

// Refusal is a line that does not go in.
type Refusal struct {
	Line int64
	// Problem says why.
	Problem error
	// Text is the line as it stands in the file; where it is empty, it has to
	// be read again.
	Text string
}
