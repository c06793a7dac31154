package domain

import (
	"strings"
	"time"
)

// OrganizationSort is what a list of organizations is ordered by; equal ones
// are ordered by ID.
type OrganizationSort string

// The sorts of organizations. Names and slugs are compared byte by byte.
const (
	OrganizationsByCreated OrganizationSort = "created_at"
	OrganizationsByName    OrganizationSort = "name"
	OrganizationsBySlug    OrganizationSort = "slug"
)

// OrganizationOrder is the order of a list of organizations. The zero
// OrganizationOrder is the newest first.
type OrganizationOrder struct {
	by        OrganizationSort // empty: OrganizationsByCreated
	ascending bool
}

// ParseOrganizationOrder reads the name of an OrganizationSort, with a '-'
// before it where the greatest come first. The error is Invalid and names "sort".
func ParseOrganizationOrder(text string) (OrganizationOrder, error) {
	name, descending := strings.CutPrefix(text, "-")
	switch by := OrganizationSort(name); by {
	case OrganizationsByCreated:
		return OrganizationOrder{"", !descending}, nil
	case OrganizationsByName, OrganizationsBySlug:
		return OrganizationOrder{by, !descending}, nil
	}
	return OrganizationOrder{}, invalid(ReasonSyntax, "sort", `send created_at, name or slug, with a "-" before it for descending`, "%s is not an order of organizations", quote(text))
}

// By is what is compared.
func (o OrganizationOrder) By() OrganizationSort {
	if o.by == "" {
		return OrganizationsByCreated
	}
	return o.by
}

// Ascending reports whether the least come first.
func (o OrganizationOrder) Ascending() bool { return o.ascending }

// String returns the text that ParseOrganizationOrder reads.
func (o OrganizationOrder) String() string {
	if o.ascending {
		return string(o.By())
	}
	return "-" + string(o.By())
}

// OrganizationPosition is the place of an organization in an
// OrganizationOrder: the value by which it is ordered, a time or a text, and
// its ID.
type OrganizationPosition struct {
	At  time.Time
	Key string
	ID  OrganizationID
}

// Position is the place of organization in the order.
func (o OrganizationOrder) Position(organization Organization) OrganizationPosition {
	p := OrganizationPosition{ID: organization.ID}
	switch o.By() {
	case OrganizationsByCreated:
		p.At = organization.CreatedAt
	case OrganizationsByName:
		p.Key = organization.Name.String()
	case OrganizationsBySlug:
		p.Key = organization.Slug.String()
	}
	return p
}
