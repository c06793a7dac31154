package resttest

import (
	"bytes"
	"context"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// defaults are the parameters of a list with their default values, which generated
// clients send with each request.
const defaults = "&limit=50&sort=-created_at&total=none"

func testExactNames(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	ada := "[" + adaJSON + "]"
	for query, want := range map[string]string{
		"username=ADA" + defaults + "&deleted=exclude":                            ada,
		"email=Ada@example.com&sort=email&limit=1":                                ada,
		"external_id=hr-1815&fields=id":                                           `[{"id":"` + adaID + `"}]`,
		"username=ada&email=ada@example.com":                                      ada,
		"username=ada&email=bob@example.com":                                      "[]",
		"email=ada@example.com&external_id=hr-1":                                  "[]",
		"username=ada&created_from=2026-01-01T00:00:02Z&organization=" + orgID:    "[]",
		"username=ada&created_to=2026-01-01T00:00:01Z":                            "[]",
		"changed_since=2026-01-01T00:00:00Z&deleted=exclude&fields=id" + defaults: "[]",
	} {
		accepted(t, w.ask(t, "GET", "/users?"+query, ""), 200, want)
	}
	if n := len(w.users.ListUsersCalls()); n > 0 {
		t.Errorf("%d lists were read without need", n)
	}
	for _, query := range []string{"total=exact", "total=estimate", "total=capped"} {
		got := w.ask(t, "GET", "/users?username=ada&"+query, "").Header()
		if got.Get("X-Total-Count") != "1" || got.Get("X-Total-Kind") != "exact" {
			t.Errorf("the total is %q %q", got.Get("X-Total-Count"), got.Get("X-Total-Kind"))
		}
	}
	testNamesAndFilters(t, w)
}

// testNamesAndFilters asks for a user by name and by filters that only the store knows.
// Others were created in the same instant, with smaller and greater ids.
func testNamesAndFilters(t *testing.T, w *world) {
	for _, last := range []byte{0x57, 0xff} {
		named := ada()
		named.ID[15] = last
		greater, smaller := named, named
		greater.ID[0], smaller.ID[0] = 0xff, 0
		reply(&w.users.UserByUsernameFunc, named, nil)
		for passing, want := range map[*domain.User]int{&named: 1, &greater: 0, &smaller: 0} {
			w.users.ListUsersFunc = func(_ context.Context, in ports.ListUsers) (ports.Page[domain.User], error) {
				if got := in.Filter; got.Role != domain.Admin || got.Plan != team().Code || !got.CreatedFrom.Equal(named.CreatedAt) {
					t.Errorf("listed %+v", in)
				}
				if !in.After.At.Equal(passing.CreatedAt) || bytes.Compare(passing.ID[:], in.After.ID[:]) >= 0 {
					return ports.Page[domain.User]{}, nil
				}
				return ports.Page[domain.User]{Items: []domain.User{*passing}}, nil
			}
			response := w.ask(t, "GET", "/users?username=ada&fields=username&role=admin&plan=team", "")
			accepted(t, response, 200, map[int]string{0: "[]", 1: `[{"username":"ada"}]`}[want])
		}
	}
	reply(&w.users.ListUsersFunc, ports.Page[domain.User]{}, hidden())
	refused(t, w.ask(t, "GET", "/users?username=ada&role=admin", ""), 500, "internal")
}
