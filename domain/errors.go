package domain

import (
	"errors"
	"fmt"
)

// Kind says what sort of failure an Error is. It is an error itself, so that
// errors.Is(err, domain.NotFound) works on every wrapped Error.
type Kind string

const (
	// Invalid is input that can't be read or that breaks a rule on its own.
	Invalid Kind = "invalid"
	// NotFound is something that does not exist, or that the caller may not see.
	NotFound Kind = "not found"
	// Conflict is a valid request that conflicts with the stored data.
	Conflict Kind = "conflict"
	// Stale is a write whose expected Version is no longer the stored one.
	Stale Kind = "stale"
	// Gone is something that was there and never comes back.
	Gone Kind = "gone"
	// Unauthenticated is a caller who does not prove who it is.
	Unauthenticated Kind = "unauthenticated"
	// Denied is a caller that lacks the right for its request.
	Denied Kind = "denied"
	// Unavailable is a store that can't answer now; the same request may succeed later.
	Unavailable Kind = "unavailable"
)

// Error returns the kind's name.
func (k Kind) Error() string { return string(k) }

// Reason is the stable, machine-readable cause of an Error.
type Reason string

const (
	// ReasonSyntax is a malformed value.
	ReasonSyntax Reason = "syntax"
	// ReasonRange is a value outside its limits.
	ReasonRange Reason = "range"
	// ReasonMissing is a required value that is absent.
	ReasonMissing Reason = "missing"
	// ReasonUnknown is a reference to something that does not exist.
	ReasonUnknown Reason = "unknown"
	// ReasonTaken is a name that is in use and must be unique.
	ReasonTaken Reason = "taken"
	// ReasonInUse is something that others still refer to.
	ReasonInUse Reason = "in_use"
	// ReasonLastOwner is an organization that would have no active owner.
	ReasonLastOwner Reason = "last_owner"
	// ReasonSeats is an organization that would have more members than seats.
	ReasonSeats Reason = "seats"
	// ReasonHeld is a user that must not be erased.
	ReasonHeld Reason = "held"
	// ReasonVersion is an expected version that is not the stored version.
	ReasonVersion Reason = "version"
	// ReasonInProgress is a request that is running already.
	ReasonInProgress Reason = "in_progress"
	// ReasonReused is an idempotency key that belongs to another request.
	ReasonReused Reason = "reused"
	// ReasonCredentials is a token that is malformed, unknown, revoked or expired.
	ReasonCredentials Reason = "credentials"
	// ReasonScope is a caller that lacks a scope or a role.
	ReasonScope Reason = "scope"
	// ReasonReadOnly is a database that is read-only or full.
	ReasonReadOnly Reason = "read_only"
	// ReasonRestored is a list of changes that another server numbered: the store was
	// restored from its dump.
	ReasonRestored Reason = "restored"
	// ReasonLost is a position in a list of changes that were lost when the store was
	// restored to an earlier moment.
	ReasonLost Reason = "lost"
	// ReasonExpired is a position in the log before entries that are no longer kept.
	ReasonExpired Reason = "expired"
	// ReasonOverloaded is a store too busy to answer within its time limit.
	ReasonOverloaded Reason = "overloaded"
	// ReasonUnreachable is a store that does not answer.
	ReasonUnreachable Reason = "unreachable"
)

// Error is a failure that a caller can act on. Field, Detail and Fix may be
// shown to users; Err, the cause, may not.
type Error struct {
	Kind   Kind
	Reason Reason
	// Field names the invalid input ("email"); empty where no single field is invalid.
	Field string
	// Detail says what is wrong, Fix what the caller can do.
	Detail string
	Fix    string
	// Err is the cause; nil where the domain found the fault.
	Err error
}

// Error returns one line for logs and command lines, the cause included.
func (e *Error) Error() string {
	text := e.Detail
	if e.Field != "" {
		text = e.Field + ": " + text
	}
	if e.Fix != "" {
		text += "; " + e.Fix
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the error's kind.
func (e *Error) Is(target error) bool { return target == error(e.Kind) }

// Failures returns every Error in err's tree, in order: a request with three
// bad fields joins three of them.
func Failures(err error) []*Error {
	switch e := err.(type) { //nolint:errorlint // this walks the tree itself, to find all errors and not the first
	case nil:
		return nil
	case *Error:
		return []*Error{e}
	case interface{ Unwrap() []error }:
		var all []*Error
		for _, each := range e.Unwrap() {
			all = append(all, Failures(each)...)
		}
		return all
	default:
		return Failures(errors.Unwrap(err))
	}
}

// Missing is the Error of an absent field that is required.
func Missing(field string) *Error {
	return &Error{Kind: Invalid, Reason: ReasonMissing, Field: field, Detail: "is required", Fix: "send " + field}
}

// Absent is the Error of a thing ("user") that does not exist under a name.
func Absent(thing string, name fmt.Stringer) *Error {
	return &Error{
		Kind: NotFound, Reason: ReasonUnknown, Detail: fmt.Sprintf("no %s %q", thing, name), Fix: "check the " + thing + "'s id or name",
	}
}

// Outdated is the Error of a write that expects a version of a thing ("user") which
// is not the stored one.
func Outdated(thing string, stored, expected Version) error {
	return &Error{
		Kind: Stale, Reason: ReasonVersion, Detail: fmt.Sprintf("the %s is at version %d, not %d", thing, stored, expected),
		Fix: "read it again and decide again",
	}
}

func invalid(reason Reason, field, fix, detail string, args ...any) *Error {
	return &Error{Kind: Invalid, Reason: reason, Field: field, Detail: fmt.Sprintf(detail, args...), Fix: fix}
}

// AtMost returns nil unless n is above most; then an Invalid Error that names field.
func AtMost(field string, n, most int) error {
	if n <= most {
		return nil
	}
	return invalid(ReasonRange, field, "split the request", "has %d entries; %d is the most", n, most)
}

// Under puts parent before the fields of err's Errors: "kind" becomes
// "events[3].kind". It returns an error that has none as it is.
func Under(parent string, err error) error {
	failures := Failures(err)
	moved := make([]error, len(failures))
	for i, failure := range failures {
		one := *failure
		if one.Field = parent + "." + one.Field; failure.Field == "" {
			one.Field = parent
		}
		moved[i] = &one
	}
	if len(moved) == 0 {
		return err
	}
	if len(moved) == 1 {
		return moved[0]
	}
	return errors.Join(moved...)
}

// InField returns a copy of err's first Error, with another Field: a parse names the
// input by its own word, which may not be the caller's. It returns an error that has none
// as it is, and so nil.
func InField(field string, err error) error {
	failure, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	named := *failure
	named.Field = field
	return &named
}

// MustParse returns the value of a parse that can't fail, such as that of a
// constant: MustParse(ParseSlug("acme")). It panics if the parse fails.
func MustParse[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
