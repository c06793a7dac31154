package domain

// This file decides what a caller may do beyond its scopes, and what a caller that
// is bound to an organization may know and change. Use cases ask, and decide
// nothing themselves.

// Sees reports whether the caller may know of the organization. The zero id is the
// whole directory.
func (p Principal) Sees(organization OrganizationID) bool {
	return p.Within.IsZero() || organization == p.Within
}

// RequireSight returns nil if the caller may know of the organization; else the
// NotFound Error of an organization that does not exist.
func (p Principal) RequireSight(organization OrganizationID) error {
	if p.Sees(organization) {
		return nil
	}
	return Absent("organization", organization)
}

// Confine returns the organization to which a list is confined that asks for one,
// or for all by the zero id. It reports false where the caller may see nothing of
// what it asks for: the list is empty then.
func (p Principal) Confine(asked OrganizationID) (OrganizationID, bool) {
	if p.Within.IsZero() || asked == p.Within {
		return asked, true
	}
	return p.Within, asked.IsZero()
}

// RequireMemberships returns nil if the caller may give, change or remove a role
// in an organization. Its owners may do so for any role, its admins for the roles
// below owner, administrators of the directory for all. Else the error is Denied, or
// NotFound for an organization that the caller may not know.
func (p Principal) RequireMemberships(organization OrganizationID, role Role) error {
	if err := p.RequireSight(organization); err != nil {
		return err
	}
	own := p.Roles[organization]
	if p.holds(ScopeAdmin) || own == Owner || own == Admin && role != Owner {
		return nil
	}
	if own == Admin {
		return denied("the role owner in the organization")
	}
	return denied("the scope admin, or the role owner or admin in the organization")
}

// RequireNewMember returns nil if the caller may add a user to an organization. It
// needs what RequireMemberships says. A bound caller needs the scope write as well:
// it can then see a user that it could not see before. Else the error is Denied or
// NotFound.
func (p Principal) RequireNewMember(organization OrganizationID, role Role) error {
	if err := p.RequireMemberships(organization, role); err != nil || p.Within.IsZero() {
		return err
	}
	return p.RequireWithin(ScopeWrite)
}

// RequireUserChange returns nil if the caller may turn a user that it sees into
// another state. A bound caller changes only the display name and the attributes.
// The names are unique in the whole directory, so that a refusal would tell who
// exists; and the user may belong to other organizations, which its suspension
// would touch. Else the error is Denied.
func (p Principal) RequireUserChange(from, to *User) error {
	kept := from.Username == to.Username && from.Email == to.Email && from.ExternalID == to.ExternalID && from.Status == to.Status
	if p.Within.IsZero() || kept {
		return nil
	}
	return denied("a caller that is bound to no organization for another username, email, external_id or status")
}

// RequireOrganizationChange returns nil if the caller may turn an organization that
// it sees into another state. A bound caller changes only the name: slugs are
// unique in the whole directory, and the plan limits the organization. Else the
// error is Denied.
func (p Principal) RequireOrganizationChange(from, to *Organization) error {
	if p.Within.IsZero() || from.Slug == to.Slug && from.Plan == to.Plan {
		return nil
	}
	return denied("a caller that is bound to no organization for another slug or plan")
}

// RequireAPIKey returns nil if the caller may make a key with these rights: it needs
// the scope admin, and a caller that is bound to an organization makes only keys
// that are bound to it. Else the error is Denied.
func (p Principal) RequireAPIKey(key *APIKey) error {
	if err := p.RequireWithin(ScopeAdmin); err != nil {
		return err
	}
	if !p.Sees(key.Organization) {
		return denied("to be bound to no organization; bind the key to your own organization")
	}
	return nil
}

// Identity tells callers apart who may get different results for the same request:
// it is the subject, and the organization that it is bound to. No subject begins
// like the identity of a bound caller.
func (p Principal) Identity() string {
	if p.Within.IsZero() {
		return p.Subject
	}
	return "within " + p.Within.String() + ": " + p.Subject
}
