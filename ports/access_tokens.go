package ports

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
)

// AccountReader finds the users that access tokens name. It does not find deleted
// users. Each method returns the user as it is now, never as it was before the call, or
// a NotFound error.
type AccountReader interface {
	// AccountByExternalID finds the user with an external id.
	AccountByExternalID(context.Context, domain.ExternalID) (domain.Account, error)
	// AccountByEmail finds the user whose address has the same key.
	AccountByEmail(context.Context, domain.Email) (domain.Account, error)
	// AccountByUsername finds the user whose username has the same key.
	AccountByUsername(context.Context, domain.Username) (domain.Account, error)
}

// IssuerKeySet is the public keys of an issuer of access tokens.
type IssuerKeySet struct {
	Issuer string
	// JSON is a JSON Web Key Set (RFC 7517).
	JSON []byte
	// FetchedAt is when the issuer had these keys.
	FetchedAt time.Time
}

// IssuerKeys keeps the last key set of each issuer, so that a server can start while
// the issuer does not answer.
type IssuerKeys interface {
	// IssuerKeySet returns the key set of an issuer, or a NotFound error.
	IssuerKeySet(ctx context.Context, issuer string) (IssuerKeySet, error)
	// KeepIssuerKeySet keeps a key set, unless a later one of the issuer is kept.
	KeepIssuerKeySet(context.Context, IssuerKeySet) error
}

// AccessTokens is everything that a store does for access tokens.
type AccessTokens interface {
	AccountReader
	IssuerKeys
}
