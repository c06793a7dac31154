package memory

import (
	"context"
	"fmt"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Since this storage keeps no organizations, no user is a member of one: a caller
// that is bound to an organization finds nobody.

// UserByIDWithin returns a NotFound error.
func (s *Users) UserByIDWithin(_ context.Context, in ports.Within[domain.UserID]) (domain.User, error) {
	return noMember(in.Wanted)
}

// UserByUsernameWithin returns a NotFound error.
func (s *Users) UserByUsernameWithin(_ context.Context, in ports.Within[domain.Username]) (domain.User, error) {
	return noMember(in.Wanted)
}

// UserByEmailWithin returns a NotFound error.
func (s *Users) UserByEmailWithin(_ context.Context, in ports.Within[domain.Email]) (domain.User, error) {
	return noMember(in.Wanted)
}

// UserByExternalIDWithin returns a NotFound error.
func (s *Users) UserByExternalIDWithin(_ context.Context, in ports.Within[domain.ExternalID]) (domain.User, error) {
	return noMember(in.Wanted)
}

// UsersByIDWithin returns no user.
func (s *Users) UsersByIDWithin(context.Context, ports.Within[[]domain.UserID]) ([]domain.User, error) {
	return nil, nil
}

func noMember(name fmt.Stringer) (domain.User, error) {
	return domain.User{}, domain.Absent("user", name)
}

// expectWithin is expect for a caller that may be bound to an organization.
func (s *Users) expectWithin(within domain.OrganizationID, id domain.UserID, version domain.Version) (domain.User, error) {
	if !within.IsZero() {
		return noMember(id)
	}
	return s.expect(id, version)
}
