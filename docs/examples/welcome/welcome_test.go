package welcome_test

import (
	"context"
	"errors"
	"testing"

	"github.com/roster-directory/roster/docs/examples/welcome"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports/portsmock"
)

var address = domain.MustParse(domain.ParseEmail("zoe@example.com"))

func TestAKnownUserIsGreetedByName(t *testing.T) {
	users := &portsmock.UsersMock{UserByEmailFunc: func(_ context.Context, email domain.Email) (domain.User, error) {
		return domain.User{Email: email, DisplayName: domain.MustParse(domain.ParseDisplayName("Zoë"))}, nil
	}}
	line, err := welcome.Line(t.Context(), users, address)
	if err != nil || line != "Welcome back, Zoë!" {
		t.Errorf("got %q, %v", line, err)
	}
	if calls := users.UserByEmailCalls(); len(calls) != 1 || calls[0].Email != address {
		t.Errorf("the store was asked %v", calls)
	}
}

func TestAStrangerIsNotGreeted(t *testing.T) {
	users := &portsmock.UsersMock{UserByEmailFunc: func(_ context.Context, email domain.Email) (domain.User, error) {
		return domain.User{}, domain.Absent("user", email)
	}}
	if line, err := welcome.Line(t.Context(), users, address); line != "" || !errors.Is(err, domain.NotFound) {
		t.Errorf("got %q, %v", line, err)
	}
}
