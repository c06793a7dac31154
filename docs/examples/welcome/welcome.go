// Package welcome is code of your own that needs one small port of Roster, and not
// the whole directory.
package welcome

import (
	"context"
	"fmt"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Line returns a greeting for the user with an address. The error is that of the
// store.
func Line(ctx context.Context, users ports.UserReader, email domain.Email) (string, error) {
	user, err := users.UserByEmail(ctx, email)
	if err != nil {
		return "", fmt.Errorf("greeting: %w", err)
	}
	return "Welcome back, " + user.DisplayName.String() + "!", nil
}
