package porttest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Memberships checks an implementation of ports.Memberships. It needs the ports
// of users, organizations and plans too.
func Memberships(t *testing.T, open Open) {
	t.Helper()
	runCases(t, open, slices.Concat(membershipReads(), membershipLists(), membershipAdditions(), membershipChanges(),
		affiliationsWithin()))
}

func membershipReads() []testCase {
	return []testCase{
		{"a membership is found by its pair", func(f *fixture) {
			o, ben := f.organization("acme", f.user("ada").ID), f.user("ben")
			m := f.member(o.ID, ben.ID, domain.Admin)
			same(f, "the membership", must[domain.Membership](f)(f.Memberships.MembershipOf(f.Context(), o.ID, ben.ID)), m)
			_, err := f.Memberships.MembershipOf(f.Context(), o.ID, nobody)
			f.absent(err)
			_, err = f.Memberships.MembershipOf(f.Context(), nobody, ben.ID)
			f.absent(err)
		}},
		{"members come in the order in which they joined, up to the limit", func(f *fixture) {
			ada := f.user("ada")
			o := f.organization("acme", ada.ID)
			ben, cho := f.user("ben"), f.user("cho")
			first := f.member(o.ID, cho.ID, domain.Member)
			second := f.newMember(o.ID, ben.ID, domain.Admin)
			second.JoinedAt = first.JoinedAt
			must[domain.Membership](f)(f.Memberships.AddMember(f.Context(), second))
			owner := domain.Membership{Organization: o.ID, User: ada.ID, Role: domain.Owner, JoinedAt: o.CreatedAt}
			sameList(f, "members", must[[]domain.Membership](f)(f.members(o.ID, domain.DefaultListSize)), []domain.Membership{owner, second, first})
			sameList(f, "two members", must[[]domain.Membership](f)(f.members(o.ID, f.size(2))), []domain.Membership{owner, second})
			_, err := f.members(nobody, domain.DefaultListSize)
			f.absent(err)
		}},
		{"a user's organizations come by name", func(f *fixture) {
			ada := f.user("ada")
			zeta, alpha, beta := f.organization("zeta", ada.ID), f.organization("alpha", ada.ID), f.organization("beta", f.user("ben").ID)
			m := f.member(beta.ID, ada.ID, domain.Member)
			got, err := f.organizationsOf(ada.ID)
			sameList(f, "organizations", must[[]domain.Affiliation](f)(got, err), []domain.Affiliation{
				{Organization: alpha, Role: domain.Owner, JoinedAt: alpha.CreatedAt},
				{Organization: beta, Role: domain.Member, JoinedAt: m.JoinedAt},
				{Organization: zeta, Role: domain.Owner, JoinedAt: zeta.CreatedAt},
			})
			sameList(f, "organizations of none", must[[]domain.Affiliation](f)(f.organizationsOf(f.user("alone").ID)), nil)
			_, err = f.organizationsOf(nobody)
			f.absent(err)
		}},
		{"a deleted user belongs nowhere", func(f *fixture) {
			ada, gone := f.user("ada"), f.user("gone")
			o := f.organization("acme", ada.ID)
			f.member(o.ID, gone.ID, domain.Admin)
			f.remove(gone.ID)
			_, err := f.Memberships.MembershipOf(f.Context(), o.ID, gone.ID)
			f.absent(err)
			members, err := f.members(o.ID, domain.DefaultListSize)
			same(f, "members", len(must[[]domain.Membership](f)(members, err)), 1)
			_, err = f.organizationsOf(gone.ID)
			f.absent(err)
			_, err = f.Memberships.SetRole(f.Context(), ports.SetRole{Organization: o.ID, User: gone.ID, Role: domain.Member})
			f.absent(err)
			f.absent(f.Memberships.RemoveMember(f.Context(), o.ID, gone.ID))
		}},
	}
}

func membershipAdditions() []testCase {
	return []testCase{
		{"a member is stored as it is, once", func(f *fixture) {
			o, ben := f.organization("acme", f.user("ada").ID), f.user("ben")
			m := f.newMember(o.ID, ben.ID, domain.Member)
			got, err := f.Memberships.AddMember(f.Context(), m)
			same(f, "the result", must[domain.Membership](f)(got, err), m)
			again := f.newMember(o.ID, ben.ID, domain.Owner)
			_, err = f.Memberships.AddMember(f.Context(), again)
			f.refused(err, domain.Conflict, domain.ReasonTaken, "")
			same(f, "the stored value", must[domain.Membership](f)(f.Memberships.MembershipOf(f.Context(), o.ID, ben.ID)), m)
		}},
		{"an unknown user or organization is not found", func(f *fixture) {
			ada, gone := f.user("ada"), f.user("gone")
			o := f.organization("acme", ada.ID)
			f.remove(gone.ID)
			for _, m := range []domain.Membership{
				f.newMember(nobody, ada.ID, domain.Member),
				f.newMember(o.ID, nobody, domain.Member),
				f.newMember(o.ID, gone.ID, domain.Member),
			} {
				_, err := f.Memberships.AddMember(f.Context(), m)
				f.absent(err)
			}
		}},
		{"no more members than seats, a deleted member's being free", func(f *fixture) {
			ada, ben, cho := f.user("ada"), f.user("ben"), f.user("cho")
			o := f.organizationOn(f.plan("pair", 2), "acme", ada.ID)
			f.member(o.ID, ben.ID, domain.Member)
			_, err := f.Memberships.AddMember(f.Context(), f.newMember(o.ID, cho.ID, domain.Member))
			f.refused(err, domain.Conflict, domain.ReasonSeats, "")
			f.remove(ben.ID)
			f.member(o.ID, cho.ID, domain.Member)
		}},
		{"when 50 users join at once, they fill the seats and not more", func(f *fixture) {
			o := f.organizationOn(f.plan("ten", 10), "acme", f.user("ada").ID)
			joining := make([]domain.Membership, 50)
			for i := range joining {
				joining[i] = f.newMember(o.ID, f.user(fmt.Sprintf("user%d", i)).ID, domain.Member)
			}
			counts := f.count(atOnce(len(joining), func(i int) error {
				_, err := f.Memberships.AddMember(f.Context(), joining[i])
				return err
			}))
			same(f, "successes", counts[""], 9)
			same(f, "full", counts[domain.ReasonSeats], 41)
			members, err := f.members(o.ID, f.size(1000))
			same(f, "members", len(must[[]domain.Membership](f)(members, err)), 10)
		}},
	}
}

func membershipChanges() []testCase {
	return []testCase{
		{"a role is changed", func(f *fixture) {
			o, ben := f.organization("acme", f.user("ada").ID), f.user("ben")
			m := f.member(o.ID, ben.ID, domain.Member)
			for _, role := range []domain.Role{domain.Admin, domain.Owner, domain.Member} {
				m.Role = role
				got, err := f.Memberships.SetRole(f.Context(), ports.SetRole{Organization: o.ID, User: ben.ID, Role: role})
				same(f, "the result", must[domain.Membership](f)(got, err), m)
				same(f, "the stored value", must[domain.Membership](f)(f.Memberships.MembershipOf(f.Context(), o.ID, ben.ID)), m)
			}
		}},
		{"a member is removed", func(f *fixture) {
			o, ben := f.organization("acme", f.user("ada").ID), f.user("ben")
			f.member(o.ID, ben.ID, domain.Member)
			if err := f.Memberships.RemoveMember(f.Context(), o.ID, ben.ID); err != nil {
				f.Fatal(err)
			}
			_, err := f.Memberships.MembershipOf(f.Context(), o.ID, ben.ID)
			f.absent(err)
		}},
		{"a user that is no member is not found", func(f *fixture) {
			ada, ben := f.user("ada"), f.user("ben")
			o := f.organization("acme", ada.ID)
			for _, pair := range [][2][16]byte{{o.ID, ben.ID}, {o.ID, nobody}, {nobody, ada.ID}} {
				_, err := f.Memberships.SetRole(f.Context(), ports.SetRole{Organization: pair[0], User: pair[1], Role: domain.Member})
				f.absent(err)
				f.absent(f.Memberships.RemoveMember(f.Context(), pair[0], pair[1]))
			}
		}},
		{"the last active owner does not leave and is not demoted", func(f *fixture) {
			ada, ben := f.user("ada"), f.user("ben")
			o := f.organization("acme", ada.ID)
			f.member(o.ID, ben.ID, domain.Owner)
			f.replace(suspend(ben))
			f.refused(f.lose(o.ID, ada, 2), domain.Conflict, domain.ReasonLastOwner, "")
			f.refused(f.lose(o.ID, ada, 3), domain.Conflict, domain.ReasonLastOwner, "")
			f.hasOneOwner(o.ID)
		}},
		{"of 50 removals and demotions of the last two owners at once, one owner stays", func(f *fixture) {
			owners := []domain.User{f.user("ada"), f.user("ben")}
			o := f.organization("acme", owners[0].ID)
			f.member(o.ID, owners[1].ID, domain.Owner)
			counts := f.count(atOnce(50, func(i int) error { return f.lose(o.ID, owners[i%2], 2+i/2%2) }))
			if counts[domain.ReasonOverloaded] > 0 || counts[domain.ReasonLastOwner] < 25 {
				f.Errorf("outcomes by reason: %v", counts)
			}
			f.hasOneOwner(o.ID)
		}},
	}
}
