package domain

// OrganizationSort is the field that orders a list of organizations. Equal values
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
type OrganizationOrder struct{ ordering[OrganizationSort] }

// ParseOrganizationOrder reads the name of an OrganizationSort, with a '-' before
// it for descending. The error is Invalid and names "sort".
func ParseOrganizationOrder(text string) (OrganizationOrder, error) {
	order, err := parseOrdering(text, "organizations", "created_at, name or slug", OrganizationsByCreated, OrganizationsByName,
		OrganizationsBySlug)
	return OrganizationOrder{order}, err
}

// Position is the position of organization in the order.
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

// Follows reports whether organization comes after a position in the order; after
// nil, all do.
func (o OrganizationOrder) Follows(organization Organization, after *OrganizationPosition) bool {
	return after == nil || comesAfter(o.ordering, o.Position(organization), *after)
}
