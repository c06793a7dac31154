package porttest

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// memberPages reads all pages of an organization's members.
func (f *fixture) memberPages(o domain.OrganizationID, role domain.Role, size int) []domain.Membership {
	f.Helper()
	return pages(f, size, func(last *domain.Membership, limit domain.PageSize) (ports.Page[domain.Membership], error) {
		return f.Memberships.Members(f.Context(), ports.ListMembers{Organization: o, Role: role, After: last, Limit: limit})
	})
}

// affiliationPages reads all pages of a user's organizations.
func (f *fixture) affiliationPages(user domain.UserID, size int) []domain.Affiliation {
	f.Helper()
	return pages(f, size, func(last *domain.Affiliation, limit domain.PageSize) (ports.Page[domain.Affiliation], error) {
		in := ports.ListAffiliations{User: user, Limit: limit}
		if last != nil {
			in.After = &domain.OrganizationPosition{Key: last.Organization.Name.String(), ID: last.Organization.ID}
		}
		return f.Memberships.OrganizationsOf(f.Context(), in)
	})
}

func byJoining(a, b domain.Membership) int {
	return cmp.Or(a.JoinedAt.Compare(b.JoinedAt), a.User.Compare(b.User))
}

func byName(a, b domain.Affiliation) int {
	return cmp.Or(strings.Compare(a.Organization.Name.String(), b.Organization.Name.String()), a.Organization.ID.Compare(b.Organization.ID))
}

func membershipLists() []testCase {
	return []testCase{
		{"members of a role are listed, page by page", membersAreFiltered},
		{"a place among members stays one when that member has left", func(f *fixture) {
			o, ben, cho := f.organization("acme", f.user("ada").ID), f.user("ben"), f.user("cho")
			left, next := f.member(o.ID, ben.ID, domain.Member), f.member(o.ID, cho.ID, domain.Admin)
			if err := f.Memberships.RemoveMember(f.Context(), o.ID, ben.ID); err != nil {
				f.Fatal(err)
			}
			// Only the time and the user matter.
			after := domain.Membership{JoinedAt: left.JoinedAt, User: ben.ID}
			got, err := f.Memberships.Members(f.Context(), ports.ListMembers{Organization: o.ID, After: &after, Limit: f.size(5)})
			sameList(f, "after a member who left", must[ports.Page[domain.Membership]](f)(got, err).Items, []domain.Membership{next})
			got, err = f.Memberships.Members(f.Context(), ports.ListMembers{Organization: o.ID, After: &next, Limit: f.size(5)})
			sameList(f, "after the last", must[ports.Page[domain.Membership]](f)(got, err).Items, nil)
			_, err = f.Memberships.Members(f.Context(), ports.ListMembers{Organization: nobody, After: &next, Limit: f.size(5)})
			f.absent(err)
		}},
		{"a user's organizations come by the bytes of their names and then by id, page by page", affiliationsAreOrdered},
		{"pages of members have each who stays once while others join and leave", membersAreWalked},
		{"pages of a user's organizations have each that is not renamed once", affiliationsAreWalked},
	}
}

func membersAreFiltered(f *fixture) {
	ada := f.user("ada")
	o := f.organization("acme", ada.ID)
	all := []domain.Membership{{Organization: o.ID, User: ada.ID, Role: domain.Owner, JoinedAt: o.CreatedAt}}
	for i, role := range []domain.Role{domain.Admin, domain.Member, domain.Member, domain.Admin, domain.Owner} {
		m := f.newMember(o.ID, f.user(fmt.Sprintf("user%d", 9-i)).ID, role)
		m.JoinedAt = begin.Add(time.Duration(i/2) * time.Hour)
		all = append(all, must[domain.Membership](f)(f.Memberships.AddMember(f.Context(), m)))
	}
	slices.SortFunc(all, byJoining)
	for _, role := range []domain.Role{"", domain.Owner, domain.Admin, domain.Member} {
		want := slices.DeleteFunc(slices.Clone(all), func(m domain.Membership) bool { return role != "" && m.Role != role })
		for _, size := range []int{1, 2, len(want), 100} {
			sameList(f, "members of the role "+string(role), f.memberPages(o.ID, role, size), want)
		}
	}
	sameList(f, "admins of an organization without", f.memberPages(f.organization("apex", ada.ID).ID, domain.Admin, 2), nil)
}

func affiliationsAreOrdered(f *fixture) {
	ada, plan := f.user("ada"), f.plan("free", 0).Code
	var want []domain.Affiliation
	for i, name := range []string{
		"same", "b", "A", "a b", "Zoë", "a-b", "\u65e5\u672c", "\uffee", "\U00010400", "same",
		strings.Repeat("\U0010ffff", 200),
	} {
		o := f.newOrganization(fmt.Sprintf("slug-%d", i), plan)
		o.Name = must[domain.OrganizationName](f)(domain.ParseOrganizationName(name))
		must[domain.Organization](f)(f.Organizations.CreateOrganization(f.Context(), ports.CreateOrganization{Organization: o, Owner: ada.ID}))
		want = append(want, domain.Affiliation{Organization: o, Role: domain.Owner, JoinedAt: o.CreatedAt})
	}
	f.organization("another", f.user("ben").ID)
	slices.SortFunc(want, byName)
	for _, size := range []int{1, 3, len(want), 100} {
		sameList(f, "organizations", f.affiliationPages(ada.ID, size), want)
	}
	_, err := f.Memberships.OrganizationsOf(f.Context(),
		ports.ListAffiliations{User: nobody, After: &domain.OrganizationPosition{Key: "a"}, Limit: f.size(1)})
	f.absent(err)
}

func membersAreWalked(f *fixture) {
	o := f.organization("acme", f.user("ada").ID)
	everybody, admins := map[[16]byte]bool{}, map[[16]byte]bool{}
	for i := range steadyUsers {
		m := f.newMember(o.ID, f.user(fmt.Sprintf("steady%d", i)).ID, domain.Member)
		m.JoinedAt = moment(i * 5)
		if everybody[m.User] = true; i%2 == 0 {
			m.Role, admins[m.User] = domain.Admin, true
		}
		must[domain.Membership](f)(f.Memberships.AddMember(f.Context(), m))
	}
	var passing, changing []domain.Membership
	for w := range walkWriters {
		passing = append(passing, f.newMember(o.ID, f.user(fmt.Sprintf("passing%d", w)).ID, domain.Admin))
		m := f.newMember(o.ID, f.user(fmt.Sprintf("changing%d", w)).ID, domain.Member)
		m.JoinedAt = moment(w)
		changing = append(changing, must[domain.Membership](f)(f.Memberships.AddMember(f.Context(), m)))
		everybody[m.User] = true
	}
	defer f.meanwhile(walkWriters, func(w int, random *rand.Rand) error {
		m, roles := passing[w], []domain.Role{domain.Owner, domain.Admin, domain.Member}
		m.JoinedAt = moment(random.IntN(moments))
		if _, err := f.Memberships.AddMember(f.Context(), m); err != nil {
			return err
		}
		in := ports.SetRole{Organization: o.ID, User: changing[w].User, Role: roles[random.IntN(len(roles))]}
		if _, err := f.Memberships.SetRole(f.Context(), in); err != nil {
			return err
		}
		return f.Memberships.RemoveMember(f.Context(), o.ID, m.User)
	})()
	user := func(m domain.Membership) [16]byte { return m.User }
	for _, size := range []int{1, 2, 7, 50, 1} {
		metOnce(f, fmt.Sprintf("in pages of %d", size), f.memberPages(o.ID, "", size), user, byJoining, everybody)
		metOnce(f, fmt.Sprintf("admins, in pages of %d", size), f.memberPages(o.ID, domain.Admin, size), user, byJoining, admins)
	}
}

func affiliationsAreWalked(f *fixture) {
	ada, plan := f.user("ada"), f.plan("free", 0)
	steady := map[[16]byte]bool{}
	for i := range steadyUsers {
		steady[f.organizationOn(plan, fmt.Sprintf("s%02d-steady", i*7%steadyUsers), ada.ID).ID] = true
	}
	var moving, passing []domain.Organization
	for w := range walkWriters {
		moving = append(moving, f.organizationOn(plan, fmt.Sprintf("moving%d", w), ada.ID))
		passing = append(passing, f.newOrganization(fmt.Sprintf("passing%d", w), plan.Code))
	}
	defer f.meanwhile(walkWriters, func(w int, random *rand.Rand) error {
		name, err := domain.ParseOrganizationName(fmt.Sprintf("The s%02d-m", random.IntN(steadyUsers)))
		if err != nil {
			return err
		}
		if _, err := f.Organizations.ReplaceOrganization(f.Context(), ports.ReplaceOrganization{ID: moving[w].ID, Name: name}); err != nil {
			return err
		}
		o := passing[w]
		o.Name = name
		binary.NativeEndian.PutUint64(o.ID[1:], random.Uint64())
		if _, err := f.Organizations.CreateOrganization(f.Context(), ports.CreateOrganization{Organization: o, Owner: ada.ID}); err != nil {
			return err
		}
		return f.deleted(o.ID, 0)
	})()
	for _, size := range []int{1, 2, 7, 50, 1} {
		id := func(a domain.Affiliation) [16]byte { return a.Organization.ID }
		metOnce(f, fmt.Sprintf("in pages of %d", size), f.affiliationPages(ada.ID, size), id, byName, steady)
	}
}
