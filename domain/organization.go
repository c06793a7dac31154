package domain

import "time"

// Organization is a group of users under one plan.
type Organization struct {
	ID        OrganizationID
	Name      OrganizationName
	Slug      Slug
	Plan      PlanCode
	CreatedAt time.Time
	Version   Version
}

// NewOrganization makes an organization at version 1.
func NewOrganization(id OrganizationID, name OrganizationName, slug Slug, plan PlanCode, now time.Time) Organization {
	return Organization{ID: id, Name: name, Slug: slug, Plan: plan, CreatedAt: Instant(now), Version: 1}
}

// OrganizationName is the name of an organization that people see: any script,
// NFC, 1 to 200 code points, of which one is visible, no control characters.
type OrganizationName struct{ text string }

// ParseOrganizationName reads a name and normalizes it to NFC. The error is
// Invalid and names "name".
func ParseOrganizationName(text string) (OrganizationName, error) {
	text, err := freeText("name", text, 200)
	return OrganizationName{text}, err
}

// String returns the name.
func (n OrganizationName) String() string { return n.text }

// Slug is an organization's unique handle in URLs: 1 to 63 of a-z, 0-9 and
// '-', starting with a letter or digit.
type Slug struct{ text string }

// ParseSlug reads a slug. The error is Invalid and names "slug".
func ParseSlug(text string) (Slug, error) {
	lower := func(c byte) bool { return isLower(c) || isDigit(c) }
	err := token("slug", text, 63, "use 1 to 63 of a-z, 0-9 and '-', starting with a letter or digit", lower,
		func(c byte) bool { return lower(c) || c == '-' })
	if err != nil {
		return Slug{}, err
	}
	return Slug{text}, nil
}

// String returns the slug.
func (s Slug) String() string { return s.text }
