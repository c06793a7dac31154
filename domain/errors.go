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
	// NotFound is a thing that does not exist, or that the caller may not see.
	NotFound Kind = "not found"
	// Conflict is a request that is right on its own and wrong beside what is stored.
	Conflict Kind = "conflict"
	// Stale is a write whose expected Version is no longer the stored one.
	Stale Kind = "stale"
	// Denied is a caller without the right to do what it asked.
	Denied Kind = "denied"
	// Unavailable is a store that can't answer now; the same request may succeed later.
	Unavailable Kind = "unavailable"
)

// Error returns the kind's name.
func (k Kind) Error() string { return string(k) }

// Reason is the stable, machine-readable cause of an Error.
type Reason string

const (
	// ReasonSyntax is a value that does not have the form it must have.
	ReasonSyntax Reason = "syntax"
	// ReasonRange is a value outside its limits.
	ReasonRange Reason = "range"
	// ReasonMissing is a required value that is absent.
	ReasonMissing Reason = "missing"
	// ReasonUnknown is a reference to a thing that does not exist.
	ReasonUnknown Reason = "unknown"
	// ReasonTaken is a name that another thing bears.
	ReasonTaken Reason = "taken"
	// ReasonInUse is a thing that others still refer to.
	ReasonInUse Reason = "in_use"
	// ReasonLastOwner is an organization that would be left without an active owner.
	ReasonLastOwner Reason = "last_owner"
	// ReasonSeats is an organization that would have more members than its plan's seats.
	ReasonSeats Reason = "seats"
	// ReasonVersion is an expected version that is not the stored one.
	ReasonVersion Reason = "version"
	// ReasonInProgress is a request that is being carried out already.
	ReasonInProgress Reason = "in_progress"
	// ReasonReused is a key of idempotency that came before with another request.
	ReasonReused Reason = "reused"
	// ReasonScope is a caller that lacks a scope or role.
	ReasonScope Reason = "scope"
	// ReasonReadOnly is a database that accepts reads only, or is full.
	ReasonReadOnly Reason = "read_only"
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
	// Field names the offending input ("email"); empty where no single field is at fault.
	Field string
	// Detail says what is wrong, Fix what to do about it.
	Detail string
	Fix    string
	// Err is the cause; nil where the domain itself found the fault.
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
	switch e := err.(type) { //nolint:errorlint // the tree is walked by hand, to find all and not the first
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

// Missing is the Error of a required field that is absent.
func Missing(field string) *Error {
	return &Error{Kind: Invalid, Reason: ReasonMissing, Field: field, Detail: "is required", Fix: "send " + field}
}

// Absent is the Error of a thing ("user") that does not exist under the name given.
func Absent(thing string, name fmt.Stringer) *Error {
	return &Error{
		Kind: NotFound, Reason: ReasonUnknown, Detail: fmt.Sprintf("no %s %q", thing, name), Fix: "check the " + thing + "'s id or name",
	}
}

func invalid(reason Reason, field, fix, detail string, args ...any) *Error {
	return &Error{Kind: Invalid, Reason: reason, Field: field, Detail: fmt.Sprintf(detail, args...), Fix: fix}
}

// AtMost returns nil where n is not above most, else an Invalid Error that names field.
func AtMost(field string, n, most int) error {
	if n <= most {
		return nil
	}
	return invalid(ReasonRange, field, "split the request", "has %d entries; %d is the most", n, most)
}

// Under puts the fields of err's Errors under parent: "kind" becomes
// "events[3].kind". An error without one is returned as it is.
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

// MustParse returns the value of a parse that can't fail, such as that of a
// constant: MustParse(ParseSlug("acme")). It panics where it fails.
func MustParse[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
