package domain

// Account is what decides whether the user that an access token names may call.
type Account struct {
	ID     UserID
	Status Status
}

// Usable returns nil if the user is active; else an Unauthenticated Error.
func (a Account) Usable() error {
	if a.Status == Active {
		return nil
	}
	return InactiveAccount(nil)
}

// InactiveAccount is the Unauthenticated Error of a token whose user is suspended,
// deleted or unknown: the caller must not learn which.
func InactiveAccount(cause error) error {
	e := unauthenticated("the access token's user is not an active user of the directory", "ask an administrator")
	e.Err = cause
	return e
}
