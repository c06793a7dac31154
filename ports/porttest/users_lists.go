package porttest

import (
	"slices"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var orderNames = []string{"created_at", "-created_at", "updated_at", "-updated_at", "username", "-username", "email", "-email"}

func userLists() []testCase {
	return []testCase{
		{"each order lists users by its value and then by id, both ways", usersAreOrdered},
		{"users must pass all filters", usersAreFiltered},
		{"a list shows deleted users on request", deletedUsersAreListed},
		{"a page says whether the list goes on", func(f *fixture) {
			f.user("ada")
			f.user("ben")
			for _, order := range orderNames {
				for size, more := range map[int]bool{1: true, 2: false, 3: false} {
					page, err := f.Users.ListUsers(f.Context(), ports.ListUsers{Order: f.order(order), Limit: f.size(size)})
					got := must[ports.Page[domain.User]](f)(page, err)
					if got.More != more || len(got.Items) != min(size, 2) {
						f.Errorf("by %s, a page of %d has %d users, and goes on: %t", order, size, len(got.Items), got.More)
					}
				}
			}
		}},
		{"a count equals the length of the list, within its kind", usersAreCounted},
	}
}

func (f *fixture) order(text string) domain.UserOrder {
	f.Helper()
	return must[domain.UserOrder](f)(domain.ParseUserOrder(text))
}

// compare compares positions by the contract, in ascending order.
func compare(a, b domain.UserPosition) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	if a.Key != b.Key {
		if a.Key < b.Key {
			return -1
		}
		return 1
	}
	return slices.Compare(a.ID[:], b.ID[:])
}

func usersAreOrdered(f *fixture) {
	names := []string{"b", "A", "a_", "a-", "a.c", "a0", "Z", "c", "aa", "a-b"}
	users := make([]domain.User, len(names))
	for i, name := range names {
		user := f.newUser(name)
		user.CreatedAt = begin.Add(time.Duration(i%3) * time.Second)
		user.UpdatedAt = begin.Add(time.Duration(i%4) * time.Minute)
		users[i] = must[domain.User](f)(f.create(user))
	}
	for _, name := range orderNames {
		order := f.order(name)
		want := slices.SortedFunc(slices.Values(users), func(a, b domain.User) int {
			if !order.Ascending() {
				a, b = b, a
			}
			return compare(order.Position(a), order.Position(b))
		})
		sameList(f, "by "+name, must[[]domain.User](f)(f.listed(ports.ListUsers{Order: order, Limit: domain.DefaultListSize})), want)
		for _, size := range []int{1, 3, len(names)} {
			sameList(f, "page by page, by "+name, f.walked(ports.ListUsers{Order: order, Limit: f.size(size)}), want)
		}
	}
}

// walked reads a list page by page.
func (f *fixture) walked(in ports.ListUsers) []domain.User {
	f.Helper()
	var all []domain.User
	for {
		page, err := f.Users.ListUsers(f.Context(), in)
		page = must[ports.Page[domain.User]](f)(page, err)
		all = append(all, page.Items...)
		if !page.More {
			return all
		}
		last := in.Order.Position(page.Items[len(page.Items)-1])
		in.After = &last
	}
}

func usersAreFiltered(f *fixture) {
	ada, ben, eve := f.user("ada"), f.newUser("ben"), f.newUser("eve")
	ben.Status, ben.Email = domain.Suspended, must[domain.Email](f)(domain.ParseEmail("ben@Other.example"))
	eve.Email = must[domain.Email](f)(domain.ParseEmail("Eve@other.example"))
	must[domain.User](f)(f.create(ben))
	must[domain.User](f)(f.create(eve))
	other := must[domain.EmailDomain](f)(domain.ParseEmailDomain("OTHER.example"))
	suffix := must[domain.EmailDomain](f)(domain.ParseEmailDomain("example"))
	for what, filter := range map[string]struct {
		ports.UserFilter
		want []domain.User
	}{
		"nothing":                 {ports.UserFilter{}, []domain.User{eve, ben, ada}},
		"active":                  {ports.UserFilter{Status: domain.Active}, []domain.User{eve, ada}},
		"suspended":               {ports.UserFilter{Status: domain.Suspended}, []domain.User{ben}},
		"a domain":                {ports.UserFilter{EmailDomain: other}, []domain.User{eve, ben}},
		"a part of a domain":      {ports.UserFilter{EmailDomain: suffix}, nil},
		"a domain and a status":   {ports.UserFilter{EmailDomain: other, Status: domain.Active}, []domain.User{eve}},
		"from a time on":          {ports.UserFilter{CreatedFrom: ben.CreatedAt}, []domain.User{eve, ben}},
		"before a time":           {ports.UserFilter{CreatedTo: ben.CreatedAt}, []domain.User{ada}},
		"a range":                 {ports.UserFilter{CreatedFrom: ben.CreatedAt, CreatedTo: eve.CreatedAt}, []domain.User{ben}},
		"an empty range":          {ports.UserFilter{CreatedFrom: ben.CreatedAt, CreatedTo: ben.CreatedAt}, nil},
		"a domain within a range": {ports.UserFilter{EmailDomain: other, CreatedTo: eve.CreatedAt}, []domain.User{ben}},
	} {
		f.passes(what, filter.UserFilter, filter.want...)
	}
}

// passes fails the test unless exactly these users pass the filter, in every order
// of the list, and the count agrees.
func (f *fixture) passes(what string, filter ports.UserFilter, want ...domain.User) {
	f.Helper()
	for _, name := range orderNames {
		order := f.order(name)
		inOrder := slices.SortedFunc(slices.Values(want), func(a, b domain.User) int {
			if !order.Ascending() {
				a, b = b, a
			}
			return compare(order.Position(a), order.Position(b))
		})
		got := f.walked(ports.ListUsers{Filter: filter, Order: order, Limit: f.size(2)})
		sameList(f, "the users of "+what+", by "+name, got, inOrder)
	}
	total, err := f.Users.CountUsers(f.Context(), ports.CountUsers{Filter: filter, How: domain.CountExact})
	same(f, "the number of "+what, must[domain.Total](f)(total, err), domain.Total{N: int64(len(want)), Kind: domain.CountExact})
}

func deletedUsersAreListed(f *fixture) {
	ada, ben := f.user("ada"), f.user("ben")
	f.remove(ben.ID)
	gone, err := f.Users.AnyUserByID(f.Context(), ben.ID)
	gone = must[domain.User](f)(gone, err)
	if gone.DeletedAt.IsZero() {
		f.Error("a deleted user does not say when it was deleted")
	}
	f.passes("existing users", ports.UserFilter{Deleted: domain.WithoutDeleted}, ada)
	f.passes("all", ports.UserFilter{Deleted: domain.WithDeleted}, ada, gone)
	f.passes("deleted users", ports.UserFilter{Deleted: domain.OnlyDeleted}, gone)
	f.passes("deleted and suspended users", ports.UserFilter{Deleted: domain.OnlyDeleted, Status: domain.Suspended})
}

func usersAreCounted(f *fixture) {
	for _, name := range []string{"ada", "ben", "eve"} {
		f.user(name)
	}
	suspended := f.newUser("sid")
	suspended.Status = domain.Suspended
	must[domain.User](f)(f.create(suspended))
	f.remove(f.user("gone").ID)
	for how, want := range map[domain.Counting]domain.Total{
		domain.CountExact:    {N: 3, Kind: domain.CountExact},
		domain.CountCapped:   {N: 3, Kind: domain.CountExact},
		domain.CountEstimate: {N: 3, Kind: domain.CountExact},
		domain.CountNone:     {Kind: domain.CountNone},
	} {
		got, err := f.Users.CountUsers(f.Context(), ports.CountUsers{Filter: ports.UserFilter{Status: domain.Active}, How: how})
		got = must[domain.Total](f)(got, err)
		if how == domain.CountEstimate {
			got.Kind = domain.CountExact // few items have either kind
		}
		same(f, "the count that is "+string(how), got, want)
	}
}

// memberLists are the filters that need organizations.
func memberLists() []testCase {
	return []testCase{{"organization, role and plan must be met by one membership", func(f *fixture) {
		ada, ben, eve := f.user("ada"), f.user("ben"), f.user("eve")
		f.user("nowhere")
		free, paid := f.plan("free", 0), f.plan("paid", 0)
		one, two := f.organizationOn(free, "one", ada.ID), f.organizationOn(paid, "two", ben.ID)
		f.member(two.ID, ada.ID, domain.Member)
		f.member(one.ID, eve.ID, domain.Admin)
		for what, filter := range map[string]struct {
			ports.UserFilter
			want []domain.User
		}{
			"an organization":                    {ports.UserFilter{Organization: one.ID}, []domain.User{ada, eve}},
			"no organization":                    {ports.UserFilter{Organization: nobody}, nil},
			"a role":                             {ports.UserFilter{Role: domain.Owner}, []domain.User{ada, ben}},
			"a plan":                             {ports.UserFilter{Plan: paid.Code}, []domain.User{ada, ben}},
			"an organization and role":           {ports.UserFilter{Organization: two.ID, Role: domain.Owner}, []domain.User{ben}},
			"a plan and role":                    {ports.UserFilter{Plan: paid.Code, Role: domain.Member}, []domain.User{ada}},
			"an organization and another's plan": {ports.UserFilter{Organization: one.ID, Plan: paid.Code}, nil},
			"all three":                          {ports.UserFilter{Organization: two.ID, Plan: paid.Code, Role: domain.Member}, []domain.User{ada}},
			"all three, of two memberships":      {ports.UserFilter{Organization: one.ID, Plan: paid.Code, Role: domain.Owner}, nil},
			"all three and a range": {
				ports.UserFilter{Organization: two.ID, Plan: paid.Code, CreatedFrom: ben.CreatedAt},
				[]domain.User{ben},
			},
		} {
			f.passes(what, filter.UserFilter, filter.want...)
		}
	}}}
}
