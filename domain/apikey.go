package domain

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// APIKeyID identifies an API key. It is no secret.
type APIKeyID = ID[APIKey]

// APIKey lets a program call Roster. Of its secret, only the SHA-256 is stored.
type APIKey struct {
	ID   APIKeyID
	Name APIKeyName
	// Scopes are what the caller may do in the whole directory, or in the
	// organization that the key is bound to.
	Scopes []Scope
	// Organization binds the key to one organization; the zero id binds to none.
	Organization OrganizationID
	// Role is the role of a bound key in its organization; empty for other keys.
	Role      Role
	CreatedAt time.Time
	// CreatedBy is the subject of the principal that made the key.
	CreatedBy string
	// ExpiresAt, RevokedAt and LastUsedAt are zero where that has not happened. A
	// key whose ExpiresAt is zero does not expire. LastUsedAt is accurate to a
	// minute.
	ExpiresAt, RevokedAt, LastUsedAt time.Time
	// RevokedBy is the subject of the principal that revoked the key.
	RevokedBy string
}

// APIKeyName says what a key is for: any script, NFC, 1 to 100 code points, no
// control characters.
type APIKeyName struct{ text string }

// ParseAPIKeyName reads a name and normalizes it to NFC. The error is Invalid and
// names "name".
func ParseAPIKeyName(text string) (APIKeyName, error) {
	text, err := freeText("name", text, 100)
	return APIKeyName{text}, err
}

// String returns the name.
func (n APIKeyName) String() string { return n.text }

// ParseScopes reads one or more scopes, each once. The error is Invalid and names
// "scopes".
func ParseScopes(words []string) ([]Scope, error) {
	const fix = `send one or more of "read", "write" and "admin"`
	if len(words) == 0 {
		return nil, invalid(ReasonMissing, "scopes", fix, "is empty")
	}
	scopes := make([]Scope, 0, len(words))
	for _, word := range words {
		switch s := Scope(word); {
		case s != ScopeRead && s != ScopeWrite && s != ScopeAdmin:
			return nil, invalid(ReasonSyntax, "scopes", fix, "%s is not a scope", quote(word))
		case slices.Contains(scopes, s):
			return nil, invalid(ReasonSyntax, "scopes", fix, "%s is repeated", quote(word))
		default:
			scopes = append(scopes, s)
		}
	}
	return scopes, nil
}

// ScopeNames returns the names that ParseScopes reads, in the same order. It is not nil,
// also where there are no scopes.
func ScopeNames(scopes []Scope) []string {
	names := make([]string, len(scopes))
	for i, scope := range scopes {
		names[i] = string(scope)
	}
	return names
}

// Usable returns nil if the key admits a caller at a time; else an
// Unauthenticated Error that says why not.
func (k *APIKey) Usable(now time.Time) error {
	switch {
	case !k.RevokedAt.IsZero():
		return unauthenticated("the API key was revoked", "use another key")
	case !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt):
		return unauthenticated("the API key has expired", "use another key, or ask an administrator to make one")
	}
	return nil
}

// keySubject begins the subjects of callers that API keys admit.
const keySubject = "key:"

// Principal is the caller that the key admits.
func (k *APIKey) Principal() Principal {
	p := Principal{Subject: keySubject + k.ID.String(), Scopes: k.Scopes, Within: k.Organization}
	if k.Role != "" {
		p.Roles = map[OrganizationID]Role{k.Organization: k.Role}
	}
	return p
}

// HasAPIKey reports whether an API key admitted the caller, and not a token of a
// provider or the program itself.
func (p Principal) HasAPIKey() bool { return strings.HasPrefix(p.Subject, keySubject) }

// Check returns an Invalid Error that names the fields of a new key that do not fit.
func (k *APIKey) Check(now time.Time) error {
	var roleless, past error
	if k.Role != "" && k.Organization.IsZero() {
		roleless = invalid(ReasonMissing, "organization", "send the organization of the role, or leave the role out", "is required beside role")
	}
	if !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(now) {
		past = invalid(ReasonRange, "expires_at", "send a later time, or leave it out for a key without an end", "has passed")
	}
	return errors.Join(roleless, past)
}

// UnknownAPIKey is the Unauthenticated Error of a key that does not exist, and of a
// wrong secret: the caller must not learn which.
func UnknownAPIKey(cause error) error {
	e := unauthenticated("the API key is not known", "use another key")
	e.Err = cause
	return e
}

func unauthenticated(detail, fix string) *Error {
	return &Error{Kind: Unauthenticated, Reason: ReasonCredentials, Detail: detail, Fix: fix}
}
