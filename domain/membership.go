package domain

import "time"

// Role is the role of a member in an organization.
type Role string

// The roles, the strongest first.
const (
	Owner  Role = "owner"
	Admin  Role = "admin"
	Member Role = "member"
)

// ParseRole reads a role. The error is Invalid and names "role".
func ParseRole(text string) (Role, error) {
	switch r := Role(text); r {
	case Owner, Admin, Member:
		return r, nil
	}
	return "", invalid(ReasonSyntax, "role", `send "owner", "admin" or "member"`, "%s is not a role", quote(text))
}

// Membership says that a user belongs to an organization. There is at most one
// for each pair.
type Membership struct {
	Organization OrganizationID
	User         UserID
	Role         Role
	JoinedAt     time.Time
}

// Affiliation is a membership as its user sees it: the organization, and the
// user's role in it.
type Affiliation struct {
	Organization Organization
	Role         Role
	JoinedAt     time.Time
}
