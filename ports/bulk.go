package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// Records are lines to read. Each sequence gives those of one kind in order and
// in constant memory; an error ends it, while a line that is no record is a
// Line with a Fault.
type Records interface {
	Plans(context.Context) Lines[domain.Plan]
	Organizations(context.Context) Lines[OrganizationRecord]
	Users(context.Context) Lines[UserRecord]
	Memberships(context.Context) Lines[MembershipRecord]
	Events(context.Context) Lines[EventRecord]
}

// Dataset is a set of files to read, each from its start as often as it is
// asked for.
type Dataset interface {
	Records
	// Has reports whether the set holds a file of the kind, be it empty.
	Has(RecordKind) bool
	// Reject keeps a line that did not go in, with the problem, for people to
	// mend. Where Text is empty it reads the line again, which is cheap for
	// lines of one kind in ascending order.
	Reject(context.Context, RecordKind, Refusal) error
}

// RecordWriter takes the records of a data set that is being written, each kind
// in the order of RecordKinds.
type RecordWriter interface {
	WritePlan(domain.Plan) error
	WriteOrganization(domain.Organization) error
	WriteUser(UserRecord) error
	WriteMembership(domain.Membership) error
	// WriteEvent takes an event whose User is zero where the user was erased.
	WriteEvent(domain.Event) error
}

// Added says what became of the records of one kind.
type Added struct {
	// New counts the records that were stored, Unchanged those that were there
	// before (or stand earlier in the file), Refused those that don't go in.
	New, Unchanged, Refused int64
}

// BulkWriter stores many records at once. Each method stores those that are
// new; leaves those alone that are there with the same values, as far as the
// record gives values; and calls refuse, in the order of the lines, for those
// that don't fit: that are there with other values, whose names another has,
// that refer to what does not exist, or for whom no seat is left. An error of
// the sequence or of refuse ends it, and nothing is stored.
type BulkWriter interface {
	AddPlans(ctx context.Context, lines Lines[domain.Plan], refuse func(Refusal) error) (Added, error)
	AddOrganizations(ctx context.Context, lines Lines[OrganizationRecord], refuse func(Refusal) error) (Added, error)
	AddUsers(ctx context.Context, lines Lines[UserRecord], refuse func(Refusal) error) (Added, error)
	AddMemberships(ctx context.Context, lines Lines[MembershipRecord], refuse func(Refusal) error) (Added, error)
	// AddEvents gives an event without an ID one made from its content and its
	// ordinal among equal lines that go in, so that the same file adds nothing
	// twice. Events occurred at times that domain.ParseOccurredAt takes.
	AddEvents(ctx context.Context, lines Lines[EventRecord], refuse func(Refusal) error) (Added, error)
	// Ownerless counts the organizations without an active owner, and returns
	// the slugs of the first most of them, in order.
	Ownerless(ctx context.Context, most int) (count int64, first []string, err error)
}

// BulkImport says how an import stores records.
type BulkImport struct {
	// At is when what does not say when was created, written or joined.
	At time.Time
	// Atomic makes all that the import stores one transaction.
	Atomic bool
	// Wait is how long to wait for another import to end.
	Wait time.Duration
	// Stored, unless nil, makes it an import in parts: each Add brings a part of
	// a file, small enough to be held in memory, and Stored is called within it
	// for each line that is new, in their order. Equal events without IDs are
	// then one, since they may be in different parts. It excludes Atomic.
	Stored func(line int64)
}

// BulkStore moves whole directories in and out.
type BulkStore interface {
	// Import calls fn with a writer that no other import uses at the same time.
	// Each Add is one transaction; of an atomic import all of them together are
	// one, which is rolled back when fn or an Add returns an error. The error is
	// a Conflict (ReasonInUse) where another import is still running, else that of fn
	// or, of an atomic import, the first of an Add.
	Import(ctx context.Context, how BulkImport, fn func(context.Context, BulkWriter) error) error
	// Export writes the whole directory as of one moment, deleted users
	// included: plans by code; organizations and users by ID; memberships by
	// organization and user; events by time and ID.
	Export(context.Context, RecordWriter) error
	// ExportKind writes the records of one kind, as Export does.
	ExportKind(context.Context, RecordKind, RecordWriter) error
}
