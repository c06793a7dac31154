package porttest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func organizationOrders() []string {
	return []string{"created_at", "-created_at", "name", "-name", "slug", "-slug"}
}

func (f *fixture) organizationOrder(text string) domain.OrganizationOrder {
	f.Helper()
	return must[domain.OrganizationOrder](f)(domain.ParseOrganizationOrder(text))
}

// inOrder compares organizations by an order.
func inOrder(order domain.OrganizationOrder) func(a, b domain.Organization) int {
	return func(a, b domain.Organization) int {
		if !order.Ascending() {
			a, b = b, a
		}
		p, q := order.Position(a), order.Position(b)
		return cmp.Or(p.At.Compare(q.At), strings.Compare(p.Key, q.Key), p.ID.Compare(q.ID))
	}
}

// organizationPages reads all pages of a list.
func (f *fixture) organizationPages(plan domain.PlanCode, order domain.OrganizationOrder, size int) []domain.Organization {
	f.Helper()
	return pages(f, size, func(last *domain.Organization, limit domain.PageSize) (ports.Page[domain.Organization], error) {
		in := ports.ListOrganizations{Plan: plan, Order: order, Limit: limit}
		if last != nil {
			in.After = new(order.Position(*last))
		}
		return f.Organizations.ListOrganizations(f.Context(), in)
	})
}

func organizationLists() []testCase {
	return []testCase{
		{"each order lists organizations by its value and then by id, both ways", organizationsAreOrdered},
		{"organizations of a plan are listed and counted", organizationsAreFiltered},
		{"a page of organizations says whether the list goes on", func(f *fixture) {
			owner := f.user("ada").ID
			f.organization("one", owner)
			f.organization("two", owner)
			for _, order := range organizationOrders() {
				for size, more := range map[int]bool{1: true, 2: false, 3: false} {
					page, err := f.Organizations.ListOrganizations(f.Context(),
						ports.ListOrganizations{Order: f.organizationOrder(order), Limit: f.size(size)})
					got := must[ports.Page[domain.Organization]](f)(page, err)
					if got.More != more || len(got.Items) != min(size, 2) {
						f.Errorf("by %s, a page of %d has %d organizations, and goes on: %t", order, size, len(got.Items), got.More)
					}
				}
			}
		}},
		{"a place in a list stays one when its organization is gone", func(f *fixture) {
			owner := f.user("ada").ID
			one, two := f.organization("one", owner), f.organization("two", owner)
			for _, order := range organizationOrders() {
				by := f.organizationOrder(order)
				last := f.organization("middle", owner)
				all := f.organizationPages(domain.PlanCode{}, by, 10)
				if err := f.deleted(last.ID, 0); err != nil {
					f.Fatal(err)
				}
				got, err := f.listedOrganizations(ports.ListOrganizations{Order: by, After: new(by.Position(last)), Limit: f.size(10)})
				sameList(f, "after the one that is gone, by "+order, must[[]domain.Organization](f)(got, err), all[1+slices.Index(all, last):])
			}
			sameList(f, "the remaining ones", f.organizationPages(domain.PlanCode{}, domain.OrganizationOrder{}, 1), []domain.Organization{two, one})
		}},
	}
}

// organizationsAreOrdered has names with cases, marks, accents and the last
// character of Unicode, which are ordered by their bytes.
func organizationsAreOrdered(f *fixture) {
	names := map[string]string{
		"a": "b", "a-b": "A", "a0": "a b", "aa": "Zoë", "0": "ab", "z-": "a-b", "z": "\u65e5\u672c", "zz": "\uffee",
		"y": "\U00010400", "last": strings.Repeat("\U0010ffff", 200), "twin": "same", "other": "same",
	}
	owner, plan := f.user("ada").ID, f.plan("free", 0).Code
	var all []domain.Organization
	for slug, name := range names {
		o := f.newOrganization(slug, plan)
		o.Name = must[domain.OrganizationName](f)(domain.ParseOrganizationName(name))
		o.CreatedAt = begin.Add(time.Duration(len(all)%4) * time.Second)
		all = append(all, must[domain.Organization](f)(f.Organizations.CreateOrganization(f.Context(),
			ports.CreateOrganization{Organization: o, Owner: owner})))
	}
	for _, name := range organizationOrders() {
		order := f.organizationOrder(name)
		want := slices.SortedFunc(slices.Values(all), inOrder(order))
		for _, size := range []int{1, 5, len(all), 1000} {
			sameList(f, "by "+name, f.organizationPages(domain.PlanCode{}, order, size), want)
		}
	}
}

func organizationsAreFiltered(f *fixture) {
	owner, free, paid := f.user("ada").ID, f.plan("free", 0), f.plan("paid", 0)
	var onFree []domain.Organization
	for _, slug := range []string{"b", "a", "c"} {
		onFree = append(onFree, f.organizationOn(free, slug, owner))
		f.organizationOn(paid, "paid-"+slug, owner)
	}
	unused := f.plan("unused", 0)
	for _, name := range organizationOrders() {
		order := f.organizationOrder(name)
		want := slices.SortedFunc(slices.Values(onFree), inOrder(order))
		for _, size := range []int{1, 2, 3} {
			sameList(f, "of a plan, by "+name, f.organizationPages(free.Code, order, size), want)
		}
		sameList(f, "of an unused plan", f.organizationPages(unused.Code, order, 2), nil)
	}
	for plan, n := range map[domain.PlanCode]int64{{}: 6, free.Code: 3, unused.Code: 0} {
		f.countsOrganizations(plan, n)
	}
	if err := f.deleted(onFree[0].ID, 0); err != nil {
		f.Fatal(err)
	}
	f.countsOrganizations(free.Code, 2)
}

// countsOrganizations fails the test unless each way of counting gives n.
func (f *fixture) countsOrganizations(plan domain.PlanCode, n int64) {
	f.Helper()
	for how, want := range map[domain.Counting]domain.Total{
		domain.CountExact:    {N: n, Kind: domain.CountExact},
		domain.CountCapped:   {N: n, Kind: domain.CountExact},
		domain.CountEstimate: {N: n, Kind: domain.CountExact},
		domain.CountNone:     {Kind: domain.CountNone},
	} {
		got, err := f.Organizations.CountOrganizations(f.Context(), plan, how)
		got = must[domain.Total](f)(got, err)
		if how == domain.CountEstimate {
			got.Kind = domain.CountExact // few items have either kind
		}
		same(f, "the count that is "+string(how), got, want)
	}
}
