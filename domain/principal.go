package domain

import "slices"

// Scope is a right that a caller holds over the whole directory.
type Scope string

// The scopes. Admin holds the rights of the others.
const (
	ScopeRead  Scope = "read"
	ScopeWrite Scope = "write"
	ScopeAdmin Scope = "admin"
)

// Principal is the caller of a use case: who it is and what it may do. The zero
// Principal may do nothing.
type Principal struct {
	// Subject names the caller in logs and audit.
	Subject string
	Scopes  []Scope
	// Roles holds the caller's role in each organization it belongs to.
	Roles map[OrganizationID]Role
}

// LocalAdministrator is the caller where authentication is off.
func LocalAdministrator() Principal {
	return Principal{Subject: "local", Scopes: []Scope{ScopeAdmin}}
}

// Require returns nil where the caller holds scope (or admin), else a Denied Error.
func (p Principal) Require(scope Scope) error {
	if p.holds(scope) {
		return nil
	}
	return denied("the scope " + string(scope))
}

// RequireMemberships returns nil where the caller may give, change or take
// role in organization: its owners any role, its admins the roles below owner,
// administrators of the directory everything. Else the error is Denied.
func (p Principal) RequireMemberships(organization OrganizationID, role Role) error {
	own := p.Roles[organization]
	if p.holds(ScopeAdmin) || own == Owner || own == Admin && role != Owner {
		return nil
	}
	if own == Admin {
		return denied("the role owner in the organization")
	}
	return denied("the scope admin, or the role owner or admin in the organization")
}

func (p Principal) holds(scope Scope) bool {
	return slices.Contains(p.Scopes, scope) || slices.Contains(p.Scopes, ScopeAdmin)
}

func denied(need string) error {
	return &Error{Kind: Denied, Reason: ReasonScope, Detail: "needs " + need, Fix: "ask an administrator for it"}
}
