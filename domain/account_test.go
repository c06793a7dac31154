package domain_test

import (
	"errors"
	"testing"

	"github.com/roster-directory/roster/domain"
)

func TestOnlyActiveAccountsAreUsable(t *testing.T) {
	if err := (domain.Account{Status: domain.Active}).Usable(); err != nil {
		t.Error(err)
	}
	suspended, unknown := (domain.Account{Status: domain.Suspended}).Usable(), domain.InactiveAccount(errors.New("none"))
	for _, err := range []error{suspended, unknown, (domain.Account{}).Usable()} {
		failures := domain.Failures(err)
		if !errors.Is(err, domain.Unauthenticated) || len(failures) != 1 || failures[0].Detail != domain.Failures(suspended)[0].Detail {
			t.Errorf("got %v", err)
		}
	}
}
