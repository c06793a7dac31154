package resttest

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func testLists(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	t.Run("filters and orders reach the store", func(t *testing.T) {
		w.ask(t, "GET", "/users?status=suspended&organization="+orgID+"&role=admin&plan=team&email_domain=Example.COM"+
			"&created_from=2026-01-01T01:00:00%2B01:00&created_to=2026-02-01T00:00:00Z&deleted=include&sort=-username&limit=7", "")
		got := w.users.ListUsersCalls()[0].ListUsers
		want := ports.UserFilter{
			Deleted: domain.WithDeleted, Status: domain.Suspended, Organization: engines().ID, Role: domain.Admin, Plan: engines().Plan,
			EmailDomain: domain.MustParse(domain.ParseEmailDomain("example.com")),
		}
		if !got.Filter.CreatedFrom.Equal(instant("2026-01-01T00:00:00Z")) || !got.Filter.CreatedTo.Equal(instant("2026-02-01T00:00:00Z")) {
			t.Errorf("the range is %s to %s", got.Filter.CreatedFrom, got.Filter.CreatedTo)
		}
		want.CreatedFrom, want.CreatedTo = got.Filter.CreatedFrom, got.Filter.CreatedTo
		if got.Filter != want || got.Order.String() != "-username" || got.Limit.Int() != 7 || got.After != nil {
			t.Errorf("listed %+v", got)
		}
	})
	t.Run("a list without parameters has no filter", func(t *testing.T) {
		w := newWorld(t, edge)
		w.ask(t, "GET", "/users", "")
		if got := w.users.ListUsersCalls()[0].ListUsers; got != (ports.ListUsers{Limit: domain.DefaultListSize}) {
			t.Errorf("listed %+v", got)
		}
		if n := len(w.users.CountUsersCalls()); n > 0 {
			t.Error("it was counted without total")
		}
	})
	t.Run("a range that ends at the zero time is not open", func(t *testing.T) {
		w := newWorld(t, edge)
		w.ask(t, "GET", "/users?created_to=0001-01-01T00:00:00Z", "")
		if w.users.ListUsersCalls()[0].ListUsers.Filter.CreatedTo.IsZero() {
			t.Error("the end of the range was lost")
		}
	})
	t.Run("an unknown name is an empty array", func(t *testing.T) {
		w := newWorld(t, edge)
		none := domain.Absent("user", domain.MustParse(domain.ParseUsername("bob")))
		w.replyAll(none)
		for _, query := range []string{"username=bob", "email=bob@example.com", "external_id=hr-1"} {
			accepted(t, w.ask(t, "GET", "/users?"+query, ""), 200, "[]")
		}
	})
	t.Run("exact names and filters combine", func(t *testing.T) { testExactNames(t, edge) })
	t.Run("totals have a kind", func(t *testing.T) { testTotals(t, edge) })
	t.Run("parameters that exclude each other are refused", func(t *testing.T) { testMismatches(t, w) })
	t.Run("many ids keep their order", func(t *testing.T) { testManyIDs(t, edge) })
}

func testTotals(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	response := w.ask(t, "GET", "/users?total=exact&status=active", "")
	if got := response.Header(); got.Get("X-Total-Count") != "1815" || got.Get("X-Total-Kind") != "exact" {
		t.Errorf("the total is %q %q", got.Get("X-Total-Count"), got.Get("X-Total-Kind"))
	}
	if got := w.users.CountUsersCalls()[0].CountUsers; got.How != domain.CountExact || got.Filter.Status != domain.Active {
		t.Errorf("counted %+v", got)
	}
	reply(&w.users.CountUsersFunc, domain.Total{N: 10_000, Kind: domain.CountCapped}, nil)
	response = w.ask(t, "GET", "/users?total=capped", "")
	if got := response.Header(); got.Get("X-Total-Count") != "10000" || got.Get("X-Total-Kind") != "capped" {
		t.Errorf("the total is %q %q", got.Get("X-Total-Count"), got.Get("X-Total-Kind"))
	}
	response = w.ask(t, "GET", "/users?total=none", "")
	if got := response.Header(); got.Get("X-Total-Count") != "" || got.Get("X-Total-Kind") != "" {
		t.Errorf("there is a total without total: %v", got)
	}
	reply(&w.users.CountUsersFunc, domain.Total{}, hidden())
	refused(t, w.ask(t, "GET", "/users?total=estimate", ""), 500, "internal")
}

func testMismatches(t *testing.T, w *world) {
	for query, places := range map[string][]string{
		"username=ada&cursor=x":                             {"?cursor"},
		"username=-&email=x&external_id=%01&limit=0":        {"?username", "?email", "?external_id", "?limit"},
		"username=ada&status=asleep&sort=name&total=all":    {"?status", "?sort", "?total"},
		"changed_since=2026-01-01T00:00:00Z&status=active":  {"?changed_since"},
		"changed_since=2026-01-01T00:00:00Z&username=ada":   {"?changed_since"},
		"changed_since=2026-01-01T00:00:00Z&sort=username":  {"?changed_since"},
		"changed_since=2026-01-01T00:00:00Z&deleted=only":   {"?changed_since"},
		"changed_since=2026-01-01T00:00:00Z&total=exact":    {"?changed_since"},
		"changed_since=yesterday":                           {"?changed_since"},
		"username=-&fields=id":                              {"?username"},
		"sort=name":                                         {"?sort"},
		"sort=%2Busername":                                  {"?sort"},
		"status=asleep&role=king&total=all&deleted=yes":     {"?status", "?role", "?total", "?deleted"},
		"organization=x&plan=Team&email_domain=-&limit=0":   {"?limit", "?organization", "?plan", "?email_domain"},
		"created_from=2026-01-01&created_to=2026-13-01T0:0": {"?created_from", "?created_to"},
		"status=":                        {"?status"},
		"status=active&status=suspended": {"?status"},
	} {
		t.Run(query, func(t *testing.T) {
			refused(t, w.ask(t, "GET", "/users?"+query, ""), 400, "parameter", places...)
		})
	}
	refused(t, w.ask(t, "GET", adaPath+"?deleted=only", ""), 400, "parameter", "?deleted")
	refused(t, w.ask(t, "GET", adaOrganizations+"?sort=name", ""), 400, "parameter", "?sort")
	refused(t, w.ask(t, "GET", "/users/x/organizations?limit=0", ""), 400, "parameter", "?id", "?limit")
}

func testManyIDs(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "POST", "/users/lookup", `{"ids":["`+orgID+`","`+adaID+`"]}`)
	if got := w.users.UsersByIDCalls()[0].Ids; len(got) != 2 || got[0].String() != orgID || got[1].String() != adaID {
		t.Errorf("looked up %v", got)
	}
	for body, places := range map[string][]string{
		`{}`:                                 {"/ids"},
		`{"ids":[]}`:                         {"/ids"},
		`{"ids":null}`:                       {"/ids"},
		`{"ids":"` + adaID + `"}`:            {"/ids"},
		`{"ids":["x",1,"` + adaID + `",{}]}`: {"/ids/1", "/ids/3", "/ids/0"},
		`{"ids":["` + adaID + `"],"id":1}`:   {"/id"},
		`{"ids":[` + repeated(`"`+adaID+`"`, 1001) + `]}`: {"/ids"},
	} {
		refused(t, w.ask(t, "POST", "/users/lookup", body), 422, "invalid", places...)
	}
	if response := w.ask(t, "POST", "/users/lookup", `{"ids":[`+repeated(`"`+adaID+`"`, 1000)+`]}`); response.Code != 200 {
		t.Errorf("1,000 ids are refused: %d %s", response.Code, response.Body)
	}
	refused(t, w.ask(t, "POST", "/users/lookup", `{"ids":["`+adaID+`"`), 400, "unreadable")
}

// repeated is text, n times, separated by commas.
func repeated(text string, n int) string {
	return strings.TrimSuffix(strings.Repeat(text+",", n), ",")
}
