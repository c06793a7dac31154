package porttest

import (
	"slices"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Organizations checks an implementation of ports.Organizations. It needs the
// ports of users, memberships and plans too.
func Organizations(t *testing.T, open Open) {
	t.Helper()
	cases := slices.Concat(organizationReads(), organizationLists(), organizationWalks(), organizationWrites(),
		organizationReplacements(), keyCases(organizationCommands()))
	runCases(t, open, cases)
}

func organizationReads() []testCase {
	return []testCase{
		{"an organization is found by its id and its slug", func(f *fixture) {
			o := f.organization("acme", f.user("ada").ID)
			same(f, "by id", must[domain.Organization](f)(f.Organizations.OrganizationByID(f.Context(), o.ID)), o)
			same(f, "by slug", must[domain.Organization](f)(f.Organizations.OrganizationBySlug(f.Context(), o.Slug)), o)
		}},
		{"unknown records are not found", func(f *fixture) {
			_, err := f.Organizations.OrganizationByID(f.Context(), nobody)
			f.absent(err)
			_, err = f.Organizations.OrganizationBySlug(f.Context(), must[domain.Slug](f)(domain.ParseSlug("acme")))
			f.absent(err)
		}},
		{"the newest are listed first, up to the limit", func(f *fixture) {
			owner := f.user("ada").ID
			old, young := f.organization("old", owner), f.organization("young", owner)
			plan := f.plan("free", 0)
			twin, other := f.newOrganization("twin", plan.Code), f.newOrganization("other", plan.Code)
			other.CreatedAt = twin.CreatedAt
			for _, o := range []domain.Organization{other, twin} {
				must[domain.Organization](f)(f.Organizations.CreateOrganization(f.Context(), ports.CreateOrganization{Organization: o, Owner: owner}))
			}
			got, err := f.listedOrganizations(ports.ListOrganizations{Limit: domain.DefaultListSize})
			sameList(f, "all", must[[]domain.Organization](f)(got, err), []domain.Organization{other, twin, young, old})
			got, err = f.listedOrganizations(ports.ListOrganizations{Limit: f.size(1)})
			sameList(f, "one", must[[]domain.Organization](f)(got, err), []domain.Organization{other})
		}},
	}
}

func organizationWrites() []testCase {
	return []testCase{
		{"an organization is stored as it is, with its owner", func(f *fixture) {
			ada := f.user("ada")
			o := f.newOrganization("acme", f.plan("free", 0).Code)
			got, err := f.Organizations.CreateOrganization(f.Context(), ports.CreateOrganization{Organization: o, Owner: ada.ID})
			same(f, "the result", must[domain.Organization](f)(got, err), o)
			m, err := f.Memberships.MembershipOf(f.Context(), o.ID, ada.ID)
			same(f, "the owner", must[domain.Membership](f)(m, err),
				domain.Membership{Organization: o.ID, User: ada.ID, Role: domain.Owner, JoinedAt: o.CreatedAt})
		}},
		{"a creation that can't be done leaves nothing and says why", creationsAreChecked},
		{"a deletion takes the memberships along", func(f *fixture) {
			ada := f.user("ada")
			o := f.organization("acme", ada.ID)
			kept := f.organization("kept", ada.ID)
			if err := f.deleted(o.ID, 1); err != nil {
				f.Fatal(err)
			}
			_, err := f.Organizations.OrganizationByID(f.Context(), o.ID)
			f.absent(err)
			left, err := f.organizationsOf(ada.ID)
			sameList(f, "the owner's organizations", must[[]domain.Affiliation](f)(left, err),
				[]domain.Affiliation{{Organization: kept, Role: domain.Owner, JoinedAt: kept.CreatedAt}})
		}},
		{"a deletion of nothing is not found, of another version stale", func(f *fixture) {
			o := f.organization("acme", f.user("ada").ID)
			f.absent(f.deleted(nobody, 0))
			f.absent(f.deleted(nobody, 1))
			f.refused(f.deleted(o.ID, 2), domain.Stale, domain.ReasonVersion, "")
			if err := f.deleted(o.ID, 0); err != nil {
				f.Error(err)
			}
		}},
	}
}

func organizationReplacements() []testCase {
	return []testCase{
		{"a replacement changes the names and the plan", func(f *fixture) {
			o := f.organization("acme", f.user("ada").ID)
			want := f.newOrganization("apex", f.plan("pro", 5).Code)
			want.ID, want.CreatedAt, want.Version = o.ID, o.CreatedAt, 2
			in := ports.ReplaceOrganization{ID: o.ID, IfMatch: 1, Name: want.Name, Slug: want.Slug, Plan: want.Plan}
			same(f, "the result", must[domain.Organization](f)(f.Organizations.ReplaceOrganization(f.Context(), in)), want)
			same(f, "the stored value", must[domain.Organization](f)(f.Organizations.OrganizationBySlug(f.Context(), want.Slug)), want)
		}},
		{"a replacement leaves absent fields", func(f *fixture) {
			want := f.organization("acme", f.user("ada").ID)
			other := f.newOrganization("apex", f.plan("pro", 5).Code)
			for _, in := range []ports.ReplaceOrganization{{Name: other.Name}, {Slug: other.Slug}, {Plan: other.Plan}, {}} {
				in.ID = want.ID
				want.Version++
				switch {
				case in.Name != domain.OrganizationName{}:
					want.Name = in.Name
				case in.Slug != domain.Slug{}:
					want.Slug = in.Slug
				case in.Plan != domain.PlanCode{}:
					want.Plan = in.Plan
				}
				same(f, "the result", must[domain.Organization](f)(f.Organizations.ReplaceOrganization(f.Context(), in)), want)
			}
			same(f, "the stored value", must[domain.Organization](f)(f.Organizations.OrganizationByID(f.Context(), want.ID)), want)
		}},
		{"of 50 replacements of one version at once, one succeeds", func(f *fixture) {
			o := f.organization("acme", f.user("ada").ID)
			in := ports.ReplaceOrganization{ID: o.ID, IfMatch: o.Version, Name: f.newOrganization("apex", o.Plan).Name}
			counts := f.count(atOnce(50, func(int) error {
				_, err := f.Organizations.ReplaceOrganization(f.Context(), in)
				return err
			}))
			same(f, "successes", counts[""], 1)
			same(f, "stale", counts[domain.ReasonVersion], 49)
		}},
		{"a replacement that can't be done changes nothing and says why", replacementsAreChecked},
	}
}

func creationsAreChecked(f *fixture) {
	ada, gone, suspended := f.user("ada"), f.user("gone"), f.newUser("suspended")
	f.remove(gone.ID)
	suspended.Status = domain.Suspended
	must[domain.User](f)(f.create(suspended))
	acme := f.organization("acme", ada.ID)
	for name, c := range map[string]struct {
		change func(*ports.CreateOrganization)
		kind   domain.Kind
		reason domain.Reason
		field  string
	}{
		"slug in use": {func(in *ports.CreateOrganization) { in.Organization.Slug = acme.Slug }, domain.Conflict, domain.ReasonTaken, "slug"},
		"id in use":   {func(in *ports.CreateOrganization) { in.Organization.ID = acme.ID }, domain.Conflict, domain.ReasonTaken, "id"},
		"no such plan": {func(in *ports.CreateOrganization) {
			in.Organization.Plan = must[domain.PlanCode](f)(domain.ParsePlanCode("x"))
		}, domain.Invalid, domain.ReasonUnknown, "plan"},
		"no such owner": {func(in *ports.CreateOrganization) { in.Owner = nobody }, domain.Invalid, domain.ReasonUnknown, "owner"},
		"no such owner, under a key": {
			func(in *ports.CreateOrganization) { in.Owner, in.Idempotency = nobody, key() }, domain.Invalid,
			domain.ReasonUnknown, "owner",
		},
		"deleted owner": {func(in *ports.CreateOrganization) { in.Owner = gone.ID }, domain.Invalid, domain.ReasonUnknown, "owner"},
		"suspended owner": {
			func(in *ports.CreateOrganization) { in.Owner = suspended.ID }, domain.Invalid,
			domain.ReasonUnknown, "owner",
		},
	} {
		in := ports.CreateOrganization{Organization: f.newOrganization("apex", acme.Plan), Owner: ada.ID}
		c.change(&in)
		_, err := f.Organizations.CreateOrganization(f.Context(), in)
		if err == nil {
			f.Errorf("%s: it was created", name)
			continue
		}
		f.refused(err, c.kind, c.reason, c.field)
	}
	got, err := f.listedOrganizations(ports.ListOrganizations{Limit: domain.DefaultListSize})
	sameList(f, "organizations", must[[]domain.Organization](f)(got, err), []domain.Organization{acme})
}

func replacementsAreChecked(f *fixture) {
	ada, ben := f.user("ada"), f.user("ben")
	acme, apex := f.organization("acme", ada.ID), f.organization("apex", ada.ID)
	f.member(acme.ID, ben.ID, domain.Member)
	small := f.plan("small", 1)
	ok := ports.ReplaceOrganization{ID: acme.ID, Name: acme.Name, Slug: acme.Slug, Plan: acme.Plan}
	try := func(change func(*ports.ReplaceOrganization)) error {
		in := ok
		change(&in)
		_, err := f.Organizations.ReplaceOrganization(f.Context(), in)
		return err
	}
	f.absent(try(func(in *ports.ReplaceOrganization) { in.ID = nobody }))
	f.absent(try(func(in *ports.ReplaceOrganization) { in.ID, in.IfMatch = nobody, 1 }))
	f.refused(try(func(in *ports.ReplaceOrganization) { in.IfMatch = 2 }), domain.Stale, domain.ReasonVersion, "")
	f.refused(try(func(in *ports.ReplaceOrganization) { in.IfMatch, in.Idempotency = 2, key() }), domain.Stale, domain.ReasonVersion, "")
	f.absent(try(func(in *ports.ReplaceOrganization) { in.ID, in.Idempotency = nobody, key() }))
	f.refused(try(func(in *ports.ReplaceOrganization) { in.Slug = apex.Slug }), domain.Conflict, domain.ReasonTaken, "slug")
	f.refused(try(func(in *ports.ReplaceOrganization) {
		in.Plan = must[domain.PlanCode](f)(domain.ParsePlanCode("none"))
	}), domain.Invalid, domain.ReasonUnknown, "plan")
	f.refused(try(func(in *ports.ReplaceOrganization) { in.Plan = small.Code }), domain.Conflict, domain.ReasonSeats, "")
	same(f, "the stored value", must[domain.Organization](f)(f.Organizations.OrganizationByID(f.Context(), acme.ID)), acme)
}
