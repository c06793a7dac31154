package domain

import (
	"slices"
	"time"
)

// LogKind says what happened to a subject, such as "user.created".
type LogKind string

// The kinds of log entries.
const (
	UserCreated         LogKind = "user.created"
	UserUpdated         LogKind = "user.updated"
	UserDeleted         LogKind = "user.deleted"
	UserRestored        LogKind = "user.restored"
	UserErased          LogKind = "user.erased"
	OrganizationCreated LogKind = "organization.created"
	OrganizationUpdated LogKind = "organization.updated"
	OrganizationDeleted LogKind = "organization.deleted"
	MembershipCreated   LogKind = "membership.created"
	MembershipUpdated   LogKind = "membership.updated"
	MembershipDeleted   LogKind = "membership.deleted"
	PlanCreated         LogKind = "plan.created"
	PlanUpdated         LogKind = "plan.updated"
	PlanDeleted         LogKind = "plan.deleted"
	KeyCreated          LogKind = "key.created"
	KeyUpdated          LogKind = "key.updated"
	KeyRevoked          LogKind = "key.revoked"
	KeyDeleted          LogKind = "key.deleted"
	WebhookCreated      LogKind = "webhook.created"
	WebhookUpdated      LogKind = "webhook.updated"
	WebhookDisabled     LogKind = "webhook.disabled"
	WebhookDeleted      LogKind = "webhook.deleted"
)

// LogKinds are all kinds, in the order of their names.
func LogKinds() []LogKind {
	return []LogKind{
		KeyCreated, KeyDeleted, KeyRevoked, KeyUpdated, MembershipCreated, MembershipDeleted, MembershipUpdated,
		OrganizationCreated, OrganizationDeleted, OrganizationUpdated, PlanCreated, PlanDeleted, PlanUpdated,
		UserCreated, UserDeleted, UserErased, UserRestored, UserUpdated,
		WebhookCreated, WebhookDeleted, WebhookDisabled, WebhookUpdated,
	}
}

// ParseLogKind reads a kind. The error is Invalid and names "kind".
func ParseLogKind(text string) (LogKind, error) {
	if slices.Contains(LogKinds(), LogKind(text)) {
		return LogKind(text), nil
	}
	return "", invalid(ReasonSyntax, "kind", "send a kind such as user.created", "%s is not a kind of entry", quote(text))
}

// LogEntryID identifies a log entry. Receivers of entries know by it which they have
// received before.
type LogEntryID = ID[LogEntry]

// LogEntry is a change of the directory. It names fields and holds none of their values.
type LogEntry struct {
	ID LogEntryID
	// At is when the transaction of the change began.
	At   time.Time
	Kind LogKind
	// Subject is the id of the user, organization, key or webhook; of a membership, that
	// of the user; of a plan, its code.
	Subject string
	// Organization is the one to which the change belongs; the zero id is none.
	Organization OrganizationID
	// Version is that of the user or organization after the change; 0 where it has none.
	Version Version
	// Fields are the names of the fields that an update changed.
	Fields []string
	// Actor is the subject of the principal that made the change, or "database:" and a
	// role where another program made it.
	Actor string
	// Request is the id of the request; empty where there was none.
	Request string
	// Number orders entries of one time.
	Number int64
}

// LogListPosition is the position of an entry in a list, the newest first. Number orders
// entries of one time.
type LogListPosition struct {
	At     time.Time
	Number int64
}
