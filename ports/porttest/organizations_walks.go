package porttest

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func organizationWalks() []testCase {
	return []testCase{{"pages have each organization that does not move once while others write", func(f *fixture) {
		owner, plans := f.user("ada").ID, []domain.Plan{f.plan("free", 0), f.plan("paid", 0)}
		steady, made := map[[16]byte]bool{}, map[[16]byte]bool{}
		for i := range steadyUsers {
			id := f.atPlace(plans[0].Code, fmt.Sprintf("s%02d-steady", i*7%steadyUsers), i, owner).ID
			steady[id], made[id] = true, true
		}
		d := &renaming{fixture: f, owner: owner, plans: plans}
		for w := range walkWriters {
			d.moving = append(d.moving, nil)
			d.passing = append(d.passing, f.newOrganization(fmt.Sprintf("passing%d", w), plans[0].Code))
			for i := range movingUsers {
				id := f.atPlace(plans[1].Code, fmt.Sprintf("s%02d-moving%d", i*3, w), i, owner).ID
				d.moving[w] = append(d.moving[w], id)
				made[id] = true // its creation time does not change
			}
		}
		defer f.meanwhile(walkWriters, d.write)()
		for _, name := range organizationOrders() {
			order, expected := f.organizationOrder(name), steady
			if order.By() == domain.OrganizationsByCreated {
				expected = made
			}
			id := func(o domain.Organization) [16]byte { return o.ID }
			for _, size := range []int{1, 4, 50} {
				metOnce(f, fmt.Sprintf("by %s, in pages of %d", name, size), f.organizationPages(domain.PlanCode{}, order, size), id,
					inOrder(order), expected)
			}
			metOnce(f, "of a plan, by "+name, f.organizationPages(plans[0].Code, order, 3), id, inOrder(order), steady)
		}
	}}}
}

// atPlace makes one of the organizations that share a time with others.
func (f *fixture) atPlace(plan domain.PlanCode, slug string, n int, owner domain.UserID) domain.Organization {
	f.Helper()
	o := f.newOrganization(slug, plan)
	o.CreatedAt = moment(n)
	return must[domain.Organization](f)(f.Organizations.CreateOrganization(f.Context(),
		ports.CreateOrganization{Organization: o, Owner: owner}))
}

// renaming writes organizations; each writer has its own.
type renaming struct {
	*fixture
	owner   domain.UserID
	plans   []domain.Plan
	moving  [][]domain.OrganizationID
	passing []domain.Organization
}

// write moves an organization to another position in every order but that of
// creation, and to another plan. It also adds and deletes an organization.
func (r *renaming) write(w int, random *rand.Rand) error {
	id := r.moving[w][random.IntN(len(r.moving[w]))]
	place := fmt.Sprintf("s%02d-m%d-%d", random.IntN(steadyUsers), w, id[15])
	slug, err := domain.ParseSlug(place)
	if err != nil {
		return err
	}
	name, err := domain.ParseOrganizationName("The " + place)
	if err != nil {
		return err
	}
	in := ports.ReplaceOrganization{ID: id, Name: name, Slug: slug, Plan: r.plans[random.IntN(len(r.plans))].Code}
	if _, err := r.Organizations.ReplaceOrganization(r.Context(), in); err != nil {
		return err
	}
	passing := r.passing[w]
	binary.NativeEndian.PutUint64(passing.ID[1:], random.Uint64())
	passing.CreatedAt = moment(random.IntN(moments))
	if _, err := r.Organizations.CreateOrganization(r.Context(), ports.CreateOrganization{Organization: passing, Owner: r.owner}); err != nil {
		return err
	}
	return r.deleted(passing.ID, 0)
}
