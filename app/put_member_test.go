package app_test

import (
	"context"
	"errors"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func TestPuttingAMemberAddsItOrChangesItsRole(t *testing.T) {
	in := ports.SetRole{Organization: org, User: someone, Role: domain.Admin}
	gone, taken := domain.Absent("member", someone), &domain.Error{Kind: domain.Conflict, Reason: domain.ReasonTaken}
	for name, c := range map[string]struct {
		set, add []error // what the store says to each attempt in turn
		added    bool
		err      error
	}{
		"a member":                       {set: []error{nil}},
		"no member":                      {set: []error{gone}, add: []error{nil}, added: true},
		"a user added meanwhile":         {set: []error{gone, nil}, add: []error{taken}},
		"a user who left and came":       {set: []error{gone, gone}, add: []error{taken, nil}, added: true},
		"nobody":                         {set: []error{gone}, add: []error{domain.Absent("user", someone)}, err: domain.NotFound},
		"one without a seat":             {set: []error{gone}, add: []error{errStore}, err: domain.Unavailable},
		"the last owner":                 {set: []error{errStore}, err: domain.Unavailable},
		"one who comes and goes all day": {set: []error{gone, gone, gone}, add: []error{taken, taken, taken}, err: domain.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			sets, adds := 0, 0
			store := &portsmock.MembershipsMock{
				SetRoleFunc: func(_ context.Context, got ports.SetRole) (domain.Membership, error) {
					sets++
					return domain.Membership{Role: got.Role}, c.set[sets-1]
				},
				AddMemberFunc: func(_ context.Context, got domain.Membership) (domain.Membership, error) {
					adds++
					return got, c.add[adds-1]
				},
			}
			got, added, err := app.NewMemberships(store, clock()).Put(ctx, admin, in)
			if !errors.Is(err, c.err) || added != c.added || err == nil && got.Role != domain.Admin || sets != len(c.set) || adds != len(c.add) {
				t.Errorf("got %+v, added: %t, %v after %d and %d attempts", got, added, err, sets, adds)
			}
		})
	}
}

func TestPuttingAMemberNeedsTheRightToManageMembers(t *testing.T) {
	m := app.NewMemberships(&portsmock.MembershipsMock{}, clock())
	refuses(t, func(c domain.Principal) error {
		_, _, err := m.Put(ctx, c, ports.SetRole{Organization: org, User: someone, Role: domain.Owner})
		return err
	}, reader, writer, in(domain.Member), in(domain.Admin))
}
