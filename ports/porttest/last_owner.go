package porttest

import (
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// suspend is a command that suspends a user and changes nothing else.
func suspend(user domain.User) ports.ReplaceUser {
	return ports.ReplaceUser{ID: user.ID, Username: user.Username, Email: user.Email, Status: domain.Suspended, At: user.UpdatedAt}
}

func lastOwners() []testCase {
	return []testCase{
		{"the last active owner of an organization is not suspended or deleted", func(f *fixture) {
			ada, ben, cho := f.user("ada"), f.user("ben"), f.user("cho")
			o := f.organization("acme", ada.ID)
			f.member(o.ID, ben.ID, domain.Admin)
			f.member(o.ID, cho.ID, domain.Owner)
			f.replace(suspend(cho))
			_, err := f.Users.ReplaceUser(f.Context(), suspend(ada))
			f.refused(err, domain.Conflict, domain.ReasonLastOwner, "")
			err = f.Users.DeleteUser(f.Context(), ports.DeleteUser{ID: ada.ID, At: ada.UpdatedAt})
			f.refused(err, domain.Conflict, domain.ReasonLastOwner, "")
			same(f, "the owner", must[domain.User](f)(f.Users.UserByID(f.Context(), ada.ID)), ada)
		}},
		{"an owner among others is suspended or deleted", func(f *fixture) {
			ada, ben, cho := f.user("ada"), f.user("ben"), f.user("cho")
			o := f.organization("acme", ada.ID)
			f.member(o.ID, ben.ID, domain.Owner)
			f.member(o.ID, cho.ID, domain.Owner)
			f.remove(ada.ID)
			f.replace(suspend(ben))
			_, err := f.Users.ReplaceUser(f.Context(), suspend(cho))
			f.refused(err, domain.Conflict, domain.ReasonLastOwner, "")
		}},
		{"of all ways to lose the last two owners at once, one succeeds", func(f *fixture) {
			owners := []domain.User{f.user("ada"), f.user("ben")}
			o := f.organization("acme", owners[0].ID)
			f.member(o.ID, owners[1].ID, domain.Owner)
			counts := f.count(atOnce(48, func(i int) error { return f.lose(o.ID, owners[i%2], i/2%4) }))
			if counts[domain.ReasonOverloaded] > 0 || counts[domain.ReasonLastOwner] < 24 {
				f.Errorf("outcomes by reason: %v", counts)
			}
			f.hasOneOwner(o.ID)
		}},
		{"when owners of many organizations leave at once, each organization keeps one", func(f *fixture) {
			owners := []domain.User{f.user("ada"), f.user("ben"), f.user("cho")}
			var all []domain.OrganizationID
			for _, slug := range []string{"a", "b", "c", "d", "e", "f"} {
				o := f.organization(slug, owners[len(all)%3].ID)
				f.member(o.ID, owners[(len(all)+1)%3].ID, domain.Owner)
				f.member(o.ID, owners[(len(all)+2)%3].ID, domain.Owner)
				all = append(all, o.ID)
			}
			counts := f.count(atOnce(60, func(i int) error {
				if i%10 < 4 {
					return f.lose(all[0], owners[i%3], i%2)
				}
				return f.lose(all[i%len(all)], owners[i/len(all)%3], 2+i%2)
			}))
			if counts[domain.ReasonOverloaded] > 0 {
				f.Errorf("outcomes by reason: %v", counts)
			}
			for _, o := range all {
				f.hasOwner(o)
			}
		}},
	}
}

// lose removes an owner in one of four ways.
func (f *fixture) lose(o domain.OrganizationID, owner domain.User, way int) error {
	switch way {
	case 0:
		return f.Users.DeleteUser(f.Context(), ports.DeleteUser{ID: owner.ID, At: owner.UpdatedAt})
	case 1:
		_, err := f.Users.ReplaceUser(f.Context(), suspend(owner))
		return err
	case 2:
		return f.Memberships.RemoveMember(f.Context(), o, owner.ID)
	default:
		_, err := f.Memberships.SetRole(f.Context(), ports.SetRole{Organization: o, User: owner.ID, Role: domain.Member})
		return err
	}
}

// owners counts the active owners.
func (f *fixture) owners(o domain.OrganizationID) int {
	f.Helper()
	members, err := f.members(o, f.size(1000))
	n := 0
	for _, m := range must[[]domain.Membership](f)(members, err) {
		user, err := f.Users.UserByID(f.Context(), m.User)
		if must[domain.User](f)(user, err).Status == domain.Active && m.Role == domain.Owner {
			n++
		}
	}
	return n
}

func (f *fixture) hasOneOwner(o domain.OrganizationID) {
	f.Helper()
	same(f, "active owners", f.owners(o), 1)
}

func (f *fixture) hasOwner(o domain.OrganizationID) {
	f.Helper()
	if f.owners(o) < 1 {
		f.Error("an organization has no active owner")
	}
}
