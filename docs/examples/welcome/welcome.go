// Package welcome is code of a team's own that needs one small port of Roster's,
// and not the whole directory.
package welcome

import (
	"context"
	"fmt"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Line returns what to greet the user of that address with. The error is the
// store's.
func Line(ctx context.Context, users ports.UserReader, email domain.Email) (string, error) {
	user, err := users.UserByEmail(ctx, email)
	if err != nil {
		return "", fmt.Errorf("greeting: %w", err)
	}
	return "Welcome back, " + user.DisplayName.String() + "!", nil
}
