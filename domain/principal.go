package domain

import "slices"

// Scope is a right in the whole directory.
type Scope string

// The scopes. Admin includes the others.
const (
	ScopeRead  Scope = "read"
	ScopeWrite Scope = "write"
	ScopeAdmin Scope = "admin"
)

// Principal is the caller of a use case, and its rights. The zero Principal has
// none.
type Principal struct {
	// Subject names the caller in logs.
	Subject string
	Scopes  []Scope
	// Roles holds the caller's role in each of its organizations.
	Roles map[OrganizationID]Role
	// Within binds the caller to one organization: it sees and changes only the
	// organization, its members and their events. The zero id binds to none.
	Within OrganizationID
}

// LocalAdministrator is the caller where authentication is off.
func LocalAdministrator() Principal {
	return Principal{Subject: "local", Scopes: []Scope{ScopeAdmin}}
}

// Require returns nil if the caller has the scope, or admin, in the whole
// directory; else a Denied Error. A use case that restricts what it does to
// Principal.Within calls RequireWithin instead.
func (p Principal) Require(scope Scope) error {
	if err := p.RequireWithin(scope); err != nil {
		return err
	}
	if !p.Within.IsZero() {
		return denied("a caller that is bound to no organization")
	}
	return nil
}

// RequireWithin is Require for a use case that shows and changes only what belongs
// to the organization of a bound caller.
func (p Principal) RequireWithin(scope Scope) error {
	if p.holds(scope) {
		return nil
	}
	return denied("the scope " + string(scope))
}

func (p Principal) holds(scope Scope) bool {
	return slices.Contains(p.Scopes, scope) || slices.Contains(p.Scopes, ScopeAdmin)
}

func denied(need string) error {
	return &Error{Kind: Denied, Reason: ReasonScope, Detail: "needs " + need, Fix: "ask an administrator for it"}
}
