package ports

import (
	"context"
	"encoding/json"
	"time"

	"github.com/roster-directory/roster/domain"
)

// Records reads lines. Each sequence gives those of one kind, in order and in
// constant memory. A line that is no record is a Line with a Fault.
type Records interface {
	Plans(context.Context) Lines[domain.Plan]
	Organizations(context.Context) Lines[OrganizationRecord]
	Users(context.Context) Lines[UserRecord]
	Memberships(context.Context) Lines[MembershipRecord]
	Events(context.Context) Lines[EventRecord]
}

// Dataset is a set of files. Each can be read several times.
type Dataset interface {
	Records
	// Has reports whether the set has a file of the kind, even an empty one.
	Has(RecordKind) bool
	// Reject keeps a rejected line, with the problem, for people to correct.
	// Where Text is empty it reads the line again, which is cheap for lines of
	// one kind in ascending order.
	Reject(context.Context, RecordKind, Refusal) error
}

// RecordWriter writes the records of a data set, kind by kind in the order of
// RecordKinds.
type RecordWriter interface {
	WritePlan(domain.Plan) error
	WriteOrganization(domain.Organization) error
	WriteUser(UserRecord) error
	WriteMembership(domain.Membership) error
	// WriteEvent writes an event. Its User is zero where the user was erased.
	WriteEvent(domain.Event) error
}

// Added counts the outcomes of the records of one kind.
type Added struct {
	// New counts the stored records, Unchanged those that the store had before
	// (or that come earlier in the file), Refused those that conflict.
	New, Unchanged, Refused int64
}

// BulkWriter stores many records at once. Each method stores the new ones. It
// leaves alone those that the store has with the same values, as far as the
// record gives values. It calls refuse, in the order of the lines, for those that
// conflict: the store has the record with other values, another record has its
// name, it refers to a record that does not exist, or no seat is left. An error
// of the sequence or of refuse ends the call, and nothing is stored.
type BulkWriter interface {
	AddPlans(ctx context.Context, lines Lines[domain.Plan], refuse func(Refusal) error) (Added, error)
	AddOrganizations(ctx context.Context, lines Lines[OrganizationRecord], refuse func(Refusal) error) (Added, error)
	AddUsers(ctx context.Context, lines Lines[UserRecord], refuse func(Refusal) error) (Added, error)
	AddMemberships(ctx context.Context, lines Lines[MembershipRecord], refuse func(Refusal) error) (Added, error)
	// AddEvents makes an ID for an event without one, from its content and its
	// place among equal lines. So the same file, stored twice, adds nothing. The
	// times must be valid for domain.ParseOccurredAt.
	AddEvents(ctx context.Context, lines Lines[EventRecord], refuse func(Refusal) error) (Added, error)
	// Ownerless counts the organizations without an active owner, and returns
	// the slugs of up to limit of them, in order.
	Ownerless(ctx context.Context, limit int) (count int64, first []string, err error)
}

// BulkImport says how an import stores records.
type BulkImport struct {
	// At is the time of records that give none.
	At time.Time
	// Atomic makes the whole import one transaction.
	Atomic bool
	// Wait is how long the import waits for another to end. It waits no longer once
	// it knows that the other one runs, rather than that it was killed.
	Wait time.Duration
	// Waiting, unless nil, is called when the import begins to wait, with the time
	// after which the other import's right ends unless that one renews it.
	Waiting func(left time.Duration)
	// Stored, unless nil, makes it an import in parts. Each Add then gets a part
	// of a file, small enough for memory, and calls Stored for each new line, in
	// order. Stored and refuse are called once the part is stored. Equal events
	// without IDs are one event, since they may be in different parts. An import in
	// parts can't be Atomic.
	Stored func(line int64)
}

// KeptRecord is something that is kept of a user: a JSON object, whose field "table" names
// what it is of.
type KeptRecord = json.RawMessage

// BulkStore imports and exports directories.
type BulkStore interface {
	// Import calls fn with a writer. No other import stores records at the same
	// time; one that was stopped for so long that another took its place ends with a
	// Conflict (ReasonInUse). Each Add is one transaction. An atomic import is one transaction as a whole,
	// which is rolled back when fn or an Add returns an error. The error is a
	// Conflict (ReasonInUse) where another import is still running, else that of
	// fn or, in an atomic import, the first of an Add.
	Import(ctx context.Context, how BulkImport, fn func(context.Context, BulkWriter) error) error
	// Export writes the whole directory as of one instant, deleted users
	// included: plans by code; organizations and users by ID; memberships by
	// organization and user; events by time and ID.
	Export(context.Context, RecordWriter) error
	// ExportKind writes the records of one kind, as Export does.
	ExportKind(context.Context, RecordKind, RecordWriter) error
	// ExportUser calls write with everything that is kept of a user, deleted or erased
	// ones included, as of one instant. The error is NotFound where nothing is.
	ExportUser(ctx context.Context, id domain.UserID, write func(KeptRecord) error) error
}
