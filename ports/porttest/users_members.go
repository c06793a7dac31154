package porttest

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// memberWrites are cases of patches, restorations and erasures of members.
func memberWrites() []testCase {
	return []testCase{
		{"a patch does not suspend the last active owner", func(f *fixture) {
			ada, ben := f.user("ada"), f.user("ben")
			o := f.organization("acme", ada.ID)
			for name, key := range map[string]*ports.Idempotency{"without a key": nil, "under a key": key()} {
				_, err := f.Users.PatchUser(f.Context(), ports.PatchUser{ID: ada.ID, Status: domain.Suspended, At: ada.UpdatedAt, Idempotency: key})
				if err == nil {
					f.Fatalf("%s, the last owner was suspended", name)
				}
				f.refused(err, domain.Conflict, domain.ReasonLastOwner, "")
			}
			f.member(o.ID, ben.ID, domain.Owner)
			same(f, "the status", f.patch(ports.PatchUser{ID: ada.ID, Status: domain.Suspended}).Status, domain.Suspended)
			f.hasOneOwner(o.ID)
		}},
		{"a search finds members of an organization, and by role", searchesMembers},
		{"a restored user has its memberships again, where there are seats", restoredMembers},
		{"the last active owner is not erased", func(f *fixture) {
			ada, ben := f.user("ada"), f.user("ben")
			o := f.organization("acme", ada.ID)
			f.member(o.ID, ben.ID, domain.Member)
			f.refused(f.erased(ports.EraseUser{ID: ada.ID}), domain.Conflict, domain.ReasonLastOwner, "")
			f.erase(ports.EraseUser{ID: ben.ID})
			f.hasOneOwner(o.ID)
		}},
		{"an erasure ends memberships, of a deleted user too", func(f *fixture) {
			ada, ben, cho := f.user("ada"), f.user("ben"), f.user("cho")
			o := f.organizationOn(f.plan("three", 3), "acme", ada.ID)
			f.member(o.ID, ben.ID, domain.Owner)
			f.member(o.ID, cho.ID, domain.Member)
			f.remove(cho.ID)
			for _, user := range []domain.User{ben, cho} {
				f.erase(ports.EraseUser{ID: user.ID})
				must[domain.User](f)(f.create(user))
				_, err := f.Memberships.MembershipOf(f.Context(), o.ID, user.ID)
				f.absent(err)
			}
			f.hasOneOwner(o.ID)
		}},
		{"of all ways to erase and lose the last two owners at once, one owner stays", func(f *fixture) {
			owners := []domain.User{f.user("ada"), f.user("ben")}
			o := f.organization("acme", owners[0].ID)
			f.member(o.ID, owners[1].ID, domain.Owner)
			counts := f.count(atOnce(50, func(i int) error {
				switch i % 5 {
				case 0:
					return f.erased(ports.EraseUser{ID: owners[i/5%2].ID})
				default:
					return f.lose(o.ID, owners[i/5%2], i%5-1)
				}
			}))
			if counts[domain.ReasonOverloaded] > 0 || counts[domain.ReasonLastOwner] < 25 {
				f.Errorf("outcomes by reason: %v", counts)
			}
			f.hasOneOwner(o.ID)
		}},
	}
}

func restoredMembers(f *fixture) {
	ada, ben, cho := f.user("ada"), f.user("ben"), f.user("cho")
	o := f.organizationOn(f.plan("pair", 2), "acme", ada.ID)
	m := f.member(o.ID, ben.ID, domain.Owner)
	f.remove(ben.ID)
	f.member(o.ID, cho.ID, domain.Member)
	_, err := f.restored(ports.RestoreUser{ID: ben.ID})
	f.refused(err, domain.Conflict, domain.ReasonSeats, "")
	_, err = f.Users.UserByID(f.Context(), ben.ID)
	f.absent(err)
	if err := f.Memberships.RemoveMember(f.Context(), o.ID, cho.ID); err != nil {
		f.Fatal(err)
	}
	_, err = f.restored(ports.RestoreUser{ID: ben.ID})
	must[domain.User](f)(ben, err)
	same(f, "the membership", must[domain.Membership](f)(f.Memberships.MembershipOf(f.Context(), o.ID, ben.ID)), m)
	f.refused(f.lose(o.ID, cho, 2), domain.NotFound, domain.ReasonUnknown, "")
	f.remove(ada.ID)
}

// erasuresAndEvents is a case of a user with events: they stay without a user.
func erasuresAndEvents() []testCase {
	return []testCase{{"an erasure cuts the user out of its events, which stay", func(f *fixture) {
		ada, ben, cho := f.user("ada"), f.user("ben"), f.user("cho")
		o := f.organization("acme", ada.ID)
		f.member(o.ID, ben.ID, domain.Member)
		f.member(o.ID, cho.ID, domain.Member)
		of := func(u domain.User) domain.Event { return f.newEvent(o.ID, u.ID, begin) }
		bens, chos := of(ben), of(cho)
		f.add(accepted(3), of(ada), bens, chos)
		f.counts(3)
		f.remove(cho.ID)
		f.erase(ports.EraseUser{ID: ben.ID})
		f.erase(ports.EraseUser{ID: cho.ID})
		f.counts(1)
		must[domain.User](f)(f.create(ben))
		f.member(o.ID, ben.ID, domain.Member)
		f.counts(1)
		f.add([]ports.Outcome{ports.Duplicate}, bens)
		f.counts(1)
		later := bens
		later.OccurredAt = begin.Add(time.Minute)
		f.add(accepted(1), later)
		f.counts(2)
	}}}
}
