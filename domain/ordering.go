package domain

import (
	"slices"
	"strings"
	"time"
)

// ordering is what an order of users and one of organizations have in common.
// The zero ordering is the newest first.
type ordering[S ~string] struct {
	by        S // empty: created_at
	ascending bool
}

// parseOrdering reads the name of one of the sorts of some things, with a '-'
// before it where the greatest come first. The error is Invalid and names "sort".
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

// By is what is compared.
func (o ordering[S]) By() S {
	if o.by == "" {
		return "created_at"
	}
	return o.by
}

// Ascending reports whether the least come first.
func (o ordering[S]) Ascending() bool { return o.ascending }

// String returns the text of which the order was parsed.
func (o ordering[S]) String() string {
	if o.ascending {
		return string(o.By())
	}
	return "-" + string(o.By())
}

// Position is the place of a T in an order: the value by which it is ordered, a
// time or a text, and its ID.
type Position[T any] struct {
	At  time.Time
	Key string
	ID  ID[T]
}

// The positions in the orders that there are. A user's Key is that of its name.
type (
	UserPosition         = Position[User]
	OrganizationPosition = Position[Organization]
)
