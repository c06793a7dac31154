package domain

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// ordering is the common part of the orders of users and of organizations. The
// zero ordering is by created_at, the newest first.
type ordering[S ~string] struct {
	by        S // empty: created_at
	ascending bool
}

// parseOrdering reads the name of one of the sorts, with a '-' before it for
// descending. The error is Invalid and names "sort".
func parseOrdering[S ~string](text, things, choices string, sorts ...S) (ordering[S], error) {
	name, descending := strings.CutPrefix(text, "-")
	by := S(name)
	if !slices.Contains(sorts, by) {
		return ordering[S]{}, invalid(ReasonSyntax, "sort", "send "+choices+`, with a "-" before it for descending`,
			"%s is not an order of %s", quote(text), things)
	}
	if by == "created_at" {
		by = ""
	}
	return ordering[S]{by, !descending}, nil
}

// By is the field that orders the list.
func (o ordering[S]) By() S {
	if o.by == "" {
		return "created_at"
	}
	return o.by
}

// Ascending reports whether the least value comes first.
func (o ordering[S]) Ascending() bool { return o.ascending }

// String returns the text from which the order was parsed.
func (o ordering[S]) String() string {
	if o.ascending {
		return string(o.By())
	}
	return "-" + string(o.By())
}

// Position is the position of a T in an order: the value that orders it, a time
// or a text, and its ID.
type Position[T any] struct {
	At  time.Time
	Key string
	ID  ID[T]
}

// comesAfter reports whether a position is after another one in the order.
func comesAfter[S ~string, T any](o ordering[S], a, than Position[T]) bool {
	if !o.ascending {
		a, than = than, a
	}
	return cmp.Or(a.At.Compare(than.At), strings.Compare(a.Key, than.Key), a.ID.Compare(than.ID)) > 0
}

type (
	// UserPosition is the position of a user. Its Key is that of the username or
	// email.
	UserPosition = Position[User]
	// OrganizationPosition is the position of an organization.
	OrganizationPosition = Position[Organization]
	// APIKeyPosition is the position of an API key, by the time of its creation.
	APIKeyPosition = Position[APIKey]
)
