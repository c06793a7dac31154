package oidc

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// UserField is the field of users by which tokens name them.
type UserField string

// The fields.
const (
	ByExternalID UserField = "external_id"
	ByEmail      UserField = "email"
	ByUsername   UserField = "username"
)

// Check returns an error unless f is a field, or empty.
func (f UserField) Check() error {
	switch f {
	case "", ByExternalID, ByEmail, ByUsername:
		return nil
	}
	return fmt.Errorf("%s is no field that names users: set external_id, email or username", strconv.Quote(string(f)))
}

// claim is the claim that holds the field, unless another is configured.
func (f UserField) claim() Claim {
	switch f {
	case ByEmail:
		return Claim{[]string{"email"}}
	case ByUsername:
		return Claim{[]string{"preferred_username"}}
	default:
		return Claim{[]string{"sub"}}
	}
}

// active takes the outcome of a look-up, and returns an error unless the user is active.
func active(account domain.Account, err error) error {
	switch {
	case errors.Is(err, domain.NotFound):
		return domain.InactiveAccount(err)
	case err != nil:
		return err
	}
	return account.Usable()
}

// lookUp returns a function that finds the user of a token; nil where the claims name
// none that may exist.
func (f UserField) lookUp(users ports.AccountReader, claim Claim, claims map[string]any) func(context.Context) (domain.Account, error) {
	name, _ := claim.in(claims).(string)
	switch f {
	case ByEmail:
		// An address that the provider did not verify may be anybody's.
		email, err := domain.ParseEmail(name)
		if verified, _ := claims["email_verified"].(bool); err != nil || !verified {
			return nil
		}
		return func(ctx context.Context) (domain.Account, error) { return users.AccountByEmail(ctx, email) }
	case ByUsername:
		username, err := domain.ParseUsername(name)
		if err != nil {
			return nil
		}
		return func(ctx context.Context) (domain.Account, error) { return users.AccountByUsername(ctx, username) }
	default:
		id, err := domain.ParseExternalID(name)
		if err != nil {
			return nil
		}
		return func(ctx context.Context) (domain.Account, error) { return users.AccountByExternalID(ctx, id) }
	}
}
