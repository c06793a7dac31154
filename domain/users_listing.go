package domain

// UserSort is the field that orders a list of users. Equal values are ordered by
// ID.
type UserSort string

// The sorts of users. Names are compared in lower case, byte by byte.
const (
	ByCreated  UserSort = "created_at"
	ByUpdated  UserSort = "updated_at"
	ByUsername UserSort = "username"
	ByEmail    UserSort = "email"
)

// UserOrder is the order of a list of users. The zero UserOrder is the newest first.
type UserOrder struct{ ordering[UserSort] }

// ParseUserOrder reads the name of a UserSort, with a '-' before it for
// descending. The error is Invalid and names "sort".
func ParseUserOrder(text string) (UserOrder, error) {
	order, err := parseOrdering(text, "users", "created_at, updated_at, username or email", ByCreated, ByUpdated, ByUsername, ByEmail)
	return UserOrder{order}, err
}

// Position is the position of u in the order.
func (o UserOrder) Position(u User) UserPosition {
	p := UserPosition{ID: u.ID}
	switch o.By() {
	case ByCreated:
		p.At = u.CreatedAt
	case ByUpdated:
		p.At = u.UpdatedAt
	case ByUsername:
		p.Key = u.Username.Key()
	case ByEmail:
		p.Key = u.Email.Key()
	}
	return p
}

// Deletion says whether a list includes deleted users.
type Deletion string

// The choices. The zero Deletion is WithoutDeleted.
const (
	WithoutDeleted Deletion = "exclude"
	WithDeleted    Deletion = "include"
	OnlyDeleted    Deletion = "only"
)

// Shows reports whether the list includes deleted users.
func (d Deletion) Shows() bool { return d == WithDeleted || d == OnlyDeleted }

// ParseDeletion reads a choice. The error is Invalid and names "deleted".
func ParseDeletion(text string) (Deletion, error) {
	switch d := Deletion(text); d {
	case WithoutDeleted, WithDeleted, OnlyDeleted:
		return d, nil
	}
	return "", invalid(ReasonSyntax, "deleted", `send "exclude", "include" or "only"`, "%s is not a choice", quote(text))
}

// EmailDomain is the domain of addresses, in lower case.
type EmailDomain struct{ text string }

// ParseEmailDomain reads a domain as in an Email. The error is Invalid and
// names "email_domain".
func ParseEmailDomain(text string) (EmailDomain, error) {
	const fix = "send a domain such as example.com"
	host := fold(text)
	switch {
	case text == "":
		return EmailDomain{}, invalid(ReasonMissing, "email_domain", fix, "is empty")
	case len(text) > 252:
		return EmailDomain{}, invalid(ReasonRange, "email_domain", fix, "has %d bytes; 252 is the most", len(text))
	}
	if why := hostFault(host); why != "" {
		return EmailDomain{}, invalid(ReasonSyntax, "email_domain", fix+"; write an international domain in its xn-- form", "%s %s",
			quote(text), why)
	}
	return EmailDomain{host}, nil
}

// String returns the domain.
func (d EmailDomain) String() string { return d.text }

// IsZero reports whether the domain is unset.
func (d EmailDomain) IsZero() bool { return d.text == "" }
